"""A ticket's conversation and history as one list, in the order it happened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.kept import Given, Kept
from people.models import Customer

from .choices import ActorKind
from .history import kinds
from .models import Attachment, Event, Message, Ticket
from .names import Names

IN_ONE_GO = timedelta(minutes=2)
NEWEST = 200  # entries shown at first; the rest is one click away


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a reader sees it: a message in full, or a line that tells what was done."""

    event: Event
    message: Message | None
    icon: str
    who: str
    told: str
    files: list[Attachment]

    def follows(self, last: "Entry") -> bool:
        return self.event.at - last.event.at < IN_ONE_GO


def entries(
    ticket: Ticket, names: Names, *, after: int = 0, public: bool = False, everything: bool = False
) -> list[Entry]:
    """Events after the id `after`; two statements, and one if another customer wrote in this ticket, too.

    `public` leaves out what a customer must not see.
    """
    found = _events(public, everything)(ticket=ticket.pk, after=after)[::-1]
    files = files_of(ticket.pk) if any(event.message_id for event in found) else {}
    _name(found, ticket, names)
    return _folded([_entry(event, names, files.get(event.message_id or 0, [])) for event in found])


def files_of(ticket_id: int) -> dict[int, list[Attachment]]:
    """By the id of their message: one statement."""
    files: dict[int, list[Attachment]] = {}
    for file in _FILES(ticket=ticket_id):
        files.setdefault(file.message_id, []).append(file)
    return files


_FILES = Kept(lambda: Attachment.objects.filter(message__ticket=Given("ticket")).order_by("pk"))


@cache
def _events(public: bool, everything: bool) -> Kept[Event]:
    def build() -> "QuerySet[Event]":
        rows = Event.objects.filter(ticket=Given("ticket"), pk__gt=Given("after")).select_related("message")
        if public:
            rows = rows.filter(kind__in=[kind.name for kind in kinds if kind.public])
            rows = rows.exclude(message__is_public=False)
        rows = rows.order_by("-pk")
        return rows if everything else rows[:NEWEST]

    return Kept(build)


def _name(events: Sequence[Event], ticket: Ticket, names: Names) -> None:
    """Gives the events who did them. It is nearly always the staff, or the one customer who is at hand."""
    writers = {event.customer_id for event in events} - {None, ticket.customer_id}
    customers = Customer.objects.prefetch_related("identities").in_bulk(writers) if writers else {}
    customers[ticket.customer_id] = ticket.customer
    for event in events:
        event.user = names.person(event.user_id)
        event.customer = customers.get(event.customer_id or 0)


def _folded(found: list[Entry]) -> list[Entry]:
    """What one person did in one go stands on one line."""
    folded: list[Entry] = []
    for entry in found:
        last = folded[-1] if folded else None
        if last and not last.message and not entry.message and last.who == entry.who and entry.follows(last):
            folded[-1] = replace(entry, icon=last.icon, told=_(", ").join([last.told, entry.told]))
        else:
            folded.append(entry)
    return folded


def _entry(event: Event, names: Names, files: list[Attachment]) -> Entry:
    kind = kinds.get(event.kind)
    return Entry(
        event=event,
        message=event.message,
        icon=kind.icon_for(event.data) if kind else "circle",
        who=_actor_name(event),
        told=kind.tell(event.data, names) if kind else event.kind,
        files=files,
    )


def _actor_name(event: Event) -> str:
    if event.actor == ActorKind.MODEL:
        return _("Triage")
    if event.actor == ActorKind.RULE:
        return _("A rule")
    if event.actor == ActorKind.SYSTEM:
        return pgettext("who did it", "The system")
    return str(event.user or event.customer or _("Someone who is gone"))
