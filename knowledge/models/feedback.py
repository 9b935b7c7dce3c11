from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .version import Version


class Feedback(models.Model):
    """What one reader thought of a version; a second word of the same reader replaces the first."""

    version = models.ForeignKey(Version, models.CASCADE, verbose_name=_("version"), related_name="feedback")
    reader = models.CharField(max_length=64, editable=False, help_text="A keyed digest: no address is kept.")
    is_helpful = models.BooleanField(_("helpful"))
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["version", "reader"], name="a_reader_votes_once")]

    def __str__(self) -> str:
        return f"{self.version}: {'+' if self.is_helpful else '-'}"
