from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("new")
    OPEN = "open", _("open")
    WAITING = "waiting", _("waiting on customer")
    HOLD = "hold", _("on hold")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")


OPEN_STATUSES = (Status.NEW, Status.OPEN, Status.WAITING, Status.HOLD)
DONE_STATUSES = (Status.RESOLVED, Status.CLOSED)


class Priority(models.IntegerChoices):
    """Numbers, so that the database sorts by urgency."""

    LOW = 1, _("low")
    NORMAL = 2, _("normal")
    HIGH = 3, _("high")
    URGENT = 4, _("urgent")

    @property
    def slug(self) -> str:
        return self.name.lower()

    @classmethod
    def from_slug(cls, slug: str) -> "Priority":
        """Raises `ValueError` naming the known ones."""
        try:
            return cls[slug.strip().upper()]
        except KeyError:
            raise ValueError(f"unknown priority {slug!r}; known: low, normal, high, urgent") from None


class ActorKind(models.TextChoices):
    PERSON = "person", _("person")
    CUSTOMER = "customer", _("customer")
    RULE = "rule", _("rule")
    MODEL = "model", _("triage")
    SYSTEM = "system", _("system")


class Score(models.IntegerChoices):
    """How a customer rates what became of a ticket. The face is told by its word; icon and tone only support it."""

    VERY_BAD = 1, _("Very bad")
    BAD = 2, _("Bad")
    MIDDLING = 3, _("So-so")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")

    @property
    def icon(self) -> str:
        return ("angry", "frown", "meh", "smile", "laugh")[self - 1]

    @property
    def emoji(self) -> str:
        """The like for mails, which carry no drawings: of those that old fonts know, too."""
        return "😠😞😐😊😄"[self - 1]

    @property
    def tone(self) -> str:
        """Of `.chip` and `.notice`."""
        return ("bad", "bad", "", "good", "good")[self - 1]
