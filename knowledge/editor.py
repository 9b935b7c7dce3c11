"""One sitting at an article: what is said about it and its words in each language, saved all or not at all."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import User

from .choices import Language
from .difference import Line, difference
from .forms import ArticleForm, VersionForm
from .models import Article, Revision, Version


class Conflict:
    """Somebody else saved the version after this writer had opened it. Nothing of either is lost."""

    def __init__(self, theirs: Revision, title: str, body: str) -> None:
        self.who = theirs.user or _("Someone who is gone")
        self.difference: list[Line] = difference(f"{theirs.title}\n{theirs.body}", f"{title}\n{body}")


class Side:
    """A language of the editor."""

    def __init__(self, form: VersionForm) -> None:
        self.form = form
        self.language, self.version = form.language, form.version
        self.conflict: Conflict | None = None

    @property
    def is_touched(self) -> bool:
        """Whether the writer changed what they were given, which is not always what stands there now."""
        base = self.form.cleaned_data["base"]
        given = Revision.objects.filter(version=self.version, number=base).first() if self.version else None
        return self.form.words != ((given.title, given.body) if given else ("", ""))

    def find_conflict(self) -> None:
        if not self.version or self.form.cleaned_data["base"] == self.form.newest or not self.is_touched:
            return
        if (self.version.title, self.version.body) != self.form.words:
            theirs = self.version.revisions.select_related("user").get(number=self.form.newest)
            self.conflict = Conflict(theirs, *self.form.words)

    @property
    def base(self) -> Any:
        """What the next saving stands on: theirs, once the writer has been shown it."""
        return self.form.newest if self.conflict else self.form["base"].value()


class Editor:
    def __init__(self, article: Article, writer: User, data: Any = None) -> None:
        self.article, self.writer = article, writer
        self.about = ArticleForm(article, writer, data)
        self.sides = [Side(VersionForm(language, *known, data=data)) for language, known in _versions(article).items()]

    @cached_property
    def title(self) -> str:
        version = self.article.version_in(get_language() or "") if self.article.pk else None
        return version.title if version else self.article.slug

    @property
    def first_side(self) -> Language:
        """The one a narrow screen opens with: where something is wrong, else the writer's own, if it is written."""
        wrong = [side.language for side in self.sides if side.conflict or side.form.errors]
        written = [side.language for side in self.sides if side.version]
        own = [language for language in written or list(Language) if language.value == get_language()]
        return (wrong or own or written or list(Language))[0]

    @property
    def is_faulty(self) -> bool:
        return bool(self.about.errors or any(side.form.errors for side in self.sides))

    @property
    def is_unsaved(self) -> bool:
        """It holds words that are nowhere else."""
        return self.about.is_bound

    @property
    def has_conflict(self) -> bool:
        return any(side.conflict for side in self.sides)

    @transaction.atomic
    def save(self) -> bool:
        """Keeps what the writer changed. False, and nothing is kept, where a form errs or somebody was faster."""
        if not all([self.about.is_valid(), *(side.form.is_valid() for side in self.sides)]):
            return False
        if not any(title for title, _body in (side.form.words for side in self.sides)):
            self.about.add_error(None, _("Write a title and a text in at least one language."))
            return False
        self._look_again()
        for side in self.sides:
            side.find_conflict()
        return not self.has_conflict and self._keep()

    def _look_again(self) -> None:
        """Holds the article: what stands in it now stands in it until we have written."""
        if self.article.pk:
            self.article = Article.objects.select_for_update(no_key=True).get(pk=self.article.pk)
            for side, (version, newest) in zip(self.sides, _versions(self.article).values(), strict=True):
                side.version, side.form.version, side.form.newest = version, version, newest

    def _keep(self) -> bool:
        if not self._keep_about():
            return False
        for side in self.sides:
            title, body = side.form.words
            if title and side.is_touched:
                Version.write(self.article, side.language, title=title, body=body, by=self.writer)
        return True

    def _keep_about(self) -> bool:
        article, said = self.article, self.about.cleaned_data
        changed = set(self.about.changed_data)
        names = changed & {"section", "slug", "position"}
        if not article.pk:
            names |= {"section"}
            article.author = self.writer
        for name in names:
            setattr(article, name, said[name])
        article.slug = article.slug or self._slug_from_title()
        try:
            with transaction.atomic():
                article.save(update_fields=names if article.pk else None)
        except IntegrityError:
            self.about.add_error("slug", _("Another article has this address. Choose a different one."))
            return False
        if "state" in changed and said["state"] in article.states_for(self.writer):
            article.set_state(said["state"])
        return True

    def _slug_from_title(self) -> str:
        """The same for the same title, so that a form sent twice makes one article."""
        titles = [side.form.words[0] for side in self.sides if side.form.words[0]]
        made = next(filter(None, (slugify(title)[:100].strip("-") for title in titles)), "")
        return made or f"article-{hashlib.sha256(titles[0].encode()).hexdigest()[:8]}"


def _versions(article: Article) -> dict[Language, tuple[Version | None, int]]:
    """Each language's words and the number of their newest revision."""
    newest = dict(article.versions.values_list("language", Max("revisions__number"))) if article.pk else {}
    known = {version.language: version for version in article.versions.all()} if article.pk else {}
    return {language: (known.get(language.value), newest.get(language.value) or 0) for language in Language}
