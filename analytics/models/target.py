from collections.abc import Mapping

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.kept import Kept
from tickets.choices import Priority

# Minutes to the first reply and to the resolution, where nobody has set others.
USUAL = {
    Priority.URGENT: (30, 4 * 60),
    Priority.HIGH: (2 * 60, 24 * 60),
    Priority.NORMAL: (8 * 60, 3 * 24 * 60),
    Priority.LOW: (24 * 60, 7 * 24 * 60),
}


class Target(models.Model):
    """How soon tickets of a priority are to be answered and resolved, in minutes of wall time."""

    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, unique=True)
    first_response = models.PositiveIntegerField(_("first reply within (minutes)"), validators=[MinValueValidator(1)])
    resolution = models.PositiveIntegerField(_("resolution within (minutes)"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = pgettext_lazy("service level", "target")
        verbose_name_plural = pgettext_lazy("service level", "targets")
        ordering = ["-priority"]

    def __str__(self) -> str:
        return str(Priority(self.priority).label)

    @classmethod
    def by_priority(cls) -> "Mapping[int, Target]":
        """A target for each priority: the stored one, else the usual. One query."""
        usual = {
            int(priority): cls(priority=priority, first_response=first, resolution=last)
            for priority, (first, last) in USUAL.items()
        }
        return usual | {target.priority: target for target in _STORED()}


_STORED = Kept(lambda: Target.objects.all())
