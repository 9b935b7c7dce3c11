from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.models import Deflection

from ..cohorts import DEFLECTED
from ..metric import Better, Number, metrics

metrics.register(
    Number(
        name="deflected_maybe",
        label=_("Maybe deflected"),
        hint=_("Customers who opened an article while they wrote to us, and wrote no ticket."),
        better=Better.MORE,
        cohort=DEFLECTED,
        rows=lambda basis: Q(state=Deflection.State.MAYBE),
    )
)
