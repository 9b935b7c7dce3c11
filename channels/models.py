"""Messages on their way: in (raw bytes first) and out (a row first)."""

import hashlib
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Customer
from tickets.errors import DomainError
from tickets.models import Message, Ticket


class KeyReused(DomainError):
    """The same idempotency key came with other content."""

    def __str__(self) -> str:
        return _("This form was sent before with other words. Reload the page and send it again.")


class InboundQuerySet(models.QuerySet["Inbound"]):
    def unfinished(self) -> Self:
        return self.filter(state=Inbound.State.STORED)

    def quarantined(self) -> Self:
        return self.filter(state=Inbound.State.QUARANTINED)


class Inbound(models.Model):
    """What came in, byte for byte, stored before anything looks at it. Every row ends in one of four states."""

    class State(models.TextChoices):
        STORED = "stored", _("stored, not read yet")
        TICKETED = "ticketed", _("became a ticket")
        APPENDED = "appended", _("went into a ticket")
        QUARANTINED = "quarantined", _("in quarantine")
        DROPPED = "dropped", _("dropped")

    channel = models.CharField(_("channel"), max_length=30)
    key = models.CharField(max_length=200, help_text="Says that two deliveries are one: unique in its channel.")
    digest = models.CharField(max_length=64, db_index=True)
    raw = models.BinaryField()
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    external_id = models.CharField(max_length=500, blank=True, db_index=True, help_text="For mail, the Message-ID.")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.STORED)
    rule = models.CharField(_("rule"), max_length=60, blank=True, help_text="Why it was quarantined or dropped.")
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")

    objects = InboundQuerySet.as_manager()

    class Meta:
        verbose_name = _("received message")
        verbose_name_plural = _("received messages")
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="a_delivery_is_taken_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="stored"), name="inbound_unfinished"),
            models.Index(fields=["state", "-received_at"], name="inbound_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk} from {self.sender}"

    @classmethod
    def take(cls, *, channel: str, key: str, raw: bytes, **known: str) -> tuple["Inbound", bool]:
        """The stored row and whether it is new. A second delivery waits for the first one's transaction.

        Raises `KeyReused` when the key came before with other bytes.
        """
        digest = hashlib.sha256(raw).hexdigest()
        inbound, is_new = cls.objects.get_or_create(
            channel=channel, key=key, defaults={"digest": digest, "raw": raw, **known}
        )
        if inbound.digest != digest:
            raise KeyReused
        return inbound, is_new

    def settle(
        self,
        state: str,
        *,
        rule: str = "",
        error: str = "",
        ticket: Ticket | None = None,
        message: Message | None = None,
    ) -> None:
        """Says how it ended."""
        self.state, self.rule, self.error, self.ticket, self.message = state, rule, error[:4000], ticket, message
        self.save(update_fields=["state", "rule", "error", "ticket", "message"])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> Self:
        """Waiting with its time come, or held by a sender that must have died."""
        return self.filter(
            state__in=[Delivery.State.QUEUED, Delivery.State.SENDING], due_at__lte=timezone.now()
        ).order_by("due_at", "pk")


class Delivery(models.Model):
    """One message on its way to one address. The Message-ID is fixed before the first try."""

    LEASE = timedelta(seconds=40)  # longer than the mail server's time-out
    MOST_ATTEMPTS = 8

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        RECEIPT = "receipt", _("receipt")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("message"), related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.REPLY)
    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=30, default="mail")
    address = models.CharField(_("address"), max_length=320)
    message_id = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "kind", "address"], name="a_message_goes_to_an_address_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["queued", "sending"]), name="delivery_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"
