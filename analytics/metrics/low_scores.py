from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import RATED
from ..metric import Better, Share, metrics

LOW = 2  # of 5, and below

metrics.register(
    Share(
        name="low_scores",
        label=_("Unhappy"),
        hint=_("Of the scores given in the period, those of 1 or 2."),
        better=Better.LESS,
        cohort=RATED,
        hits=lambda basis: Q(score__lte=LOW),
    )
)
