from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import SURVEYED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="response_rate",
        label=_("Answered the survey"),
        hint=_("Of the customers asked in the period, those who gave a score."),
        better=Better.MORE,
        cohort=SURVEYED,
        hits=lambda basis: Q(rated_at__isnull=False),
    )
)
