from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.kept import Kept

HOURS_A_WEEK = 7 * 24


class Assumptions(models.Model):
    """What the company believes its support costs and brings, from a day on. Money is in one currency throughout."""

    valid_from = models.DateField(_("valid from"), unique=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    desk_hours = models.FloatField(
        _("hours a week that the desk is staffed"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(HOURS_A_WEEK)],
    )
    minutes_per_reply = models.FloatField(
        _("minutes of work behind one reply"), default=12, validators=[MinValueValidator(0)]
    )
    cost_per_hour = models.FloatField(_("cost of an hour of work"), default=45, validators=[MinValueValidator(0)])
    cost_per_ticket = models.FloatField(
        _("other cost of a ticket"),
        default=2,
        help_text=_("Its share of software, rooms and training."),
        validators=[MinValueValidator(0)],
    )
    benefit_per_resolved = models.FloatField(
        _("worth of a resolved ticket"), default=20, validators=[MinValueValidator(0)]
    )
    benefit_per_deflection = models.FloatField(
        _("worth of a matter that an article solved"), default=15, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("assumptions about cost and benefit")
        verbose_name_plural = _("assumptions about cost and benefit")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"

    @classmethod
    def at(cls, day: date) -> "Assumptions":
        """Those valid on the day; before the first, the first; where nobody has made any, the usual, unsaved."""
        known = _STORED()
        valid = next((one for one in known if one.valid_from <= day), None)
        return valid or (known[-1] if known else cls(valid_from=day))


_STORED = Kept(lambda: Assumptions.objects.all())
