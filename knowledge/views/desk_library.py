"""All articles as the staff sees them."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from people.access import staff_only

from .. import search
from ..choices import Language, State
from ..helpfulness import Helpfulness, helpfulness
from ..models import Article, Section, Version
from ..models.article import ArticleQuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; a word that is none of ours asks for nothing."""

    state: str = ""
    section: str = ""
    lacks: str = ""
    query: str = ""

    @classmethod
    def for_(cls, query: QueryDict) -> "Asked":
        state, lacks = query.get("state", ""), query.get("lacks", "")
        return cls(
            state if state in State.values else "",
            query.get("section", "")[:100],
            lacks if lacks in {language.short for language in Language} else "",
            query.get("q", "").replace("\x00", "").strip()[:200],
        )

    def among(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        if self.section:
            articles = articles.filter(section__slug=self.section)
        if self.lacks:
            articles = articles.exclude(versions__language=Language.from_short(self.lacks))
        return articles.filter(state=self.state) if self.state else articles

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()

    def address(self, **changed: object) -> str:
        words: dict[str, object] = {"state": self.state, "section": self.section, "lacks": self.lacks, "q": self.query}
        query = QueryDict(mutable=True)
        query.update({name: str(word) for name, word in (words | changed).items() if word})
        return f"?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Row:
    article: Article
    helpfulness: Helpfulness

    @property
    def versions(self) -> list[Version]:
        """The reader's own language first."""
        language = get_language()
        return sorted(self.article.versions.all(), key=lambda version: version.language != language)

    @property
    def missing(self) -> list[Language]:
        written = {version.language for version in self.article.versions.all()}
        return [language for language in Language if language.value not in written]

    @property
    def changed_at(self) -> datetime:
        return max((version.updated_at for version in self.article.versions.all()), default=self.article.created_at)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    count: int
    address: str


@require_GET
@staff_only
def library(request: HttpRequest) -> HttpResponse:
    asked = Asked.for_(request.GET)
    articles = asked.among(Article.objects.visible_to(request.user).select_related("section"))
    page = Paginator(articles, PAGE).get_page(request.GET.get("page")) if not asked.query else None
    found = _with_words(list(page.object_list)) if page else _best(asked.query, articles, request.user)
    votes = helpfulness(article.pk for article in found)
    return render(
        request,
        "knowledge/library.html",
        {
            "asked": asked,
            "rows": [Row(article, votes.get(article.pk, Helpfulness())) for article in found],
            "page": page,
            "before": asked.address(page=page.number - 1) if page else "",
            "after": asked.address(page=page.number + 1) if page else "",
            "states": _counted(asked),
            "sections": Section.objects.all(),
            "languages": Language,
        },
    )


def _with_words(articles: list[Article]) -> list[Article]:
    """Each with its titles, in one statement."""
    words = Version.objects.only("article_id", "language", "title", "updated_at")
    prefetch_related_objects(articles, Prefetch("versions", words))
    return articles


def _best(query: str, articles: ArticleQuerySet, viewer: object) -> list[Article]:
    """What fits the words best, in whatever language they are; an article found in both comes once."""
    hits = search.search(query, limit=PAGE, viewer=viewer)
    known = {article.pk: article for article in articles.filter(pk__in={hit.article_id for hit in hits})}
    ranked = dict.fromkeys(hit.article_id for hit in hits if hit.article_id in known)
    return _with_words([known[article_id] for article_id in ranked])


def _counted(asked: Asked) -> list[Choice]:
    """Each state one can choose to see, any of them first, and how many articles it has."""
    articles = replace(asked, state="").among(Article.objects.all()).order_by()
    each = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    counts = articles.aggregate(all=Count("pk"), **each)
    return [
        Choice("", _("All"), counts["all"], asked.address(state="")),
        *(
            Choice(state.value, str(state.label), counts[state.value], asked.address(state=state.value))
            for state in State
        ),
    ]
