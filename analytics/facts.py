"""Keeps a fact for each ticket: made anew from the history, so that repetition and order never matter.

All writers share one lock. A fact is then never overwritten by what an earlier look at the history made of it.
"""

from collections.abc import Collection, Iterator

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from tickets.models import Event, Pending, Ticket
from tickets.work import work_off

from .history import KINDS, Happened, State, told
from .models import Edition, Fact

log = structlog.get_logger(__name__)

CONSUMER = "facts"
BATCH = 1000  # tickets, or owed events, in one transaction
LOCK = "analytics.facts"

_STATE = [
    "pk",
    "created_at",
    "channel",
    "language",
    "priority",
    "category_id",
    "team_id",
    "assignee_id",
    "resolved_at",
]
_HAPPENED = ["kind", "actor", "user_id", "data", "at"]
_COLUMNS = [field.name for field in Fact._meta.concrete_fields if not field.primary_key]


def rebuild(tickets: "QuerySet[Ticket] | None" = None) -> int:
    """Makes the facts of these tickets, or of all, anew; returns how many. Four statements for a thousand tickets."""
    made = 0
    for pks in _by_the_thousand(Ticket.objects.all() if tickets is None else tickets):
        with transaction.atomic():
            _wait_for_others()
            made += _make(pks)
    return made


def handle(event: Event) -> None:
    """The consumer, one event at a time."""
    _wait_for_others()
    _make([event.ticket_id])


def catch_up() -> None:
    """Works off what is owed by the thousand: the events of one ticket cost one look at it.

    Where a batch fails, its events are taken one by one, so that a broken one waits and the others do not.
    """
    try:
        while _take_batch():
            pass
    except Exception:  # whatever it was, the one by one knows which event has it and keeps the reason
        log.exception("facts_batch_failed")
        work_off(CONSUMER)


def fill_gaps() -> int:
    """Makes facts for tickets that have none: those stored in bulk owe nobody an event. Returns how many."""
    without = Ticket.objects.filter(fact=None).order_by("pk").values_list("pk", flat=True)
    return rebuild(Ticket.objects.filter(pk__in=list(without[: 10 * BATCH])))


def _take_batch() -> bool:
    """Whether there may be more: a full batch was done."""
    with transaction.atomic():
        if not _is_alone():
            return False
        due = Pending.objects.due(CONSUMER).filter(attempts__lt=Pending.MOST_ATTEMPTS)
        owed = due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "event__ticket_id")[:BATCH]
        taken = dict(owed)
        _make(set(taken.values()))
        Pending.objects.filter(pk__in=taken).delete()
    return len(taken) == BATCH


def _make(pks: Collection[int]) -> int:
    histories = _histories(pks)
    rows = Ticket.objects.filter(pk__in=pks).values_list(*_STATE)
    facts = [Fact(**told(state, histories.get(state.pk, []))) for state in (State(*row) for row in rows)]
    Fact.objects.bulk_create(facts, update_conflicts=True, unique_fields=["ticket"], update_fields=_COLUMNS)
    Edition.turn()
    return len(facts)


def _histories(pks: Collection[int]) -> dict[int, list[Happened]]:
    events = Event.objects.filter(ticket_id__in=pks, kind__in=KINDS).order_by("ticket_id", "pk")
    histories: dict[int, list[Happened]] = {}
    for ticket_id, *happened in events.values_list("ticket_id", *_HAPPENED):
        histories.setdefault(ticket_id, []).append(Happened(*happened))
    return histories


def _by_the_thousand(tickets: "QuerySet[Ticket]") -> Iterator[list[int]]:
    rows, last = tickets.order_by("pk").values_list("pk", flat=True), 0
    while pks := list(rows.filter(pk__gt=last)[:BATCH]):
        yield pks
        last = pks[-1]


def _wait_for_others() -> None:
    """Until the end of this transaction nobody else makes facts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def _is_alone() -> bool:
    """The same without waiting: whoever has the lock takes what is owed, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
        return bool(cursor.fetchone()[0])
