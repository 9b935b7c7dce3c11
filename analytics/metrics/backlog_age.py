from django.utils.translation import gettext_lazy as _

from ..age import age
from ..cohorts import OPEN
from ..metric import Better, Quantile, metrics

metrics.register(
    Quantile(
        name="backlog_age",
        label=_("Age of open tickets, half below"),
        hint=_("Of the tickets open at the end of the period, half were younger than this."),
        better=Better.LESS,
        cohort=OPEN,
        column=lambda basis: age(basis.period.end),
        fraction=0.5,
    )
)
