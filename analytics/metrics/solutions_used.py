from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import RESOLVED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="solutions_used",
        label=_("Known solution used"),
        hint=_("Of the tickets resolved in the period, those in which a known solution was used."),
        better=Better.MORE,
        cohort=RESOLVED,
        hits=lambda basis: Q(solution_used=True),
    )
)
