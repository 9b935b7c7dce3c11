from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from people.models import Team

from ..choices import Priority


class Category(Bilingual):
    """What kind of problem: a node of a tree. A ticket may sit on any node."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent"), related_name="children", null=True, blank=True
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        verbose_name=_("team"),
        related_name="categories",
        null=True,
        blank=True,
        help_text=_("Who takes such tickets. Empty: the parent's team."),
    )
    default_priority = models.PositiveSmallIntegerField(
        _("usual priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["slug"]

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A category cannot stand below itself. Choose another parent.")})
            above = above.parent

    @classmethod
    def in_order(cls, *, retired: bool = False) -> list["Category"]:
        """All categories in use, parents before their children, with parents attached: one query.

        `retired` brings those out of use along, which old tickets still carry.
        """
        nodes = list(cls.objects.all() if retired else cls.objects.filter(is_active=True))
        by_pk = {node.pk: node for node in nodes}
        for node in nodes:
            if node.parent_id in by_pk:
                node.parent = by_pk[node.parent_id]
        return sorted(nodes, key=lambda node: [above.slug for above in node.line])

    @property
    def line(self) -> list["Category"]:
        """From the root to this node."""
        return [*self.parent.line, self] if self.parent else [self]

    @property
    def path(self) -> str:
        return " › ".join(node.name for node in self.line)

    @property
    def responsible_team_id(self) -> int | None:
        """Its own team, or the nearest one above."""
        return next((node.team_id for node in reversed(self.line) if node.team_id), None)


class Skill(models.Model):
    """How well a person handles a kind of problem, 0 to 1."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="skills")
    category = models.ForeignKey(Category, models.CASCADE, verbose_name=_("category"), related_name="skills")
    level = models.FloatField(_("level"), default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)])

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="one_skill_per_person_and_category"),
            models.CheckConstraint(condition=models.Q(level__range=(0, 1)), name="skill_level_between_0_and_1"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.category} {self.level:.1f}"
