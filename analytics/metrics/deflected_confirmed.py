from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.models import Deflection

from ..cohorts import DEFLECTED
from ..metric import Better, Number, metrics

metrics.register(
    Number(
        name="deflected_confirmed",
        label=_("Deflected"),
        hint=_("Customers who said that an article solved the matter while they wrote to us."),
        better=Better.MORE,
        cohort=DEFLECTED,
        rows=lambda basis: Q(state=Deflection.State.CONFIRMED),
    )
)
