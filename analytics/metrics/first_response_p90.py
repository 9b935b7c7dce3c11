from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..cohorts import CREATED
from ..metric import Better, Quantile, metrics

metrics.register(
    Quantile(
        name="first_response_p90",
        label=_("First reply, nine of ten within"),
        hint=_("Of the answered tickets received in the period, nine of ten had their first reply within this time."),
        better=Better.LESS,
        cohort=CREATED,
        rows=lambda basis: Q(first_response_seconds__isnull=False),
        column="first_response_seconds",
        fraction=0.9,
    )
)
