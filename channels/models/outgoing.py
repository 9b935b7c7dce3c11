import random
from datetime import timedelta
from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.locking import taken
from tickets.actors import SYSTEM
from tickets.models import Ticket

# Waits after the first failure, the second, …: eight tries in a day.
WAITS = [
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=12),
]


class OutgoingQuerySet(models.QuerySet):
    def due(self) -> Self:
        """Waiting with its time come, or held by a sender that must have died."""
        return self.filter(state__in=["queued", "sending"], due_at__lte=timezone.now()).order_by("due_at", "pk")


class Outgoing(models.Model):
    """Something on its way to one mail address: claimed by one sender, tried again, given up."""

    LEASE = timedelta(seconds=40)  # after which another sender may take over from a dead one
    MOST_ATTEMPTS = len(WAITS) + 1

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    address = models.CharField(_("address"), max_length=320)
    mail_id = models.CharField("Message-ID", max_length=300, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state__in=["queued", "sending"]), name="%(class)s_due")
        ]

    @classmethod
    def claim(cls) -> Self | None:
        """One due row for this sender, its try counted and committed first."""
        with transaction.atomic():
            found: Any = cls.objects.due().select_for_update(skip_locked=True, of=("self",)).first()
            row: Self | None = found
            if row:
                row.state, row.attempts = cls.State.SENDING, row.attempts + 1
                row.due_at = timezone.now() + cls.LEASE
                row.save(update_fields=["state", "attempts", "due_at"])
            return row

    @classmethod
    def held(cls, pk: int) -> Self | None:
        """The claimed row, locked until the transaction ends, so that an expired lease never means sending twice."""
        sending: Any = cls.objects.filter(pk=pk, state=cls.State.SENDING)
        row: Self | None = taken(sending.select_for_update(skip_locked=True, of=("self",)).first)
        return row

    def sent(self) -> None:
        self.state, self.sent_at, self.error = self.State.SENT, timezone.now(), ""
        self.save(update_fields=["state", "sent_at", "error"])

    def postpone(self, error: str) -> None:
        """The next try, a little off the beat so that many failures do not return together; after the last, failed."""
        if self.attempts >= self.MOST_ATTEMPTS:
            self.fail(error)
            return
        wait = WAITS[max(self.attempts, 1) - 1] * random.uniform(0.9, 1.1)  # noqa: S311  no secret
        self.state, self.error, self.due_at = self.State.QUEUED, error[:2000], timezone.now() + wait
        self.save(update_fields=["state", "error", "due_at"])

    @transaction.atomic
    def fail(self, error: str) -> None:
        """For good: nobody will try again by itself. The history of the ticket it belongs to says so, once."""
        if self.state == self.State.FAILED:
            return
        self.state, self.error = self.State.FAILED, error[:2000]
        self.save(update_fields=["state", "error"])
        if ticket := self.its_ticket:
            ticket.record("delivery_failed", by=SYSTEM, address=self.address, error=error[:500])

    @property
    def its_ticket(self) -> Ticket | None:
        return None

    def retry(self) -> None:
        """A person wants it tried again, from the first try on."""
        self.state, self.attempts, self.due_at = self.State.QUEUED, 0, timezone.now()
        self.save(update_fields=["state", "attempts", "due_at"])
