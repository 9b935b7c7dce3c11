from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import RESOLVED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="solutions_worked",
        label=_("Known solution worked"),
        hint=_("Of the tickets resolved in the period with a known solution, those that it solved."),
        better=Better.MORE,
        cohort=RESOLVED,
        rows=lambda basis: Q(solution_used=True),
        hits=lambda basis: Q(solution_worked=True),
    )
)
