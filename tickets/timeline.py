"""A ticket's conversation and history as one list, in the order it happened."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .choices import ActorKind
from .history import kinds
from .models import Event, Message, Ticket
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

    def follows(self, last: "Entry") -> bool:
        return self.event.at - last.event.at < IN_ONE_GO


def entries(
    ticket: Ticket, names: Names, *, after: int = 0, public: bool = False, everything: bool = False
) -> list[Entry]:
    """Events after the id `after`; two statements. `public` leaves out what a customer must not see."""
    rows = ticket.events.filter(pk__gt=after).select_related("message__user", "message__customer", "user", "customer")
    rows = rows.prefetch_related("message__attachments").order_by("-pk")
    if public:
        rows = rows.filter(kind__in=[kind.name for kind in kinds if kind.public])
        rows = rows.exclude(message__is_public=False)
    found: Iterable[Event] = reversed(rows if everything else rows[:NEWEST])
    return _folded([_entry(event, names) for event in found])


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


def _entry(event: Event, names: Names) -> Entry:
    kind = kinds.get(event.kind)
    return Entry(
        event=event,
        message=event.message,
        icon=kind.icon if kind else "circle",
        who=_actor_name(event),
        told=kind.tell(event.data, names) if kind else event.kind,
    )


def _actor_name(event: Event) -> str:
    if event.actor == ActorKind.MODEL:
        return _("Triage")
    if event.actor == ActorKind.RULE:
        return _("A rule")
    if event.actor == ActorKind.SYSTEM:
        return pgettext("who did it", "The system")
    return str(event.user or event.customer or _("Someone who is gone"))
