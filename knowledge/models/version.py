"""An article in one language, and every text it ever had."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import storable
from people.models import User

from ..choices import Language
from ..markdown import rendered
from .article import Article


def tidy(title: str, body: str) -> tuple[str, str]:
    """Both as they are kept: what PostgreSQL can store, the title one line, the text with plain line ends."""
    lines = storable(body).replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return " ".join(storable(title).split())[:200], "\n".join(lines)


class Version(models.Model):
    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="versions")
    language = models.CharField(_("language"), max_length=10, choices=Language.choices)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), help_text=_("Markdown."))
    html = models.TextField(editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="one_version_a_language")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    @transaction.atomic
    def write(cls, article: Article, language: str, *, title: str, body: str, by: User | None = None) -> "Version":
        """The article's words in that language from now on: rendered, findable, and remembered as a revision.

        The same words again change nothing.
        """
        from .. import search

        title, body = tidy(title, body)
        Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        known = cls.objects.filter(article=article, language=Language(language)).first()
        if known and (known.title, known.body) == (title, body):
            return known
        version = known or cls(article=article, language=Language(language))
        version.title, version.body, version.html = title, body, rendered(body)
        version.updated_at = timezone.now()
        version.save()
        number = version.revisions.count() + 1
        version.revisions.create(number=number, title=title, body=body, user=by)
        search.index(version)
        return version


class Revision(models.Model):
    """What a version said at one time. Never changed."""

    version = models.ForeignKey(Version, models.CASCADE, verbose_name=_("version"), related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="a_revision_has_its_own_number")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
