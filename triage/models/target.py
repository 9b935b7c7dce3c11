from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.choices import ActorKind


class Target(models.TextChoices):
    """What a suggestion is about. The first two are learned; the others follow from them."""

    CATEGORY = "category", _("category")
    PRIORITY = "priority", _("priority")
    TEAM = "team", _("team")
    ASSIGNEE = "assignee", _("assignee")
    SIMILAR = "similar", _("similar tickets")
    SOLUTIONS = "solutions", _("solutions")


LEARNED = (Target.CATEGORY, Target.PRIORITY)
UNDECIDED = ("", ActorKind.MODEL)  # who chose, where nobody but triage has
