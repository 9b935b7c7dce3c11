from .customer import Customer, Identity, Organisation
from .session import CustomerSession, SignInLink
from .team import Team
from .user import Presence, Role, User

__all__ = [
    "Customer",
    "CustomerSession",
    "Identity",
    "Organisation",
    "Presence",
    "Role",
    "SignInLink",
    "Team",
    "User",
]
