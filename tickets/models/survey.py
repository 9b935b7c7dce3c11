"""What the customer thinks of it: asked for once in a ticket's life."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import storable

from ..choices import Score, Status
from ..errors import ScoreRefused, SurveyClosed

if TYPE_CHECKING:
    from .ticket import Ticket


# One statement, because every solved ticket takes it: a new survey, or a cancelled one that waits again.
_WAIT = """
    INSERT INTO tickets_survey (ticket_id, state, due_at, language, comment)
    VALUES (%(ticket)s, 'waiting', %(due_at)s, '', '')
    ON CONFLICT (ticket_id) DO UPDATE SET state = 'waiting', due_at = excluded.due_at
    WHERE tickets_survey.state = 'cancelled'
"""


def unwanted_tags() -> list[str]:
    return ["spam"]


class SurveySettings(models.Model):
    """Whether, when and about what customers are asked: one row, or the defaults."""

    MOST_DELAY = 30 * 24 * 60  # minutes

    is_on = models.BooleanField(_("ask customers"), default=True)
    delay = models.PositiveIntegerField(
        _("delay"),
        default=60,
        validators=[MaxValueValidator(MOST_DELAY)],
        help_text=_("Minutes between the resolution and the mail, at most 30 days."),
    )
    quiet_from = models.PositiveSmallIntegerField(
        _("quiet from"),
        default=21,
        validators=[MaxValueValidator(23)],
        help_text=_("Full hour of the customer's clock, 0 to 23, from which no mail is sent."),
    )
    quiet_to = models.PositiveSmallIntegerField(
        _("quiet until"),
        default=8,
        validators=[MaxValueValidator(23)],
        help_text=_("Full hour of the customer's clock, 0 to 23. The same as the beginning: no quiet hours."),
    )
    low_score = models.PositiveSmallIntegerField(
        _("low score"),
        default=Score.BAD,
        validators=[MaxValueValidator(Score.GOOD)],
        help_text=_("The assignee or the team is told of this score and lower ones. 0: never."),
    )
    reopens = models.BooleanField(
        _("a low score reopens"),
        default=False,
        help_text=_("A low score with a comment opens the ticket again, the comment being the customer's answer."),
    )
    never_tags = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("never for the tags"),
        default=unwanted_tags,
        blank=True,
        help_text=_("Tickets with one of these tags are not asked about; separated by commas."),
    )

    class Meta:
        verbose_name = _("survey settings")
        verbose_name_plural = _("survey settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="survey_settings_are_one_row"),
            models.CheckConstraint(condition=models.Q(quiet_from__lt=24, quiet_to__lt=24), name="survey_quiet_hours"),
        ]

    def __str__(self) -> str:
        return str(_("survey settings"))

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        if "" in (tag.strip() for tag in self.never_tags):
            raise ValidationError({"never_tags": _("One of the tags is empty. Take out the comma too many.")})

    @classmethod
    def current(cls) -> "SurveySettings":
        return cls.objects.first() or cls()

    def is_low(self, score: int) -> bool:
        return score <= self.low_score


class SurveyQuerySet(models.QuerySet["Survey"]):
    def waiting(self) -> Self:
        return self.filter(state=Survey.State.WAITING)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=timezone.now())

    def asked(self) -> Self:
        """Those whose customer was written to: what a response rate counts from."""
        return self.filter(asked_at__isnull=False)

    def answered(self) -> Self:
        """Those with a score, also from customers who gave it without being asked."""
        return self.filter(score__isnull=False)


class Survey(models.Model):
    """One ticket's survey. Only the ticket's verbs and the flow in `surveys` change it."""

    OPEN_FOR = timedelta(days=30)
    LONGEST = 2_000  # characters of a comment

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its time")
        ASKED = "asked", _("asked, not answered yet")
        ANSWERED = "answered", _("answered")
        CANCELLED = "cancelled", _("cancelled")

    ticket = models.OneToOneField(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="survey", primary_key=True
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True)
    score = models.PositiveSmallIntegerField(_("score"), choices=Score.choices, null=True)
    comment = models.TextField(_("comment"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, help_text=_("When the first score came."))

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="survey_score_1_to_5"),
            models.CheckConstraint(
                condition=models.Q(state="answered", score__isnull=False, answered_at__isnull=False)
                | ~models.Q(state="answered") & models.Q(score=None, answered_at=None),
                name="an_answered_survey_has_a_score",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="survey_due")]

    def __str__(self) -> str:
        return f"survey of ticket {self.ticket_id}"

    @property
    def face(self) -> Score | None:
        return Score(self.score) if self.score else None

    @property
    def may_be_asked(self) -> bool:
        return self.asked_at is None and self.score is None

    def closes_at(self, ticket: "Ticket") -> datetime | None:
        """When the score is settled for good; nothing for what was neither asked, nor answered, nor resolved."""
        began = self.asked_at or self.answered_at or ticket.resolved_at
        return began + self.OPEN_FOR if began else None

    @classmethod
    def follow(cls, ticket: "Ticket") -> None:
        """Keeps in step with the ticket: solved, a survey waits for its time; opened before that, it waits no more."""
        if ticket.status == Status.RESOLVED:
            cls._plan(ticket)
        elif ticket.is_open:
            cls.objects.waiting().filter(ticket=ticket).update(state=cls.State.CANCELLED)

    @classmethod
    def _plan(cls, ticket: "Ticket") -> None:
        chosen = SurveySettings.current()
        if not chosen.is_on:
            return
        due_at = timezone.now() + timedelta(minutes=chosen.delay)
        with connection.cursor() as cursor:
            cursor.execute(_WAIT, {"ticket": ticket.pk, "due_at": due_at})

    def ask(self, *, language: str, at: datetime) -> None:
        self.state, self.language, self.asked_at = self.State.ASKED, language, at

    def answer(self, score: int, comment: str, *, at: datetime) -> bool:
        """Takes the score and the comment; False if it had both. Raises `ScoreRefused`."""
        if isinstance(score, bool) or score not in Score.values:
            raise ScoreRefused
        comment = storable(comment).strip()[: self.LONGEST]
        if (score, comment) == (self.score, self.comment):
            return False
        self.state, self.score, self.comment = self.State.ANSWERED, score, comment
        self.answered_at = self.answered_at or at
        return True

    def check_open(self, ticket: "Ticket", at: datetime) -> None:
        """Raises `SurveyClosed` when it is too early or too late for a score."""
        closes_at = self.closes_at(ticket)
        if closes_at is None or at >= closes_at:
            raise SurveyClosed(too_early=closes_at is None)

    def cancel(self) -> None:
        self.state = self.State.CANCELLED
        self.save(update_fields=["state"])

    def postpone(self, due_at: datetime) -> None:
        self.due_at = due_at
        self.save(update_fields=["due_at"])

    def withdraw(self) -> None:
        """It could not reach anybody after all: not asked, then."""
        if self.state == self.State.ASKED:
            self.state, self.asked_at = self.State.CANCELLED, None
            self.save(update_fields=["state", "asked_at"])
