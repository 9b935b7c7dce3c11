"""The three reports: which figures each shows, and in which order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tickets.models import Survey

from . import plots
from .cards import Cards
from .filters import Filter
from .models import Fact
from .plots import Sketch
from .reckoning import Question, Reckoning
from .solutions import standings
from .tables import COLUMNS, Table

COMMENTS = 6


@dataclass(frozen=True, kw_only=True)
class Report:
    """`cards` are rows of figures, `sketches` charts and `tables` questions by the name that the template knows.

    `more` is asked with statements of its own.
    """

    name: str
    cards: tuple[tuple[str, ...], ...]
    sketches: Mapping[str, Sketch]
    tables: Mapping[str, Question]
    more: Mapping[str, Callable[[Filter], Any]] = field(default_factory=dict)

    def told(self, wanted: Filter, here: str) -> dict[str, Any]:
        """What the template shows. All figures come from one statement."""
        reckoning = Reckoning(wanted)
        names = tuple(name for row in self.cards for name in row)
        asked = {name: sketch.asks(wanted) for name, sketch in self.sketches.items()}
        reckoning.ask(Question(names), *asked.values(), *self.tables.values())
        figures, make = reckoning.figures(*names), Cards(wanted, reckoning.assumptions)
        return {
            "cards": [[make.of(figures[name]) for name in row] for row in self.cards],
            **{name: sketch.draws(wanted, reckoning.groups(asked[name])) for name, sketch in self.sketches.items()},
            **{name: Table(wanted, each, reckoning.groups(each), here) for name, each in self.tables.items()},
            **{name: ask(wanted) for name, ask in self.more.items()},
        }


def _comments(wanted: Filter) -> list[Survey]:
    """The newest words of customers who were not content. One statement."""
    period = wanted.period
    low = Survey.objects.filter(score__lte=2, answered_at__gte=period.start, answered_at__lt=period.end)
    low = low.exclude(comment="").select_related("ticket")
    if wanted.words:
        low = low.filter(ticket__in=Fact.objects.filter(wanted.condition).values("ticket"))
    return list(low.order_by("-answered_at", "-pk")[:COMMENTS])


OVERVIEW = Report(
    name="overview",
    cards=(
        (
            "created",
            "resolved",
            "backlog",
            "backlog_age",
            "satisfaction",
            "response_rate",
            "service_level_response",
            "cost_benefit",
        ),
        (
            "first_response",
            "first_response_p90",
            "resolution",
            "resolution_p90",
            "service_level_resolution",
            "reopened",
            "deflected_confirmed",
            "deflected_maybe",
        ),
    ),
    sketches={"flow": plots.FLOW},
    tables={
        "categories": Question(("created", "first_response", "satisfaction"), "category"),
        "channels": Question(("created",), "channel"),
    },
)
SATISFACTION = Report(
    name="satisfaction",
    cards=(("satisfaction", "response_rate", "low_scores", "reopened"),),
    sketches={"score": plots.SCORE, "patience": plots.PATIENCE},
    tables={
        "categories": Question(("satisfaction",), "category"),
        "teams": Question(("satisfaction", "low_scores", "response_rate"), "team"),
    },
    more={"comments": _comments},
)
EFFICIENCY = Report(
    name="efficiency",
    cards=(
        (
            "expected_response",
            "service_level_response",
            "service_level_resolution",
            "throughput",
            "first_response",
            "first_response_p90",
            "resolution",
            "resolution_p90",
            "coverage",
            "overrides",
            "solutions_used",
            "solutions_worked",
        ),
    ),
    sketches={"waits": plots.WAITS, "hours": plots.HOURS},
    tables={"teams": Question(COLUMNS["team"], "team"), "agents": Question(COLUMNS["agent"], "agent")},
    more={"articles": standings},
)
