"""Writing articles: all of the staff may; what they make public is for managers and administrators to say."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.access import staff_only
from people.models import User

from ..choices import Language
from ..difference import difference
from ..editor import Editor
from ..forms import MAX_BODY
from ..helpfulness import helpfulness
from ..markdown import rendered
from ..models import Article, Feedback, Section, Version

REVISIONS = 50
COMMENTS = 20


@require_http_methods(["GET", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    sections = {section.slug: section for section in Section.objects.all()}
    only = next(iter(sections.values())) if len(sections) == 1 else None
    article = Article(section=sections.get(request.GET.get("section", ""), only))
    return _edit(request, article, has_sections=bool(sections))


@require_http_methods(["GET", "POST"])
@staff_only
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(request, _found(request, slug))


@require_POST
@staff_only
def preview(request: HttpRequest) -> HttpResponse:
    """The text of the one editor field that asks, as its readers would see it."""
    fields = (f"{language.short}-body" for language in Language)
    body = next((request.POST[field] for field in fields if field in request.POST), "")
    return render(request, "knowledge/_preview.html", {"html": rendered(body[:MAX_BODY])})


@require_GET
@staff_only
def revisions(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """What one version said at any time, and how the chosen revision came out of the one before."""
    version = _version(request, slug, language)
    known = version.revisions.select_related("user").defer("body")
    page = Paginator(known, REVISIONS).get_page(request.GET.get("page"))
    asked = request.GET.get("number", "")
    wanted = known.filter(number=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else known
    chosen = get_object_or_404(version.revisions.select_related("user"), pk=wanted.values("pk")[:1])
    before = version.revisions.filter(number=chosen.number - 1).first()
    context = {
        "article": version.article,
        "version": version,
        "language": Language(version.language),
        "page": page,
        "chosen": chosen,
        "newest": version.revisions.values_list("number", flat=True).first(),
        "before": before,
        "lines": difference(before.body if before else "", chosen.body),
    }
    return render(request, "knowledge/revisions.html", context)


@require_POST
@staff_only
def restore(request: HttpRequest, slug: str, language: str, revision: int) -> HttpResponse:
    """Writes an old text anew, as one more revision: what was in between stays."""
    version = _version(request, slug, language)
    old = get_object_or_404(version.revisions, number=revision)
    Version.write(version.article, version.language, title=old.title, body=old.body, by=_writer(request))
    messages.success(request, _("Revision %(number)d is the text again.") % {"number": old.number})
    return redirect("knowledge:edit", slug)


def _edit(request: HttpRequest, article: Article, *, has_sections: bool = True) -> HttpResponse:
    editor = Editor(article, _writer(request), request.POST if request.method == "POST" else None)
    if request.method == "POST" and editor.save():
        messages.success(request, _("Saved."))
        return redirect("knowledge:edit", editor.article.slug)
    status = 200 if request.method == "GET" else 409 if editor.has_conflict else 422
    context = {"editor": editor, "has_sections": has_sections, **_heard(article)}
    return render(request, "knowledge/editor.html", context, status=status)


def _heard(article: Article) -> dict[str, object]:
    """What readers said of it."""
    if not article.pk:
        return {}
    said = Feedback.objects.filter(version__article=article).exclude(comment="").select_related("version")
    return {"comments": said[:COMMENTS], "helpfulness": helpfulness([article.pk]).get(article.pk)}


def _found(request: HttpRequest, slug: str) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).prefetch_related("versions"), slug=slug)


def _version(request: HttpRequest, slug: str, language: str) -> Version:
    try:
        code = Language.from_short(language)
    except ValueError:
        raise Http404 from None
    articles = Article.objects.visible_to(request.user)
    return get_object_or_404(
        Version.objects.select_related("article"), article__in=articles.filter(slug=slug), language=code
    )


def _writer(request: HttpRequest) -> User:
    return cast(User, request.user)
