from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.html import from_text
from tickets.choices import DONE_STATUSES
from tickets.models import Message
from tickets.timeline import Entry
from tickets.views.customer import Door

register = template.Library()


@register.filter
def as_html(message: Message) -> SafeString:
    """What was written, with its structure: HTML was cleaned on the way in, plain text is made HTML here."""
    return mark_safe(message.html or from_text(message.text))  # noqa: S308


@register.simple_tag
def url_at(door: Door, part: str, *more: str) -> str:
    return door.url(part, *more)


@register.simple_tag
def turn(entry: Entry) -> str:
    """Who ended or reopened it, as the customer reads it."""
    done = entry.event.data["to"] in [str(status) for status in DONE_STATUSES]
    text = _("%(who)s marked it as solved") if done else _("%(who)s opened it again")
    return text % {"who": entry.who}
