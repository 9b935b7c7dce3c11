from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..cohorts import CREATED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="reopened",
        label=pgettext_lazy("figure", "Reopened"),
        hint=_("Of the tickets received in the period that were ever resolved, those that were opened again."),
        better=Better.LESS,
        cohort=CREATED,
        rows=lambda basis: Q(resolved_at__isnull=False) | Q(reopened__gt=0),
        hits=lambda basis: Q(reopened__gt=0),
    )
)
