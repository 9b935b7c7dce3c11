from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import doorbell
from people.models import User

from .target import Target


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
