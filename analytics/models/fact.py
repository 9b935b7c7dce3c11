"""One row a ticket, wide and plain, so that every figure is a sum over few columns."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Team, User
from tickets.choices import Priority
from tickets.models import Category, Ticket


class Fact(models.Model):
    """What the figures need to know of a ticket. Derived: `analytics.facts` makes it anew from the history at will.

    Times are moments, waits are seconds of wall time.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, primary_key=True, related_name="fact")
    created_at = models.DateTimeField(_("created"))
    channel = models.CharField(_("channel"), max_length=30)
    language = models.CharField(_("language"), max_length=10)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    category = models.ForeignKey(
        Category, models.SET_NULL, verbose_name=_("category"), null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey(Team, models.SET_NULL, verbose_name=_("team"), null=True, related_name="+", db_index=False)
    agent = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("agent"), null=True, related_name="+", db_index=False
    )

    replies = models.PositiveIntegerField(_("replies"), default=0)
    customer_messages = models.PositiveIntegerField(_("messages of the customer"), default=0)
    first_response_seconds = models.PositiveIntegerField(_("seconds to the first reply"), null=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, help_text=_("The last time; empty while it is open."))
    resolution_seconds = models.PositiveIntegerField(_("seconds to the resolution"), null=True)
    reopened = models.PositiveIntegerField(_("times reopened"), default=0)

    sorted_by_model = models.BooleanField(_("categorised by triage"), default=False)
    overridden = models.BooleanField(_("triage's category was changed"), default=False)
    solution_used = models.BooleanField(_("a known solution was used"), default=False)
    solution_worked = models.BooleanField(_("a known solution worked"), default=False)

    surveyed_at = models.DateTimeField(_("asked for an opinion"), null=True)
    rated_at = models.DateTimeField(_("rated"), null=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = [
            models.Index(fields=["created_at", "ticket"], name="fact_created"),
            models.Index(fields=["resolved_at"], name="fact_resolved"),
            models.Index(fields=["surveyed_at"], condition=Q(surveyed_at__isnull=False), name="fact_surveyed"),
            models.Index(fields=["rated_at"], condition=Q(rated_at__isnull=False), name="fact_rated"),
        ]

    def __str__(self) -> str:
        return f"fact of ticket {self.ticket_id}"
