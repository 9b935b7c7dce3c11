"""What a manager decides about mail that was set aside. Nothing is ever deleted."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from tickets.errors import DomainError
from tickets.links import Claim

from . import mail
from .mime import Mail
from .models import Inbound

# Reading these hurt a reader before: it happens in a worker with limits, never in a page's process.
UNREADABLE = ("too_large", "unreadable")


class AlreadyDecided(DomainError):
    def __str__(self) -> str:
        return _("Someone has decided about this mail already. Reload the page to see what became of it.")


class ClaimsNothing(DomainError):
    def __str__(self) -> str:
        return _("This mail answers no ticket of ours, or has no words to add. Make a new ticket of it instead.")


class CannotBeRead(DomainError):
    def __str__(self) -> str:
        return _("This mail could not be read. Try to read it again, or download it.")


def is_readable(inbound: Inbound) -> bool:
    return inbound.rule not in UNREADABLE


def read(inbound: Inbound) -> tuple[Mail, Claim | None]:
    """What the mail says and the ticket it claims. Raises `CannotBeRead`."""
    if not is_readable(inbound):
        raise CannotBeRead
    message = mail.parsed(inbound)
    return message, mail.claimed(message)


def make_ticket(pk: int, *, by: User) -> Inbound:
    """A new ticket of the sender; nothing is sent for it until someone answers."""
    with _undecided(pk) as inbound:
        message, _claim = read(inbound)
        mail.open_ticket(inbound, message, by=by, quiet="released")
    return inbound


def append(pk: int, *, by: User) -> Inbound:
    """Into the ticket it claims, as the words of whoever sent it. Raises `ClaimsNothing`."""
    with _undecided(pk) as inbound:
        message, claim = read(inbound)
        if claim is None or not mail.append(inbound, message, claim, author=mail.sender_of(message), by=by):
            raise ClaimsNothing
    return inbound


def drop(pk: int, *, by: User) -> Inbound:
    """Out of the way, and kept."""
    with _undecided(pk) as inbound:
        inbound.settle(Inbound.State.DROPPED, rule=inbound.rule, error=inbound.error, by=by)
    return inbound


def read_again(pk: int) -> Inbound:
    """Back to the workers, for instance with a higher limit of size."""
    with _undecided(pk) as inbound:
        inbound.retry()
    return inbound


@contextmanager
def _undecided(pk: int) -> Iterator[Inbound]:
    """The row, locked, in a transaction. Raises `AlreadyDecided` and `Inbound.DoesNotExist`."""
    with transaction.atomic():
        inbound = Inbound.objects.select_for_update(of=("self",)).get(pk=pk, channel=mail.CHANNEL)
        if not inbound.is_set_aside:
            raise AlreadyDecided
        yield inbound
