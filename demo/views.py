"""The demo's mailbox page: every mail the desk sent, to read and to answer. It exists in demo mode only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from common.text import storable

from . import mailbox

View = Callable[..., HttpResponse]


class Answer(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_text(self) -> str:
        return storable(self.cleaned_data["text"])


def demo_only(view: View) -> View:
    """Elsewhere the page does not exist."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@demo_only
@require_GET
def all_mail(request: HttpRequest) -> HttpResponse:
    """The list with the newest mail open beside it, where there is room for both."""
    mails = mailbox.newest()
    return render(request, "demo/mailbox.html", {"mails": mails, "sent": mails[0] if mails else None, "form": Answer()})


@demo_only
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """The list again when something came, nothing otherwise: the page asks every few seconds."""
    if mailbox.names()[:1] == [request.GET.get("newest")]:
        return HttpResponse(status=204)
    mails = mailbox.newest()
    open_mail = mailbox.Sent.named(request.GET.get("open", ""))
    return render(request, "demo/_mails.html", {"mails": mails, "sent": open_mail, "is_chosen": True})


@demo_only
@require_GET
def one_mail(request: HttpRequest, name: str) -> HttpResponse:
    return _shown(request, _found(name), Answer())


@demo_only
@require_POST
def answer(request: HttpRequest, name: str) -> HttpResponse:
    sent = _found(name)
    form = Answer(request.POST)
    if not form.is_valid():
        return _shown(request, sent, form, status=422)
    inbound = mailbox.answer(sent, form.cleaned_data["text"])
    if inbound.ticket:
        messages.success(request, _("Your mail has arrived in ticket #%(number)s.") % {"number": inbound.ticket.number})
    else:
        messages.info(request, _("Your mail has arrived: %(state)s.") % {"state": inbound.get_state_display()})
    return redirect("demo:mail", name)


def _found(name: str) -> mailbox.Sent:
    sent = mailbox.Sent.named(name)
    if sent is None:
        raise Http404
    return sent


def _shown(request: HttpRequest, sent: mailbox.Sent, form: Answer, *, status: int = 200) -> HttpResponse:
    told = {"mails": mailbox.newest(), "sent": sent, "form": form, "is_chosen": True}
    return render(request, "demo/mailbox.html", told, status=status)
