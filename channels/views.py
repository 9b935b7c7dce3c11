"""The quarantine: mail that no rule let through, for a manager to judge."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import html
from people.access import managers_only
from people.models import User

from . import quarantine as decisions
from .mail import CHANNEL
from .models import Inbound

PAGE = 50


@managers_only
@require_GET
def quarantine(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, or what was dropped; newest first."""
    mails = Inbound.objects.filter(channel=CHANNEL).defer("raw")
    shows_dropped = request.GET.get("state") == Inbound.State.DROPPED
    waiting = mails.quarantined()
    shown = mails.dropped() if shows_dropped else waiting
    page = Paginator(shown.order_by("-received_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "shows_dropped": shows_dropped, "waiting": waiting.count()}
    return render(request, "channels/quarantine.html", told)


@managers_only
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    inbound = get_object_or_404(Inbound.objects.set_aside().filter(channel=CHANNEL), pk=pk)
    told: dict[str, Any] = {"inbound": inbound}
    if decisions.is_readable(inbound):
        mail, claim = decisions.read(inbound)
        shown = html.clean(mail.html) if mail.html else html.from_text(mail.text)
        told |= {"mail": mail, "claim": claim, "shown_html": shown}
    return render(request, "channels/set_aside.html", told)


@managers_only
@require_POST
def make_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    inbound = _decided(request, pk, decisions.make_ticket)
    assert inbound.ticket is not None
    return redirect(inbound.ticket)


@managers_only
@require_POST
def append(request: HttpRequest, pk: int) -> HttpResponse:
    inbound = _decided(request, pk, decisions.append)
    assert inbound.ticket is not None
    return redirect(inbound.ticket)


@managers_only
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    _decided(request, pk, decisions.drop)
    messages.success(request, _("The mail is dropped. You find it under “Dropped” whenever you need it."))
    return redirect("channels:quarantine")


@managers_only
@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    _decided(request, pk, lambda pk, by: decisions.read_again(pk))
    messages.success(request, _("The mail will be read again within a minute."))
    return redirect("channels:quarantine")


@managers_only
@require_GET
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail byte for byte, always as a download."""
    inbound = get_object_or_404(Inbound.objects.set_aside().filter(channel=CHANNEL), pk=pk)
    response = HttpResponse(bytes(inbound.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="mail-{inbound.pk}.eml"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _decided(request: HttpRequest, pk: int, decide: Callable[..., Inbound]) -> Inbound:
    assert isinstance(request.user, User)
    try:
        return decide(pk, by=request.user)
    except Inbound.DoesNotExist:
        raise Http404 from None
