"""What search engines are told."""

from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..choices import Language, State
from ..models import Section, Version
from ..shelves import address_of

MOST = 50_000  # addresses that a sitemap may hold
PRIVATE = ("/account/", "/admin/", "/api/", "/inbox/", "/knowledge/", "/my/", "/reports/", "/support/sent/", "/t/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = [*PRIVATE, *(reverse("knowledge:search", args=[language]) for language in Language)]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {_full(reverse('knowledge:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page of the help centre that a stranger may read, articles with the day of their last change."""
    addresses = [_address(reverse("knowledge:home", args=[language])) for language in Language]
    for slug in Section.objects.filter(articles__state=State.PUBLISHED).distinct().values_list("slug", flat=True):
        addresses += [_address(reverse("knowledge:section", args=[language, slug])) for language in Language]
    published = Version.objects.filter(article__state=State.PUBLISHED).order_by("pk")
    for slug, language, changed in published.values_list("article__slug", "language", "updated_at")[:MOST]:
        addresses.append(_address(address_of(slug, language), changed))
    words = "".join(addresses[:MOST])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return HttpResponse(f"{head}{words}</urlset>\n", content_type="application/xml; charset=utf-8")


def _address(path: str, changed: datetime | None = None) -> str:
    day = f"<lastmod>{changed.date().isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{escape(_full(path))}</loc>{day}</url>"


def _full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
