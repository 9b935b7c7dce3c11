from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Aggregate, Count, Sum
from django.utils.translation import gettext_lazy as _

from .. import formulas
from ..cohorts import CREATED
from ..metric import Basis, Better, Figure, Metric, Sums, metrics
from ..units import Unit


@dataclass(frozen=True, kw_only=True)
class ExpectedResponse(Metric):
    """Σ pᵢ·tᵢ over the categories: pᵢ the share of the tickets received, tᵢ the mean wait of those answered.

    A category in which nothing is answered yet counts with the mean of all: leaving it out would flatter.
    """

    def sums(self, basis: Basis) -> dict[str, Aggregate]:
        seconds = "first_response_seconds"
        return {
            "n": self.counted(basis),
            "answered": self.over(basis, Count, seconds),
            "waited": self.over(basis, Sum, seconds),
        }

    def figure(self, groups: Sequence[Sums], basis: Basis, used: Mapping[str, Figure]) -> Figure:
        n, answered = sum(each["n"] for each in groups), sum(each["answered"] for each in groups)
        if not answered:
            return Figure(self, None, n)
        usual = sum(each["waited"] or 0 for each in groups) / answered
        shares = [each["n"] / n for each in groups]
        times = [each["waited"] / each["answered"] if each["answered"] else usual for each in groups]
        kinds = [each["group"] for each in groups]
        parts = sorted(zip(kinds, shares, times, strict=True), key=lambda part: -part[1] * part[2])
        return Figure(self, formulas.expected_response_time(shares, times), n, parts=parts)


metrics.register(
    ExpectedResponse(
        name="expected_response",
        label=_("Expected wait for a first reply"),
        hint=_("What the next customer is likely to wait: each category's share of the tickets times its mean wait."),
        unit=Unit.SECONDS,
        better=Better.LESS,
        cohort=CREATED,
        split="category_id",
    )
)
