import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Customer

from ..choices import ActorKind
from ..uploads import Upload


class Message(models.Model):
    """A word to or from the customer, or a note that only the staff sees."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="messages")
    author = models.CharField(max_length=10, choices=ActorKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="messages")
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="messages")
    is_public = models.BooleanField(default=True)
    channel = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="Cleaned on the way in; shown as it is.")
    key = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "key"], name="a_message_is_sent_once"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of ticket {self.ticket_id}"

    @property
    def is_from_customer(self) -> bool:
        return self.author == ActorKind.CUSTOMER

    @property
    def author_name(self) -> str:
        return str(self.user or self.customer or _("Someone who is gone"))


def random_key() -> str:
    return secrets.token_urlsafe(24)


def storage_name(attachment: "Attachment", filename: str) -> str:
    """A random name outside any served folder; what the sender called the file stays in the row."""
    return f"attachments/{attachment.key[:2]}/{attachment.key}"


class Attachment(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    key = models.CharField(max_length=40, unique=True, default=random_key)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to=storage_name, max_length=200)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, message: Message, upload: Upload) -> "Attachment":
        attachment = cls(message=message, name=upload.name, content_type=upload.content_type, size=len(upload.content))
        attachment.file.save(upload.name, ContentFile(upload.content), save=False)
        attachment.save()
        return attachment
