from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .outgoing import Outgoing


class Letter(Outgoing):
    """A mail that belongs to no ticket: a template of `templates/mail/` with one link.

    The link is a secret, so the row forgets it once the letter is sent or given up.
    """

    LIFE = timedelta(minutes=15)

    template = models.CharField(_("template"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta(Outgoing.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.template} to {self.address}"

    @property
    def is_too_old(self) -> bool:
        """Its link no longer opens anything."""
        return timezone.now() > self.created_at + self.LIFE

    def sent(self) -> None:
        super().sent()
        self._forget()

    def fail(self, error: str) -> None:
        super().fail(error)
        self._forget()

    def _forget(self) -> None:
        self.url = ""
        self.save(update_fields=["url"])
