from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .target import Target


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
