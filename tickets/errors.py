"""What a verb may refuse, and how a page says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class DomainError(Exception):
    """A wish the house's rules refuse. The message is for the person and says what to do."""


class EmptyMessage(DomainError):
    def __str__(self) -> str:
        return _("The message is empty. Write something or attach a file, then send it again.")


class AttachmentRefused(DomainError):
    """Too big, too many, or empty."""


class ScoreRefused(DomainError):
    def __str__(self) -> str:
        return _("Choose a score from 1 (very bad) to 5 (very good).")


class SurveyClosed(DomainError):
    """A score comes before the ticket was solved, or when its survey is long over."""

    def __init__(self, *, too_early: bool) -> None:
        self.too_early = too_early

    def __str__(self) -> str:
        if self.too_early:
            return _("This request is not solved yet. Rate it when it is.")
        return _("This survey is closed. If something is still wrong, please write to us.")


class DomainErrors:
    """Answers 409 with the sentence; htmx swaps it into the page's notice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        template = "_notice.html" if request.htmx else "error.html"  # type: ignore[attr-defined]
        response = render(request, template, {"title": _("That did not work"), "message": str(exception)}, status=409)
        if request.htmx:  # type: ignore[attr-defined]
            response["HX-Retarget"] = "#notice"
            response["HX-Reswap"] = "innerHTML"
        return response
