"""The history. Nothing else tells rooms about each other."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Customer

from ..choices import ActorKind


class Event(models.Model):
    """One change of one ticket: who, what kind, and its particulars as codes. Never changed, never deleted alone."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="events")
    kind = models.CharField(_("kind"), max_length=40)
    actor = models.CharField(_("done by"), max_length=10, choices=ActorKind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, related_name="+"
    )
    customer = models.ForeignKey(Customer, models.SET_NULL, verbose_name=_("customer"), null=True, related_name="+")
    message = models.ForeignKey(
        "tickets.Message", models.CASCADE, verbose_name=_("message"), null=True, related_name="events"
    )
    data = models.JSONField(_("particulars"), default=dict)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["ticket", "id"], name="event_ticket_order"),
            models.Index(fields=["at"], name="event_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"


class PendingQuerySet(models.QuerySet["Pending"]):
    def due(self, consumer: str) -> Self:
        return self.filter(consumer=consumer, due_at__lte=timezone.now()).order_by("due_at", "pk")

    def given_up(self) -> Self:
        return self.filter(attempts__gte=Pending.MOST_ATTEMPTS)


class Pending(models.Model):
    """Work that a consumer still owes an event. Deleted in the transaction that did the work."""

    MOST_ATTEMPTS = 8

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="pending")
    consumer = models.CharField(_("consumer"), max_length=40)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)

    objects = PendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending work")
        verbose_name_plural = _("pending work")
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="a_consumer_owes_an_event_once")]
        indexes = [models.Index(fields=["consumer", "due_at", "id"], name="pending_due")]

    def __str__(self) -> str:
        return f"{self.consumer} owes event {self.event_id}"
