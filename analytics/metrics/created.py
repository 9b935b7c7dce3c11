from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..cohorts import CREATED
from ..metric import Better, Number, metrics

metrics.register(
    Number(
        name="created",
        label=pgettext_lazy("figure", "Received"),
        hint=_("Tickets that came in during the period."),
        better=Better.NEITHER,
        cohort=CREATED,
    )
)
