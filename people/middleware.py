"""Each reader's language, time zone and appearance."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from .models import User
from .models.user import Theme


class ReaderMiddleware:
    """Staff: what they chose once, kept with them. Others: the language cookie, then the browser's wish."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if request.COOKIES.get(settings.SESSION_COOKIE_NAME) else None
        person = user if isinstance(user, User) else None
        language = (person and person.language) or translation.get_language_from_request(request)
        with translation.override(language), timezone.override(_zone(person, request)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _zone(person: User | None, request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """The person's zone, else what the browser said of itself, else the house's."""
    name = (person and person.time_zone) or request.COOKIES.get("tz", "")
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def reader(request: HttpRequest) -> dict[str, Any]:
    """Template context: the chosen appearance and the house's name."""
    user = getattr(request, "user", None)
    theme = user.theme if isinstance(user, User) else request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in Theme.values else Theme.SYSTEM,
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
    }
