from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Team, User
from tickets.choices import Priority
from tickets.models import Ticket

from .learned import LearnedModel
from .target import Target


class Suggestion(models.Model):
    """What triage thinks of one aspect of a ticket; `silent` says why it thinks nothing."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested")
        APPLIED = "applied", _("applied")
        ACCEPTED = "accepted", _("accepted")
        CORRECTED = "corrected", _("corrected")
        SILENT = "silent", _("silent")

    JUDGED = (State.ACCEPTED, State.CORRECTED)

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="suggestions")
    target = models.CharField(_("target"), max_length=10, choices=Target.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SUGGESTED)
    label = models.CharField(_("label"), max_length=100, blank=True, help_text=_("Slug of a category or priority."))
    team = models.ForeignKey(Team, models.SET_NULL, verbose_name=_("team"), null=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, verbose_name=_("person"), null=True, related_name="+")
    confidence = models.FloatField(_("confidence"), null=True)
    sure = models.BooleanField(_("sure"), default=False)
    ranked = models.JSONField(
        _("ranking"), default=list, help_text=_("Pairs of code and probability or score, best first.")
    )
    reasons = models.JSONField(
        _("reasons"), default=list, help_text=_("Words of the text with weights, or parts of the score.")
    )
    silence = models.CharField(_("why silent"), max_length=20, blank=True)
    model = models.ForeignKey(LearnedModel, models.SET_NULL, verbose_name=_("model"), null=True, related_name="+")
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "target"], name="one_suggestion_per_ticket_and_target"),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__range=(0, 1)),
                name="suggestion_confidence_from_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} of ticket {self.ticket_id}: {self.code}"

    @property
    def code(self) -> str | int | None:
        """What is suggested, in the ticket's own terms: a slug or an id."""
        return self.label or self.team_id or self.user_id

    @property
    def is_judged(self) -> bool:
        return self.state in self.JUDGED

    @property
    def is_so(self) -> bool:
        """The ticket stands as suggested, whoever brought that about."""
        return self.code is not None and self.code == code_of(self.ticket, self.target)

    @classmethod
    def judge(cls, ticket: Ticket, target: str) -> None:
        """A person has decided `target` of the ticket: the suggestion was right, or stands corrected."""
        for suggestion in cls.objects.filter(ticket=ticket, target=target).exclude(state=cls.State.SILENT):
            suggestion.ticket = ticket
            suggestion.state = cls.State.ACCEPTED if suggestion.is_so else cls.State.CORRECTED
            suggestion.save(update_fields=["state"])


def code_of(ticket: Ticket, target: str) -> str | int | None:
    """What the ticket says about `target`, as suggestions say it."""
    match target:
        case Target.CATEGORY:
            return ticket.category.slug if ticket.category else None
        case Target.PRIORITY:
            return Priority(ticket.priority).slug
        case Target.TEAM:
            return ticket.team_id
        case Target.ASSIGNEE:
            return ticket.assignee_id
    return None
