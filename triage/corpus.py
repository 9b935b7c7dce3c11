"""From the database to what the learning room reads. Nobody else turns tickets into texts and examples."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left

from common.kept import Given, Kept
from tickets.choices import DONE_STATUSES, ActorKind, Priority
from tickets.models import Category, Message, Ticket
from tickets.models.ticket import TicketQuerySet

from .learn.base import Example
from .models import Suggestion, Target

MOST = 20_000  # rows: the newest say what the company is like today
LONGEST = 8_000  # characters of a body; the learning room reads no further

# A guess of the model counts as taught only when somebody had the ticket in hand and finished it so.
_DONE_IN_HAND = Q(status__in=DONE_STATUSES, assignee__isnull=False)


def words_of(ticket: Ticket) -> tuple[str, str]:
    """(title, body): the subject and what the customer wrote first."""
    return ticket.subject, _FIRST.first(ticket=ticket.pk) or ""


_FIRST = Kept(lambda: _first_words().filter(ticket=Given("ticket")).values_list(Left("text", LONGEST), flat=True)[:1])


def examples(target: str) -> list[Example]:
    """The newest decided tickets, labelled by slugs, so that a model outlives re-created rows."""
    return list(_EXAMPLES[Target(target)](_learned_from()))


def exam(target: str) -> list[Example]:
    """The decided tickets that nothing is learned from: what a model is examined on."""
    return list(_EXAMPLES[Target(target)](Ticket.objects.exclude(exam=None)))


def parents() -> dict[str, str | None]:
    """The category tree: slug → slug of the parent."""
    return dict(Category.objects.values_list("slug", "parent__slug"))


def solved() -> tuple[list[int], list[str]]:
    """(ids, texts) of the newest done tickets, for the search of similar ones."""
    newest = _learned_from().done().order_by(F("resolved_at").desc(nulls_last=True), "-pk")
    rows = list(newest.values_list("pk", "subject", _words())[:MOST])
    return [pk for pk, _, _ in rows], [f"{subject}\n{words}" for _, subject, words in rows]


def solved_since(moment: datetime | None) -> int:
    """How many tickets were resolved after `moment`; all of them without one."""
    done = _learned_from().done()
    return (done.filter(resolved_at__gt=moment) if moment else done).count()


def _learned_from() -> TicketQuerySet:
    return Ticket.objects.filter(exam=None)


def _categorised(among: TicketQuerySet) -> Iterator[Example]:
    taught = ~Q(category_by=ActorKind.MODEL) | _DONE_IN_HAND | _accepted(Target.CATEGORY)
    tickets = among.filter(taught, category__is_active=True)
    for title, body, label, at in _rows(tickets, "category__slug"):
        yield Example(title, body, label, at.timestamp())


def _prioritised(among: TicketQuerySet) -> Iterator[Example]:
    chosen = ~Q(priority_by__in=["", ActorKind.MODEL])
    # Nobody touched the usual priority: that tells something only of an import or of finished work.
    told = Q(priority_by="") & (~Q(priority=Priority.NORMAL) | ~Q(source=""))
    taught = chosen | told | _DONE_IN_HAND | _accepted(Target.PRIORITY)
    for title, body, level, at in _rows(among.filter(taught), "priority"):
        yield Example(title, body, Priority(level).slug, at.timestamp())


_EXAMPLES = {Target.CATEGORY: _categorised, Target.PRIORITY: _prioritised}


def _accepted(target: str) -> Q:
    kept = Suggestion.objects.filter(ticket=OuterRef("pk"), target=target, state=Suggestion.State.ACCEPTED)
    return Q(Exists(kept))


def _rows(tickets: TicketQuerySet, label: str) -> Iterator[tuple]:
    newest = tickets.order_by("-created_at", "-pk")
    return newest.values_list("subject", _words(), label, "created_at")[:MOST].iterator(2000)


def _words() -> Coalesce:
    first = _first_words().filter(ticket=OuterRef("pk")).values(start=Left("text", LONGEST))
    return Coalesce(Subquery(first[:1]), Value(""))


def _first_words() -> "QuerySet[Message]":
    return Message.objects.filter(author=ActorKind.CUSTOMER, is_public=True).order_by("created_at", "pk")
