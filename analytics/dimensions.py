"""By what figures can be laid side by side: teams, kinds of problem, days, …"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from django.db.models import Case, DateField, Expression, F, IntegerField, Value, When
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, Trunc
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.registry import Registry
from tickets.choices import Priority

from .cohorts import Cohort
from .filters import NONE, Choices, Filter
from .period import DAY
from .units import duration


@dataclass(frozen=True, kw_only=True)
class Dimension:
    name: str
    label: str | Promise
    is_ordered: bool = True  # its keys have an order of their own; else the largest comes first

    def fits(self, cohort: Cohort) -> bool:
        raise NotImplementedError

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        """What rows are grouped by."""
        raise NotImplementedError

    def read(self, told: Any) -> Any:
        """A key as it was, from the JSON in which it comes."""
        return told

    def expected(self, wanted: Filter) -> Sequence[Any]:
        """Keys that are shown even where nothing happened."""
        return []

    def word(self, key: Any, choices: Choices) -> str:
        """For the address of a filter of the dimension's name; '' where there is none."""
        return ""

    def label_of(self, key: Any, choices: Choices) -> str:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Part(Dimension):
    """A part of the desk: a column of the fact that the filter knows, too."""

    column: str
    is_ordered: bool = False

    def fits(self, cohort: Cohort) -> bool:
        return cohort.of_tickets

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        return F(self.column)

    def word(self, key: Any, choices: Choices) -> str:
        if self.name not in choices.words:
            return str(key)
        return NONE if key is None else choices.words[self.name].get(key, "")

    def label_of(self, key: Any, choices: Choices) -> str:
        return choices.label(self.name, self.word(key, choices)) or str(key)


@dataclass(frozen=True, kw_only=True)
class Urgency(Dimension):
    def fits(self, cohort: Cohort) -> bool:
        return cohort.of_tickets

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        return F("priority")

    def expected(self, wanted: Filter) -> Sequence[int]:
        return sorted(Priority, reverse=True)

    def label_of(self, key: int, choices: Choices) -> str:
        return str(Priority(key).label)


@dataclass(frozen=True, kw_only=True)
class Time(Dimension):
    """A stretch of the calendar, by its first day."""

    kind: str  # as PostgreSQL's date_trunc calls it
    first_day: Callable[[date], date] = lambda day: day

    def fits(self, cohort: Cohort) -> bool:
        return bool(cohort.at)

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        return Trunc(cohort.at, self.kind, output_field=DateField(), tzinfo=zone)

    def read(self, told: str) -> date:
        return date.fromisoformat(told[:10])

    def expected(self, wanted: Filter) -> Sequence[date]:
        return list(dict.fromkeys(self.first_day(day) for day in wanted.period.days(wanted.zone)))

    def label_of(self, key: date, choices: Choices) -> str:
        return date_format(key, "YEAR_MONTH_FORMAT" if self.kind == "month" else "SHORT_DATE_FORMAT")


@dataclass(frozen=True, kw_only=True)
class Habit(Dimension):
    """What comes round again: weekdays (1 is Monday), hours of the day (0 to 23)."""

    of: Callable[..., Expression]
    keys: range
    shown: Callable[[int], str]

    def fits(self, cohort: Cohort) -> bool:
        return bool(cohort.at)

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        return self.of(cohort.at, tzinfo=zone)

    def expected(self, wanted: Filter) -> Sequence[int]:
        return self.keys

    def label_of(self, key: int, choices: Choices) -> str:
        return self.shown(key)


@dataclass(frozen=True, kw_only=True)
class Wait(Dimension):
    """How long the first reply took: within each of `LIMITS`, or longer (the last number). Unanswered: not told."""

    LIMITS = (10 * 60, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 3 * 24 * 3600)  # seconds

    def fits(self, cohort: Cohort) -> bool:
        return cohort.of_tickets

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        within = [When(first_response_seconds__lte=limit, then=Value(n)) for n, limit in enumerate(self.LIMITS)]
        return Case(
            When(first_response_seconds=None, then=Value(-1)),
            *within,
            default=Value(len(self.LIMITS)),
            output_field=IntegerField(),
        )

    def label_of(self, key: int, choices: Choices) -> str:
        if key < 0:
            return str(_("no reply"))
        if key == len(self.LIMITS):
            return f"> {duration(self.LIMITS[-1])}"
        return f"≤ {duration(self.LIMITS[key])}"


@dataclass(frozen=True, kw_only=True)
class WeekHour(Dimension):
    """The hour of the week, 24 × (weekday − 1) + hour: when people write."""

    def fits(self, cohort: Cohort) -> bool:
        return bool(cohort.at)

    def key(self, cohort: Cohort, zone: tzinfo) -> Expression | F:
        day, hour = ExtractIsoWeekDay(cohort.at, tzinfo=zone), ExtractHour(cohort.at, tzinfo=zone)
        return (day - Value(1)) * Value(24) + hour

    def expected(self, wanted: Filter) -> Sequence[int]:
        return range(7 * 24)

    def label_of(self, key: int, choices: Choices) -> str:
        return f"{WEEKDAYS_ABBR[key // 24]} {key % 24}:00"


dimensions: Registry[Dimension] = Registry("dimension")

for _part in (
    Part(name="team", label=_("Team"), column="team_id"),
    Part(name="agent", label=_("Agent"), column="agent_id"),
    Part(name="category", label=_("Category"), column="category_id"),
    Part(name="channel", label=_("Channel"), column="channel"),
    Part(name="language", label=_("Language"), column="language"),
    Urgency(name="priority", label=_("Priority")),
    Time(name="day", label=_("Day"), kind="day"),
    Time(name="week", label=_("Week"), kind="week", first_day=lambda day: day - day.weekday() * DAY),
    Time(name="month", label=_("Month"), kind="month", first_day=lambda day: day.replace(day=1)),
    Habit(
        name="weekday",
        label=_("Weekday"),
        of=ExtractIsoWeekDay,
        keys=range(1, 8),
        shown=lambda day: str(WEEKDAYS[day - 1]),
    ),
    Habit(name="hour", label=_("Hour"), of=ExtractHour, keys=range(24), shown=lambda hour: f"{hour}:00"),
    Wait(name="wait", label=_("First reply")),
    WeekHour(name="week_hour", label=_("Hour of the week")),
):
    dimensions.register(_part)
