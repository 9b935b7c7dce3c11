"""Those who sign in with a password: agents, managers, administrators."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .team import Team


class Role(models.TextChoices):
    AGENT = "agent", _("agent")
    MANAGER = "manager", _("manager")
    ADMINISTRATOR = "administrator", _("administrator")


class Presence(models.TextChoices):
    ONLINE = "online", _("online")
    AWAY = "away", _("away")
    OFFLINE = "offline", _("offline")


class Theme(models.TextChoices):
    SYSTEM = "system", _("like the system")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def agents(self) -> Self:
        return self.active().filter(role=Role.AGENT)

    def named(self) -> Self:
        """In the order a menu shows them."""
        return self.order_by("first_name", "last_name", "username")


class StaffManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Named, because migrations must find it again."""


class User(AbstractUser):
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.AGENT)
    teams = models.ManyToManyField(Team, verbose_name=_("teams"), related_name="members", blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    theme = models.CharField(_("appearance"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    presence = models.CharField(_("presence"), max_length=10, choices=Presence.choices, default=Presence.OFFLINE)
    presence_at = models.DateTimeField(_("presence since"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), default=20, help_text=_("Open tickets this person handles well at one time.")
    )

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: object, **kwargs: object) -> None:
        # The admin is the administrator's tool; Django's own flag follows the role.
        self.is_staff = self.is_superuser or self.role == Role.ADMINISTRATOR
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Administrators may do all that the admin offers; nobody else needs single permissions."""
        return self.is_administrator or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_administrator or super().has_module_perms(app_label)

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR

    @property
    def is_manager(self) -> bool:
        return self.role in (Role.MANAGER, Role.ADMINISTRATOR)

    @cached_property
    def team_ids(self) -> frozenset[int]:
        memberships = User.teams.through.objects.filter(user=self)
        return frozenset(memberships.values_list("team_id", flat=True))

    @property
    def initials(self) -> str:
        return initials(str(self))

    def set_presence(self, presence: str) -> None:
        """Raises `ValueError` for a presence that is not one of `Presence`."""
        self.presence = Presence(presence)
        self.presence_at = timezone.now()
        self.save(update_fields=["presence", "presence_at"])

    def prefer(self, *, language: str | None = None, theme: str | None = None) -> None:
        """Keeps what the person chose for every later visit; raises `ValueError` for an unknown choice."""
        if language is not None:
            if language not in dict(settings.LANGUAGES):
                raise ValueError(f"unknown language {language!r}")
            self.language = language
        if theme is not None:
            self.theme = Theme(theme)
        self.save(update_fields=["language", "theme"])


def initials(name: str) -> str:
    """Two letters for a Latin name, the family character for a Chinese one, `?` for none."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E7F:
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
