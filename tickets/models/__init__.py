from .category import Category, Skill
from .draft import Draft
from .event import Event, Pending
from .message import Attachment, Message
from .survey import Survey, SurveySettings
from .text import TicketText
from .ticket import Ticket

__all__ = [
    "Attachment",
    "Category",
    "Draft",
    "Event",
    "Message",
    "Pending",
    "Skill",
    "Survey",
    "SurveySettings",
    "Ticket",
    "TicketText",
]
