"""A page of the help centre, in the language of its address whatever the reader's own is."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from people.customers import customer_of

from ..choices import Language


def shown(
    request: HttpRequest, template: str, language: Language, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """`context` may hold `addresses`: the same page by language. Then each is told to search engines, too."""
    addresses = context.get("addresses", {})
    more = {
        "customer": customer_of(request),
        "language": language,
        "home": reverse("knowledge:home", args=[language]),
        "search_address": reverse("knowledge:search", args=[language]),
        "elsewhere": next((address for key, address in addresses.items() if key != language), ""),
        "site_url": settings.SITE_URL,
    }
    with translation.override(language):
        response = render(request, template, {**more, **context}, status=status)
    response["Content-Language"] = str(language)
    return response


def in_each_language(name: str, *args: str) -> dict[Language, str]:
    """The address of a page that there is in every language."""
    return {language: reverse(f"knowledge:{name}", args=[language, *args]) for language in Language}
