"""The help centre's pages for reading: home, section, article. At most three statements each for a stranger."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common import keyset
from common.text import preview

from ..choices import Language
from ..models import Article, Section, Version
from ..search import plain
from ..shelves import address_of, entries
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
    visible = Article.objects.visible_to(request.user)
    # One more than is shown tells whether there are more.
    inside = visible.filter(section=OuterRef("pk")).order_by(*ORDER).values("pk")[: OF_A_SECTION + 1]
    sections = [(section, section.first) for section in Section.objects.annotate(first=ArraySubquery(inside))]
    known = entries([pk for _section, first in sections for pk in first], language)
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
        "entries": entries([article.pk for article in page], language).values(),
        "after": after,
        "is_first": "after" not in request.GET,
        "addresses": in_each_language("section", slug),
    }
    return shown(request, "help/section.html", language, context)


@require_safe
def article(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    """In the language of the address; where it is not written in that, in the other, with a word about it."""
    visible = Article.objects.visible_to(request.user)
    rows = Version.objects.filter(article__slug=slug, article__in=visible).select_related("article__section")
    versions = {Language(version.language): version for version in rows}
    if not versions:
        raise Http404
    version = versions.get(language) or next(iter(versions.values()))
    found = version.article
    siblings = visible.filter(section=found.section_id).exclude(pk=found.pk).order_by(*ORDER)
    context = {
        "article": found,
        "version": version,
        "is_other_language": version.language != language,
        "description": preview(plain(version.html), 155),
        "related": entries(siblings[:RELATED], language).values(),
        "addresses": {spoken: address_of(slug, spoken) for spoken in versions},
        "said": request.GET.get("said", ""),
    }
    return shown(request, "help/article.html", language, context)
