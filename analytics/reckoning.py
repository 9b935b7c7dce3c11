"""Reckons any number of metrics, as a whole and by any dimensions, in one statement.

A small sum for each cohort and period is laid end to end with the others. What was built for a question once is kept:
building costs the application ten times what PostgreSQL then takes, and only moments differ from asking to asking.
The answer is kept, too, for the rest of the minute and only while no fact changes.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db.models import CharField, DateTimeField, Expression, F, IntegerField, QuerySet, Value
from django.db.models.functions import JSONObject

from common.kept import Given, Kept

from .cohorts import Cohort, Rows
from .dimensions import Dimension, dimensions
from .filters import Filter
from .metric import Basis, Compared, Figure, Metric, Sums, metrics
from .models import Assumptions, Edition, Fact, Target
from .period import Period

MOST_KEPT = 500


class Question(NamedTuple):
    """Figures of the whole beside those of the stretch before, or, with a dimension, of each of its groups."""

    names: tuple[str, ...]
    dimension: str = ""


class Row(NamedTuple):
    """What the database counted, by "metric.part", for a cohort (and split) and a period. `group` is in the sums."""

    question: int
    slot: str
    half: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Group:
    """A team, a day, … with its figures by name of the metric."""

    key: Any  # id, slug, date or number, as the facts have it
    word: str  # for the address; '' where a filter cannot say it
    label: str
    figures: Mapping[str, Figure]

    @property
    def most(self) -> int:
        """Rows behind its largest figure."""
        return max((figure.n for figure in self.figures.values()), default=0)


class Reckoning:
    """All figures to one filter. Targets and assumptions are read once: two statements."""

    def __init__(self, wanted: Filter) -> None:
        self.filter = wanted
        self.targets = Target.by_priority()
        self.assumptions = Assumptions.at(wanted.period.end.astimezone(wanted.zone).date())
        self._answers: dict[Question, list[Row]] = {}

    def basis(self, period: Period) -> Basis:
        return Basis(period, self.filter.now, self.targets, self.assumptions)

    def ask(self, *questions: Question) -> None:
        """Asks them all in one statement; what `figures` and `by` are then asked for is already known."""
        now, before = self.filter.period, self.filter.before()
        given = {"start": now.start, "end": now.end, "start_before": before.start, "end_before": before.end}
        rows = self._known_rows(questions, given | {"now": self.filter.now})
        for number, question in enumerate(questions):
            self._answers[question] = [row for row in rows if row.question == number]

    def figures(self, *names: str) -> dict[str, Compared]:
        """Each metric's figure of the period beside that of the stretch before: one statement, unless asked before."""
        rows, wanted = self._answer(Question(names)), _with_used(names)
        now, before = (
            self._told(wanted, [row for row in rows if row.half == half], self.basis(period))
            for half, period in enumerate((self.filter.period, self.filter.before()))
        )
        return {name: Compared(now[name], before[name]) for name in names}

    def by(self, dimension: str, *names: str) -> list[Group]:
        """The figures of each team, day, … in the period: one statement, unless asked before.

        Metrics that do not fit are left out. Days, weeks, months, weekdays and hours come in their order and without
        gaps, others by their size.
        """
        groups, basis = dimensions[dimension], self.basis(self.filter.period)
        wanted = self._fitting(names, groups)
        by_key: dict[Any, list[Row]] = {key: [] for key in groups.expected(self.filter)}
        for row in self._answer(Question(names, dimension)):
            by_key.setdefault(groups.read(row.sums["group"]), []).append(row)
        found = [
            Group(
                key,
                groups.word(key, self.filter.choices),
                groups.label_of(key, self.filter.choices),
                self._told(wanted, mine, basis),
            )
            for key, mine in by_key.items()
        ]
        return found if groups.is_ordered else sorted(found, key=lambda group: (-group.most, group.label))

    def groups(self, question: Question) -> list[Group]:
        return self.by(question.dimension, *question.names)

    def behind(self, name: str, hit: bool | None = None) -> QuerySet[Any]:
        """The rows of the metric's figure of the period: facts, or what else it counts. Newest first.

        `hit` narrows those of a share: to its hits (True) or to the others (False).
        """
        metric = metrics[name]
        rows = metric.cohort.rows(self.filter, self.filter.period)
        if rows is None:
            return Fact.objects.none()
        found = rows.filter(metric.behind(self.basis(self.filter.period), hit))
        return found.order_by("-created_at", "-pk") if metric.cohort.of_tickets else found.order_by("-at", "-pk")

    def _answer(self, question: Question) -> list[Row]:
        if question not in self._answers:
            self.ask(question)
        return self._answers[question]

    def _known_rows(self, questions: tuple[Question, ...], given: Mapping[str, datetime]) -> list[Row]:
        """Two statements, or one while the facts are those of the last asking in the same minute."""
        global _known
        edition, key = Edition.now(), self._key(questions)
        if _known.edition != edition or len(_known.rows) >= MOST_KEPT:
            _known = _Known(edition)
        known, asked = _known.rows, (key, *(moment.replace(second=0, microsecond=0) for moment in given.values()))
        if asked not in known:
            kept = self._kept(questions, key)
            known[asked] = [Row(*row) for row in kept(**given)] if kept else []
        return known[asked]

    def _key(self, questions: tuple[Question, ...]) -> Hashable:
        goals = tuple((each.priority, each.first_response, each.resolution) for each in self.targets.values())
        return questions, self.filter.condition, str(self.filter.zone), goals

    def _kept(self, questions: tuple[Question, ...], key: Hashable) -> "Kept[Any] | None":
        """Nothing where the filter leaves nothing to ask."""
        if key not in _built:
            if len(_built) >= MOST_KEPT:
                _built.clear()
            parts = self._all(questions)
            _built[key] = Kept(lambda: _end_to_end(parts)) if parts else None
        return _built[key]

    def _all(self, questions: Iterable[Question]) -> list[QuerySet[Any, Any]]:
        """What is to be laid end to end. Moments are yet to be given."""
        now = Basis(_given_period("start", "end"), _given("now"), self.targets, self.assumptions)
        before = Basis(_given_period("start_before", "end_before"), _given("now"), self.targets, self.assumptions)
        parts: list[QuerySet[Any, Any]] = []
        for number, (names, dimension) in enumerate(questions):
            if dimension:
                groups = dimensions[dimension]
                parts += self._sums(number, self._fitting(names, groups), [now], groups)
            else:
                parts += self._sums(number, _with_used(names), [now, before])
        return parts

    def _fitting(self, names: Iterable[str], dimension: Dimension) -> list[Metric]:
        return [metric for metric in map(metrics.__getitem__, names) if self._fits(metric, dimension)]

    def _fits(self, metric: Metric, dimension: Dimension) -> bool:
        return self._knows(metric.cohort) and dimension.fits(metric.cohort) and not metric.split and not metric.uses

    def _sums(
        self, number: int, wanted: Sequence[Metric], bases: Sequence[Basis], dimension: Dimension | None = None
    ) -> Iterator[QuerySet[Any, Any]]:
        """One query for each cohort, and for each column by which a metric wants its cohort split."""
        together: dict[str, list[Metric]] = {}
        for metric in wanted:
            together.setdefault(_slot(metric), []).append(metric)
        for slot, members in together.items():
            cohort, split = members[0].cohort, members[0].split
            group = dimension.key(cohort, self.filter.zone) if dimension else F(split) if split else None
            for half, basis in enumerate(bases):
                rows = cohort.rows(self.filter, basis.period)
                if rows is None:
                    continue
                sums = {
                    f"{each.name}.{part}": sum_
                    for each in members
                    for part, sum_ in each.sums(basis).items()
                    if not (dimension and part in each.to_compare)  # groups are not compared with those before
                }
                yield _counted(rows, number, slot, half, group, sums)

    def _told(self, wanted: Sequence[Metric], rows: Iterable[Row], basis: Basis) -> dict[str, Figure]:
        """Each metric's figure from the rows of one period."""
        by_slot: dict[str, list[Row]] = {}
        for row in rows:
            by_slot.setdefault(row.slot, []).append(row)
        figures: dict[str, Figure] = {}
        for metric in wanted:
            groups = [_part(metric, row) for row in by_slot.get(_slot(metric), [])]
            if groups:
                figures[metric.name] = metric.figure(groups, basis, figures)
            else:
                nothing = metric.of_nothing(basis) if self._knows(metric.cohort) else Figure(metric, None, 0)
                figures[metric.name] = nothing
        return figures

    def _knows(self, cohort: Cohort) -> bool:
        """Whether the filter can be asked of the cohort at all."""
        return cohort.name in self._known

    @cached_property
    def _known(self) -> set[str]:
        cohorts = {metric.cohort.name: metric.cohort for metric in metrics}
        return {name for name, each in cohorts.items() if each.rows(self.filter, self.filter.period) is not None}


@dataclass(frozen=True, slots=True)
class _Known:
    """Answers as they were in one edition of the facts. Shared by all requests of the process: nobody changes them."""

    edition: UUID | None
    rows: dict[Hashable, list[Row]] = field(default_factory=dict)


_known = _Known(None)
_built: "dict[Hashable, Kept[Any] | None]" = {}


def _given(name: str) -> datetime:
    """Stands in a query for a moment that is known when it is asked. Good for nothing but building queries."""
    return cast(datetime, Given(name, DateTimeField()))


def _given_period(start: str, end: str) -> Period:
    return Period(_given(start), _given(end))


def _counted(
    rows: Rows, number: int, slot: str, half: int, group: Expression | F | None, sums: Mapping[str, Any]
) -> QuerySet[Any, Any]:
    """A `Row` for each group. The group goes into the sums, so that days and ids are of one type in a union."""
    names = {"question": Value(number), "slot": Value(slot, CharField()), "half": Value(half)}
    if group is not None:
        told = rows.order_by().values(**names, group=group).annotate(sums=JSONObject(group=F("group"), **sums))
    else:
        told = rows.order_by().values(**names).annotate(sums=JSONObject(group=Value(None, IntegerField()), **sums))
    return told.values_list(*names, "sums")


def _end_to_end(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = parts
    return first.union(*others, all=True) if others else first


def _with_used(names: Iterable[str]) -> list[Metric]:
    """The metrics of those names, each after those whose figures it uses."""
    wanted: dict[str, Metric] = {}
    for name in names:
        wanted |= {used: metrics[used] for used in metrics[name].uses} | {name: metrics[name]}
    return list(wanted.values())


def _slot(metric: Metric) -> str:
    return f"{metric.cohort.name} {metric.split}"


def _part(metric: Metric, row: Row) -> Sums:
    """What the database counted for the metric alone, and the group it is about."""
    prefix = f"{metric.name}."
    sums = {name.removeprefix(prefix): value for name, value in row.sums.items() if name.startswith(prefix)}
    return sums | {"group": row.sums["group"]}
