from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .. import formulas
from ..cohorts import RESOLVED
from ..metric import Basis, Better, Figure, Metric, Sums, metrics
from ..models.assumptions import HOURS_A_WEEK
from ..units import Unit


@dataclass(frozen=True, kw_only=True)
class Throughput(Metric):
    """C / T: T is the part of the period's hours that the desk is staffed, by the assumptions' hours a week."""

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        n = groups[0]["n"]
        hours = basis.period.hours * basis.assumptions.desk_hours / HOURS_A_WEEK
        return Figure(self, formulas.throughput(n, hours), n, inputs={"C": n, "T": hours})

    def of_nothing(self, basis: Basis) -> Figure:
        return self.figure([{"n": 0}], basis, {})

    def difference(self, figure: Figure, before: Figure) -> formulas.Interval | None:
        return formulas.difference_of_counts(figure.n, before.n)


metrics.register(
    Throughput(
        name="throughput",
        label=_("Resolved per hour"),
        hint=_("Tickets resolved in the period, for each hour that the desk was staffed."),
        unit=Unit.PER_HOUR,
        better=Better.MORE,
        cohort=RESOLVED,
    )
)
