from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class Exam(models.Model):
    """A ticket that nothing is ever learned from: it is only asked, to see how good a model is."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, verbose_name=_("ticket"), primary_key=True, related_name="exam"
    )

    class Meta:
        verbose_name = _("examination ticket")
        verbose_name_plural = _("examination tickets")

    def __str__(self) -> str:
        return f"exam {self.pk}"
