from django.utils.translation import gettext_lazy as _

from ..cohorts import RATED
from ..metric import Better, Mean, metrics
from ..units import Unit

metrics.register(
    Mean(
        name="satisfaction",
        label=_("Customer satisfaction"),
        hint=_("Mean of the scores from 1 to 5 that customers gave in the period."),
        unit=Unit.SCORE,
        better=Better.MORE,
        cohort=RATED,
        column="score",
        least=1,
        most=5,
    )
)
