from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..cohorts import OPEN
from ..metric import Better, Number, metrics

metrics.register(
    Number(
        name="backlog",
        label=pgettext_lazy("figure", "Open"),
        hint=_("Tickets not resolved by the end of the period."),
        better=Better.LESS,
        cohort=OPEN,
    )
)
