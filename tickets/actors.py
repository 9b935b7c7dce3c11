"""Who did it."""

from dataclasses import dataclass

from people.access import TicketPass
from people.models import Customer, User

from .choices import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    user: User | None = None
    customer: Customer | None = None


MODEL = Actor(ActorKind.MODEL)
SYSTEM = Actor(ActorKind.SYSTEM)
By = Actor | User | Customer | TicketPass


def actor(by: By) -> Actor:
    if isinstance(by, Actor):
        return by
    if isinstance(by, User):
        return Actor(ActorKind.PERSON, user=by)
    return Actor(ActorKind.CUSTOMER, customer=by.customer if isinstance(by, TicketPass) else by)
