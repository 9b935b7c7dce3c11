from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import CREATED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="overrides",
        label=_("Changed by people"),
        hint=_("Of the tickets received in the period that triage categorised, those whose category is another now."),
        better=Better.LESS,
        cohort=CREATED,
        rows=lambda basis: Q(sorted_by_model=True),
        hits=lambda basis: Q(overridden=True),
    )
)
