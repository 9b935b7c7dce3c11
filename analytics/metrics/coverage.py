from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import CREATED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="coverage",
        label=_("Categorised by triage"),
        hint=_("Of the tickets received in the period, those whose category triage set by itself."),
        better=Better.MORE,
        cohort=CREATED,
        hits=lambda basis: Q(sorted_by_model=True),
    )
)
