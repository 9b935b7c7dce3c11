from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Aggregate, Sum
from django.utils.translation import gettext_lazy as _

from .. import formulas
from ..cohorts import RESOLVED
from ..metric import Basis, Better, Figure, Metric, Sums, metrics
from ..units import Unit


@dataclass(frozen=True, kw_only=True)
class CostBenefit(Metric):
    """(B − C) / C over the tickets resolved in the period, in the money of the assumptions.

    C is the work behind all their replies, and what a ticket costs besides. B is what resolving them is worth, and
    what readers are worth who said that an article solved their matter (where the filter lets us know of any).
    """

    def sums(self, basis: Basis) -> dict[str, Aggregate]:
        return super().sums(basis) | {"replies": self.over(basis, Sum, "replies")}

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        assumed, n, replies = basis.assumptions, groups[0]["n"], groups[0]["replies"] or 0
        deflected = used["deflected_confirmed"].n
        work = replies * assumed.minutes_per_reply / 60 * assumed.cost_per_hour
        cost = work + n * assumed.cost_per_ticket
        benefit = n * assumed.benefit_per_resolved + deflected * assumed.benefit_per_deflection
        inputs = {"B": benefit, "C": cost, "replies": replies, "deflected": deflected}
        return Figure(self, formulas.cost_benefit(benefit, cost), n, inputs=inputs)


metrics.register(
    CostBenefit(
        name="cost_benefit",
        label=_("Cost–benefit"),
        hint=_("(B − C) / C: what each unit of money spent on support brings beyond itself, by the assumptions."),
        unit=Unit.RATIO,
        better=Better.MORE,
        cohort=RESOLVED,
        uses=("deflected_confirmed",),
    )
)
