from django.utils.translation import gettext_lazy as _

from .. import service_level
from ..cohorts import CREATED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="service_level_response",
        label=_("Answered in time"),
        hint=_(
            "Of the tickets received in the period that are answered or due, "
            "those with a first reply within the target of their priority."
        ),
        better=Better.MORE,
        cohort=CREATED,
        rows=lambda basis: service_level.judged(basis, service_level.first_response, "first_response_seconds"),
        hits=lambda basis: service_level.in_time(basis, service_level.first_response, "first_response_seconds"),
    )
)
