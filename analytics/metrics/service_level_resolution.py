from django.utils.translation import gettext_lazy as _

from .. import service_level
from ..cohorts import CREATED
from ..metric import Better, Share, metrics

metrics.register(
    Share(
        name="service_level_resolution",
        label=_("Resolved in time"),
        hint=_(
            "Of the tickets received in the period that are resolved or due, "
            "those resolved within the target of their priority."
        ),
        better=Better.MORE,
        cohort=CREATED,
        rows=lambda basis: service_level.judged(basis, service_level.resolution, "resolution_seconds"),
        hits=lambda basis: service_level.in_time(basis, service_level.resolution, "resolution_seconds"),
    )
)
