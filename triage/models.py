"""What triage learned, what it thinks of each ticket, and the long work of its trainer."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import doorbell
from people.models import Team, User
from tickets.choices import ActorKind, Priority
from tickets.models import Ticket


class Target(models.TextChoices):
    """What a suggestion is about. The first two are learned; the others follow from them."""

    CATEGORY = "category", _("category")
    PRIORITY = "priority", _("priority")
    TEAM = "team", _("team")
    ASSIGNEE = "assignee", _("assignee")
    SIMILAR = "similar", _("similar tickets")


LEARNED = (Target.CATEGORY, Target.PRIORITY)
UNDECIDED = ("", ActorKind.MODEL)  # who chose, where nobody but triage has


class LearnedModelQuerySet(models.QuerySet["LearnedModel"]):
    def active(self) -> Self:
        return self.filter(state=LearnedModel.State.ACTIVE)


class LearnedModel(models.Model):
    """One trained model: where its file is, what is in it, and how good it was on rows it had not read."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        RETIRED = "retired", _("retired")

    target = models.CharField(_("target"), max_length=10, choices=Target.choices)
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(_("trained"), default=timezone.now)
    file = models.CharField(_("file"), max_length=200, blank=True, help_text=_("Empty once it was tidied away."))
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    libraries = models.JSONField(_("library versions"), default=dict)
    data_digest = models.CharField(_("digest of the examples"), max_length=64)
    threshold = models.FloatField(_("threshold"))
    report = models.JSONField(_("report"), default=dict)

    objects = LearnedModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("learned model")
        verbose_name_plural = _("learned models")
        ordering = ["target", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["target", "version"], name="a_model_has_its_own_version"),
            models.UniqueConstraint(fields=["target"], condition=Q(state="active"), name="one_active_model_a_target"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.version}"

    @property
    def never_sure(self) -> bool:
        """It did not beat the baseline, or not often enough: it suggests and leaves the rest to people."""
        return self.threshold > 1


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
    def keep(cls, ticket: Ticket, target: str, **values: Any) -> "Suggestion":
        """The ticket's one row about `target`, written anew unless a person has judged it already."""
        known = cls.objects.filter(ticket=ticket, target=target).first()
        if known and known.is_judged:
            return known
        blank: dict[str, Any] = {"label": "", "team": None, "user": None, "model": None, "silence": ""}
        blank |= {
            "confidence": None,
            "sure": False,
            "ranked": [],
            "reasons": [],
            "state": cls.State.SUGGESTED,
        }
        kept, _is_new = cls.objects.update_or_create(
            ticket=ticket, target=target, defaults=blank | values | {"created_at": timezone.now()}
        )
        return kept

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


class Run(models.Model):
    """A long piece of work of the trainer: the row is the order, its progress and its outcome."""

    class Kind(models.TextChoices):
        TRAIN = "train", _("Train on all decided tickets")
        REAPPLY = "reapply", _("Apply to the open backlog")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for the trainer")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TRAIN)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    share = models.FloatField(_("share done"), default=0)
    stage = models.CharField(_("stage"), max_length=40, blank=True)
    outcome = models.JSONField(_("outcome"), default=dict)
    error = models.CharField(_("error"), max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("asked by"), null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("run of the trainer")
        verbose_name_plural = _("runs of the trainer")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(state="queued"), name="one_queued_run_of_a_kind"),
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="run_share_from_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def ask(cls, kind: str, *, by: User | None = None) -> "Run":
        """Orders the work and rings for the trainer; a waiting order of the same kind is enough."""
        run, _is_new = cls.objects.get_or_create(kind=cls.Kind(kind), state=cls.State.QUEUED, defaults={"user": by})
        doorbell.ring(f"triage.tasks.{run.kind}")
        return run

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def words(self) -> str:
        """What it is doing, or how it ended."""
        if self.error:
            return str(ERRORS.get(self.error, self.error))
        if "tickets" in self.outcome:
            tickets = self.outcome["tickets"]
            return ngettext("%(n)d ticket", "%(n)d tickets", tickets) % {"n": tickets}
        if self.outcome:
            made = [{"target": Target(target).label, "number": number} for target, number in self.outcome.items()]
            return str(_("; ")).join(_("%(target)s %(number)s") % each for each in made)
        target, _dot, code = self.stage.rpartition(".")
        stage = str(STAGES.get(code, code))
        return _("%(target)s: %(stage)s") % {"target": Target(target).label, "stage": stage} if target else stage


STAGES = {
    "reading": _("reading the tickets"),
    "checking": _("checking on tickets it has not read"),
    "learning": _("learning from all"),
    "done": _("storing"),
    "applying": _("reading the open tickets"),
}
ERRORS = {
    "too_little": _("Too few decided tickets: at least three of one category are needed. Decide some, then train."),
    "interrupted": _("The trainer was stopped in the middle of it. Start it again."),
    "broken": _("It broke off with an error, which the trainer's log tells. Start it again once that is mended."),
}
