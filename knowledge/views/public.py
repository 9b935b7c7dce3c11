"""The help centre's pages for reading: home, section, article. At most three statements each for a stranger."""

from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common import keyset
from common.kept import Given, Kept
from common.text import preview

from ..choices import Language
from ..models import Article, Section, Version
from ..models.article import ArticleQuerySet, reads_all
from ..search import plain
from ..shelves import LISTED, Row, address_of, entries, listed
from .page import in_each_language, shown

OF_A_SECTION = 5  # articles that the home page shows of each
A_PAGE = 40  # articles
RELATED = 5
ORDER = ("position", "pk")


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """The help centre in the reader's language."""
    response = redirect("knowledge:home", get_language() or Language.ENGLISH)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def home(request: HttpRequest, language: Language) -> HttpResponse:
    sections = [(section, section.first) for section in _sections(reads_all(request.user))()]
    known = entries(LISTED(articles=[pk for _section, first in sections for pk in first]), language)
    shelves = [
        (section, [known[pk] for pk in first[:OF_A_SECTION] if pk in known], len(first) > OF_A_SECTION)
        for section, first in sections
    ]
    context = {"shelves": [shelf for shelf in shelves if shelf[1]], "addresses": in_each_language("home")}
    return shown(request, "help/home.html", language, context)


@require_safe
def section(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    visible = Article.objects.visible_to(request.user).filter(section=found).only("position")
    try:
        page, after = keyset.page(visible, ORDER, size=A_PAGE, cursor=request.GET.get("after", ""))
    except keyset.BadCursor:
        raise Http404 from None
    context = {
        "section": found,
        "entries": entries(LISTED(articles=[article.pk for article in page]), language).values(),
        "after": after,
        "is_first": "after" not in request.GET,
        "addresses": in_each_language("section", slug),
    }
    return shown(request, "help/section.html", language, context)


@require_safe
def article(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    """In the language of the address; where it is not written in that, in the other, with a word about it."""
    everything = reads_all(request.user)
    versions = {Language(version.language): version for version in _versions(everything)(slug=slug)}
    if not versions:
        raise Http404
    version = versions.get(language) or next(iter(versions.values()))
    found = version.article
    siblings = _siblings(everything)(section=found.section_id, article=found.pk)
    context = {
        "article": found,
        "version": version,
        "is_other_language": version.language != language,
        "description": preview(plain(version.html), 155),
        "related": entries(siblings, language).values(),
        "addresses": {spoken: address_of(slug, spoken) for spoken in versions},
        "said": request.GET.get("said", ""),
    }
    return shown(request, "help/article.html", language, context)


def _visible(everything: bool) -> ArticleQuerySet:
    return Article.objects.all() if everything else Article.objects.published()


@cache
def _sections(everything: bool) -> Kept[Any]:
    """With the ids of their `first` articles; one more than is shown tells whether there are more."""
    inside = _visible(everything).filter(section=OuterRef("pk")).order_by(*ORDER).values("pk")[: OF_A_SECTION + 1]
    return Kept(lambda: Section.objects.annotate(first=ArraySubquery(inside)))


@cache
def _versions(everything: bool) -> Kept[Version]:
    rows = Version.objects.filter(article__slug=Given("slug", CharField()), article__in=_visible(everything))
    return Kept(lambda: rows.select_related("article__section"))


@cache
def _siblings(everything: bool) -> Kept[Row]:
    """The other articles of the section."""
    others = _visible(everything).filter(~Q(pk=Given("article")), section=Given("section")).order_by(*ORDER)
    return Kept(lambda: listed(Version.objects.filter(article__in=others[:RELATED])))
