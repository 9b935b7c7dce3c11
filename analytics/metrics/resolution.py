from django.utils.translation import gettext_lazy as _

from ..cohorts import RESOLVED
from ..metric import Better, Quantile, metrics

metrics.register(
    Quantile(
        name="resolution",
        label=_("Resolution, half within"),
        hint=_("Of the tickets resolved in the period, half were open for less than this time."),
        better=Better.LESS,
        cohort=RESOLVED,
        column="resolution_seconds",
        fraction=0.5,
    )
)
