"""How a reader wants to see the house, and a customer's way in and out."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.privacy import for_one_reader
from common.visitor import way_back

from .access import staff_only
from .customers import sign_in, sign_out
from .models import SignInLink, User
from .models.user import Presence, Theme

YEAR = 365 * 24 * 3600  # seconds


@for_one_reader
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Looking at it shows a button: mail scanners look, too, and must not use it up."""
    if request.method != "POST":
        return render(request, "portal/open_link.html", {"token": token})
    customer = SignInLink.redeem(token)
    if customer is None:
        return render(request, "portal/link_is_over.html", status=410)
    response = redirect("tickets:my_tickets")
    sign_in(request, response, customer)
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """A customer signs out."""
    response = redirect("support:start")
    sign_out(request, response)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("unknown language")
    return _preferring(
        request,
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        lambda user: user.prefer(language=chosen),
    )


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        return HttpResponseBadRequest("unknown theme")
    return _preferring(request, "theme", chosen, lambda user: user.prefer(theme=chosen))


@require_POST
@staff_only
def presence(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("presence", "")
    if chosen not in Presence.values:
        return HttpResponseBadRequest("unknown presence")
    assert isinstance(request.user, User)
    request.user.set_presence(chosen)
    return _back(request)


def _preferring(request: HttpRequest, cookie: str, value: str, keep: Callable[[User], None]) -> HttpResponse:
    """Staff keep the choice with themselves, everyone in a cookie: their sign-in page then speaks alike."""
    if isinstance(request.user, User):
        keep(request.user)
    response = _back(request)
    response.set_cookie(cookie, value, max_age=YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """The page again, as it is now."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(way_back(request))
