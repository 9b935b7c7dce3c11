from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article


class Deflection(models.Model):
    """Somebody was writing to us, opened an article from the form, and what came of it.

    `key` is the form's own, so that the ticket that comes nevertheless takes the deflection back.
    """

    class State(models.TextChoices):
        MAYBE = "maybe", _("maybe: read an article, wrote no ticket")
        CONFIRMED = "confirmed", _("confirmed: said that it solved the matter")
        WROTE = "wrote", _("wrote nevertheless")

    key = models.UUIDField(unique=True, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="deflections")
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.MAYBE)
    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("deflection")
        verbose_name_plural = _("deflections")

    def __str__(self) -> str:
        return f"{self.article}: {self.state}"
