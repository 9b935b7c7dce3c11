import hashlib
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.locking import taken
from people.models import User
from tickets.errors import DomainError
from tickets.models import Message, Ticket

from ..rules import RULES


class KeyReused(DomainError):
    """The same idempotency key came with other content."""

    def __str__(self) -> str:
        return gettext("This form was sent before with other words. Reload the page and send it again.")


class InboundQuerySet(models.QuerySet["Inbound"]):
    def unfinished(self) -> Self:
        return self.filter(state=Inbound.State.STORED)

    def quarantined(self) -> Self:
        return self.filter(state=Inbound.State.QUARANTINED)

    def dropped(self) -> Self:
        return self.filter(state=Inbound.State.DROPPED)

    def set_aside(self) -> Self:
        """In no ticket, and still open to a manager's decision."""
        return self.filter(state__in=[Inbound.State.QUARANTINED, Inbound.State.DROPPED])


class Inbound(models.Model):
    """What came in, byte for byte, stored before anything looks at it. Every row ends in one of four states."""

    LEASE = timedelta(minutes=2)  # longer than a worker's time limit
    MOST_ATTEMPTS = 3

    class State(models.TextChoices):
        STORED = "stored", _("stored, not read yet")
        TICKETED = "ticketed", _("became a ticket")
        APPENDED = "appended", _("went into a ticket")
        QUARANTINED = "quarantined", _("in quarantine")
        DROPPED = "dropped", _("dropped")

    channel = models.CharField(_("channel"), max_length=30)
    key = models.CharField(
        _("key"), max_length=200, help_text=_("Says that two deliveries are one: unique in its channel.")
    )
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    raw = models.BinaryField()
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    preview = models.CharField(_("first words"), max_length=200, blank=True)
    external_id = models.CharField(
        _("id at the sender"), max_length=500, blank=True, db_index=True, help_text=_("For mail, the Message-ID.")
    )
    fingerprint = models.CharField(
        _("fingerprint"),
        max_length=64,
        blank=True,
        help_text=_("Digest of what was understood: equal for one mail come by two ways."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.STORED)
    rule = models.CharField(_("rule"), max_length=60, blank=True, help_text=_("Why it was quarantined or dropped."))
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, verbose_name=_("ticket"), null=True, related_name="+")
    message = models.ForeignKey(Message, models.SET_NULL, verbose_name=_("message"), null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), null=True, related_name="+"
    )

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

    @property
    def is_set_aside(self) -> bool:
        return self.state in (self.State.QUARANTINED, self.State.DROPPED)

    @property
    def reason(self) -> str | Promise:
        """The rule in words."""
        return RULES.get(self.rule, self.rule)

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

    @classmethod
    def claim(cls, *, channel: str, pk: int | None = None) -> "Inbound | None":
        """One stored row whose time has come, its try counted and committed first, so that no row is tried forever."""
        with transaction.atomic():
            waiting = cls.objects.unfinished().filter(channel=channel, due_at__lte=timezone.now())
            if pk is not None:
                waiting = waiting.filter(pk=pk)
            inbound = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk").first()
            if inbound:
                inbound.attempts += 1
                inbound.due_at = timezone.now() + cls.LEASE
                inbound.save(update_fields=["attempts", "due_at"])
            return inbound

    @classmethod
    def held(cls, pk: int) -> "Inbound | None":
        """The still unread row, locked until the transaction ends; nothing if someone else holds it."""
        return taken(cls.objects.unfinished().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first)

    def settle(
        self,
        state: str,
        *,
        rule: str = "",
        error: str = "",
        ticket: Ticket | None = None,
        message: Message | None = None,
        by: User | None = None,
    ) -> None:
        """Says how it ended and, when a person decided it, who."""
        self.state, self.rule, self.error, self.ticket, self.message = (
            state,
            rule,
            error[:4000],
            ticket,
            message,
        )
        self.decided_by = by
        self.save(update_fields=["state", "rule", "error", "ticket", "message", "decided_by"])

    def postpone(self, error: Exception) -> None:
        """Try again in a moment; after the last try a manager decides."""
        told = f"{type(error).__name__}: {error}"
        if self.attempts >= self.MOST_ATTEMPTS:
            self.settle(self.State.QUARANTINED, rule="unreadable", error=told)
            return
        self.error = told[:4000]
        self.due_at = timezone.now() + timedelta(seconds=10 * self.attempts)
        self.save(update_fields=["error", "due_at"])

    def retry(self) -> None:
        """Back among the unread, with all its tries."""
        self.state, self.rule, self.attempts, self.due_at = self.State.STORED, "", 0, timezone.now()
        self.save(update_fields=["state", "rule", "attempts", "due_at"])
