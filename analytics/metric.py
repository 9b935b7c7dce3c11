"""What a figure is. One definition gives its value and the rows behind it, so that the two cannot differ.

Adding a metric is adding one file to `analytics/metrics`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from django.db.models import Aggregate, Avg, Count, Expression, FloatField, Q, StdDev, Sum, Value
from django.db.models.functions import Cast, Ln
from django.utils.functional import Promise

from common.registry import Registry

from . import formulas
from .cohorts import Cohort
from .models import Assumptions, Target
from .percentile import Percentile
from .period import Period
from .units import Unit, shown

Sums = Mapping[str, Any]  # what the database counted, by name
Column = str | Callable[["Basis"], Expression]


class Better(Enum):
    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures rest on besides the rows: the period, the present, targets and assumptions."""

    period: Period
    now: datetime
    targets: Mapping[int, Target]
    assumptions: Assumptions


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a metric. `n` rows are behind it, exactly those that open when the reader asks for them.

    `interval` is at 95 %. `inputs` are the letters of a formula, `parts` its terms: (group, share, seconds).
    """

    metric: "Metric"
    value: float | None
    n: int
    interval: formulas.Interval | None = None
    deviation: float | None = None
    inputs: Mapping[str, float] = field(default_factory=dict)
    parts: Sequence[tuple[int | None, float, float]] = ()

    @property
    def is_small(self) -> bool:
        """Too few cases to lean on. A count is what it is, however small."""
        return self.metric.unit is not Unit.COUNT and self.n < formulas.SMALL

    def __str__(self) -> str:
        return shown(self.value, self.metric.unit)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside that of the stretch before."""

    figure: Figure
    before: Figure

    @property
    def change(self) -> float | None:
        """In the unit of the metric."""
        if self.figure.value is None or self.before.value is None:
            return None
        return self.figure.value - self.before.value

    @property
    def is_clear(self) -> bool | None:
        """Whether the change is more than noise, at 95 %; `None` where that cannot be told."""
        if self.change is None or self.figure.is_small or self.before.is_small:
            return None
        interval = self.figure.metric.difference(self.figure, self.before)
        return None if interval is None else interval[0] > 0 or interval[1] < 0

    @property
    def is_better(self) -> bool | None:
        """`None` where there is no clear change, or where neither direction is good."""
        if not self.is_clear or self.figure.metric.better is Better.NEITHER:
            return None
        return ((self.change or 0) > 0) == (self.figure.metric.better is Better.MORE)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Of the cohort, `rows` are behind the figure. `sums` says what the database counts over them.

    With `split`, a column, they come one group at a time. `uses` names metrics whose figures go into this one.
    """

    name: str
    label: str | Promise
    hint: str | Promise
    unit: Unit
    better: Better
    cohort: Cohort
    rows: Callable[[Basis], Q] = lambda basis: Q()
    split: str = ""
    uses: tuple[str, ...] = ()
    to_compare: ClassVar[frozenset[str]] = frozenset()  # sums of which only `difference` makes use

    def sums(self, basis: Basis) -> dict[str, Aggregate]:
        return {"n": self.counted(basis)}

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        """From what the database counted; without `split` there is one group."""
        raise NotImplementedError

    def of_nothing(self, basis: Basis) -> Figure:
        """The figure where there is no row at all."""
        return Figure(self, None, 0)

    def behind(self, basis: Basis, hit: bool | None = None) -> Q:
        """Which rows of the cohort are behind the figure; of a share on request only the hits, or only the others."""
        return self.rows(basis)

    def difference(self, figure: Figure, before: Figure) -> formulas.Interval | None:
        """Interval of what lies between two figures; nothing where it is not known."""
        return None

    def counted(self, basis: Basis, more: Q | None = None) -> Aggregate:
        """How many rows, of those that meet `more`."""
        where = self._where(basis, more)
        return Count("pk", filter=where) if where else Count("*")  # the star is read from the index alone

    def over(self, basis: Basis, aggregate: type[Aggregate], *arguments: Any, **options: Any) -> Aggregate:
        """An aggregate of the rows."""
        return aggregate(*arguments, filter=self._where(basis), **options)

    def _where(self, basis: Basis, more: Q | None = None) -> Q | None:
        return (self.rows(basis) & (more or Q())) or None


@dataclass(frozen=True, kw_only=True)
class Number(Metric):
    """How many rows there are."""

    unit: Unit = Unit.COUNT

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        n = groups[0]["n"]
        return Figure(self, n, n)

    def of_nothing(self, basis: Basis) -> Figure:
        return Figure(self, 0, 0)

    def difference(self, figure: Figure, before: Figure) -> formulas.Interval | None:
        return formulas.difference_of_counts(figure.n, before.n)


@dataclass(frozen=True, kw_only=True)
class Share(Metric):
    """The share of the rows that are `hits`."""

    hits: Callable[[Basis], Q]
    unit: Unit = Unit.SHARE

    def sums(self, basis: Basis) -> dict[str, Aggregate]:
        return {"n": self.counted(basis), "hits": self.counted(basis, self.hits(basis))}

    def behind(self, basis: Basis, hit: bool | None = None) -> Q:
        if hit is None:
            return self.rows(basis)
        return self.rows(basis) & (self.hits(basis) if hit else ~self.hits(basis))

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        n, hits = groups[0]["n"], groups[0]["hits"]
        value = formulas.service_level(hits, n)
        return Figure(self, value, n, formulas.wilson(hits, n), inputs={"S": hits, "T": n})

    def of_nothing(self, basis: Basis) -> Figure:
        return self.figure([{"n": 0, "hits": 0}], basis, {})

    def difference(self, figure: Figure, before: Figure) -> formulas.Interval | None:
        new, old = figure.inputs, before.inputs
        return formulas.difference_of_shares(int(new["S"]), int(new["T"]), int(old["S"]), int(old["T"]))


@dataclass(frozen=True, kw_only=True)
class Mean(Metric):
    """The mean of a column, which is known in all rows, with values from `least` to `most`."""

    column: str
    least: float
    most: float

    def sums(self, basis: Basis) -> dict[str, Aggregate]:
        deviation = self.over(basis, StdDev, Cast(self.column, FloatField()), sample=True)
        return super().sums(basis) | {"total": self.over(basis, Sum, self.column), "deviation": deviation}

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        (sums,) = groups
        n, total = sums["n"], sums["total"] or 0
        value = formulas.satisfaction(total, n)
        sure = formulas.mean_interval(value or 0, sums["deviation"], n)
        interval = sure and (max(sure[0], self.least), min(sure[1], self.most))
        return Figure(self, value, n, interval, sums["deviation"], {"Σ": total, "n": n})

    def difference(self, figure: Figure, before: Figure) -> formulas.Interval | None:
        return formulas.difference_of_means(
            figure.value or 0, figure.deviation, figure.n, before.value or 0, before.deviation, before.n
        )


@dataclass(frozen=True, kw_only=True)
class Quantile(Metric):
    """The value below which `fraction` of the rows lie, of a column that is known in all rows."""

    to_compare: ClassVar[frozenset[str]] = frozenset({"log", "deviation"})
    column: Column
    fraction: float
    unit: Unit = Unit.SECONDS

    def sums(self, basis: Basis) -> dict[str, Aggregate]:
        # As numeric or integer, the logarithms would take most of the page's time.
        column = Cast(self.column if isinstance(self.column, str) else self.column(basis), FloatField())
        value = self.over(basis, Percentile, column, self.fraction)
        if self.fraction != 0.5:
            return super().sums(basis) | {"value": value}
        log = Ln(column + Value(1.0))
        logs = {"log": self.over(basis, Avg, log), "deviation": self.over(basis, StdDev, log, sample=True)}
        return super().sums(basis) | {"value": value} | logs

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        (sums,) = groups
        inputs = {"log": sums["log"] or 0} if "log" in sums else {}
        return Figure(self, sums["value"], sums["n"], deviation=sums.get("deviation"), inputs=inputs)

    def difference(self, figure: Figure, before: Figure) -> formulas.Interval | None:
        """Of the mean logarithms, because waits have long tails: it tells whether the usual wait has moved."""
        new, old = figure.inputs.get("log"), before.inputs.get("log")
        if new is None or old is None:
            return None
        return formulas.difference_of_means(new, figure.deviation, figure.n, old, before.deviation, before.n)


metrics: Registry[Metric] = Registry("metric", "analytics.metrics")
