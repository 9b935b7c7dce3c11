from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.kept import Given, Kept
from common.text import storable


class Draft(models.Model):
    """What someone has begun to write on a ticket: saved while typing, gone once sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="drafts")
    is_note = models.BooleanField(default=False)
    text = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="one_draft_per_person_and_ticket")]

    def __str__(self) -> str:
        return f"draft of {self.user_id} on {self.ticket_id}"

    @classmethod
    def of(cls, *, user_id: int, ticket_id: int) -> "Draft | None":
        return _OF.first(user=user_id, ticket=ticket_id)

    @classmethod
    def keep(cls, *, user_id: int, ticket_id: int, is_note: bool, text: str) -> None:
        """Saves what was written; nothing written means no draft."""
        text = storable(text)[:100_000]
        if text.strip():
            kept = {"text": text, "is_note": is_note}
            cls.objects.update_or_create(user_id=user_id, ticket_id=ticket_id, defaults=kept)
        else:
            cls.objects.filter(user_id=user_id, ticket_id=ticket_id).delete()


_OF = Kept(lambda: Draft.objects.filter(user=Given("user"), ticket=Given("ticket")))
