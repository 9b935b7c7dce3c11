from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..cohorts import RESOLVED
from ..metric import Better, Number, metrics

metrics.register(
    Number(
        name="resolved",
        label=pgettext_lazy("figure", "Resolved"),
        hint=_("Tickets whose last resolution lies in the period."),
        better=Better.MORE,
        cohort=RESOLVED,
    )
)
