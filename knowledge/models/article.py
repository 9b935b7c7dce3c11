"""A known solution and the section it stands in. Its words are in its versions, one a language."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual
from people.models import User

from ..choices import State

if TYPE_CHECKING:
    from .version import Version


class Section(Bilingual):
    """A shelf of the help centre."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    description_en = models.CharField(_("description (English)"), max_length=250, blank=True)
    description_zh = models.CharField(_("description (Chinese)"), max_length=250, blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="book-open", help_text=_("A name from lucide.dev."))
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "pk"]

    @property
    def description(self) -> str:
        texts = self.description_en, self.description_zh
        first, second = reversed(texts) if (get_language() or "").startswith("zh") else texts
        return first or second


def reads_all(viewer: object) -> bool:
    return isinstance(viewer, User) and viewer.is_active


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def visible_to(self, viewer: object) -> Self:
        """Everybody reads what is published, the staff also what is internal, and drafts."""
        return self if reads_all(viewer) else self.published()


class Article(models.Model):
    section = models.ForeignKey(Section, models.PROTECT, verbose_name=_("section"), related_name="articles")
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    position = models.PositiveIntegerField(_("position"), default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("author"), null=True, related_name="articles"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["section", "position", "pk"]
        indexes = [models.Index(fields=["section", "state", "position", "id"], name="knowledge_order_in_section")]

    def __str__(self) -> str:
        return self.slug

    def version_in(self, language: str) -> "Version | None":
        """Its words in that language, else in the other one; none only for an article nobody has written."""
        versions = sorted(self.versions.all(), key=lambda version: version.language != language)
        return versions[0] if versions else None

    @property
    def state_icon(self) -> str:
        return {State.DRAFT: "pencil", State.INTERNAL: "lock", State.PUBLISHED: "globe"}[State(self.state)]

    def states_for(self, writer: User) -> list[State]:
        """What this writer may make of it: everyone writes, managers and administrators publish and withdraw."""
        if writer.is_manager:
            return list(State)
        return [State.PUBLISHED] if self.state == State.PUBLISHED else [State.DRAFT, State.INTERNAL]

    def set_state(self, state: str) -> None:
        """Publishes it, keeps it among the staff, or takes it back to the writers."""
        self.state = State(state)
        if self.state == State.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
        self.save(update_fields=["state", "published_at"])
