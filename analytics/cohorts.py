"""Which tickets a period means: those that came in it, were resolved in it, were open at its end, …"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from knowledge.models import Deflection

from .filters import Filter
from .models import Fact
from .period import Period

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Cohort:
    """`rows` are those that the filter and the period mean; nothing where the filter cannot be asked of them.

    `at` is the column by which they belong to a day.
    """

    name: str
    at: str
    rows: Callable[[Filter, Period], Rows | None]
    of_tickets: bool = True  # else there is no ticket behind a figure


def _by(column: str) -> Callable[[Filter, Period], Rows]:
    """Facts whose moment of that name lies in the period."""

    def rows(wanted: Filter, period: Period) -> Rows:
        within = Q(**{f"{column}__gte": period.start, f"{column}__lt": period.end})
        return Fact.objects.filter(wanted.condition, within)

    return rows


def _open_at_the_end(wanted: Filter, period: Period) -> Rows:
    """As far as one can see from today: a ticket reopened later counts as open all the while."""
    unresolved = Q(resolved_at=None) | Q(resolved_at__gte=period.end)
    return Fact.objects.filter(wanted.condition, unresolved, created_at__lt=period.end)


def _deflections(wanted: Filter, period: Period) -> Rows | None:
    """Readers of articles: of them we know the day and the language, and no team, agent, category or channel."""
    if set(wanted.words) - {"language"}:
        return None
    return Deflection.objects.filter(wanted.condition, at__gte=period.start, at__lt=period.end)


CREATED = Cohort("created", "created_at", _by("created_at"))
RESOLVED = Cohort("resolved", "resolved_at", _by("resolved_at"))
SURVEYED = Cohort("surveyed", "surveyed_at", _by("surveyed_at"))
RATED = Cohort("rated", "rated_at", _by("rated_at"))
OPEN = Cohort("open", "", _open_at_the_end)
DEFLECTED = Cohort("deflected", "at", _deflections, of_tickets=False)
