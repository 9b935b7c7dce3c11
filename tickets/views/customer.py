"""The customer's side of a ticket: read it, answer, say that it is solved, open it again, rate it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from common import keyset
from common.htmx import wants_part
from common.limits import knock
from common.privacy import for_one_reader
from people.access import TicketPass
from people.customers import customer_of, customers_only
from people.models import Customer
from tickets.choices import DONE_STATUSES
from tickets.forms import FilesField
from tickets.links import bearer
from tickets.models import Ticket
from tickets.names import Names
from tickets.standing import standing
from tickets.timeline import Entry, entries

from . import files, survey

PAGE = 20
ANSWERS_AN_HOUR = 60
HOUR = 3600  # seconds
LONGEST = 50_000  # characters


@dataclass(frozen=True, slots=True)
class Door:
    """Where a customer came in: the link of one ticket, or their own session. It knows its addresses."""

    name: str  # of the page's route; its parts are called after it
    key: str | int
    viewer: Customer | TicketPass

    @property
    def customer(self) -> Customer:
        return self.viewer.customer if isinstance(self.viewer, TicketPass) else self.viewer

    @property
    def is_session(self) -> bool:
        return isinstance(self.viewer, Customer)

    def url(self, part: str = "", *more: str) -> str:
        """The address of the page or a part of it: `answer`, `solved`, `reopen`, `rate`, `news`, `file` with a key."""
        name = f"{self.name}_{part}" if part else self.name
        return reverse(f"tickets:{name}", args=[self.key, *more])

    def find(self) -> Ticket:
        """The ticket behind the door. Raises `Http404` for a stranger's as for a missing one."""
        which = {"pk": self.viewer.ticket_id} if isinstance(self.viewer, TicketPass) else {"number": self.key}
        return get_object_or_404(Ticket.objects.visible_to(self.viewer), **which)


View = Callable[..., HttpResponseBase]


def at_the_door(view: View) -> View:
    """Gives the view its `Door`; a wrong token is a missing page, a missing session leads to the sign-in."""

    @for_one_reader
    @wraps(view)
    def opened(request: HttpRequest, token: str = "", number: int = 0, **rest: Any) -> HttpResponseBase:
        if token:
            ticket_pass = bearer(token)
            if ticket_pass is None:
                raise Http404
            return view(request, Door("link", token, ticket_pass), **rest)
        customer = customer_of(request)
        if customer is None:
            # A part of a page must not become the sign-in form.
            return HttpResponse(status=401) if wants_part(request) else redirect("support:sign_in")
        return view(request, Door("my_ticket", number, customer), **rest)

    return opened


class Answer(forms.Form):
    """What a customer writes back. The hidden key makes a second sending of the same form harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[
            MaxLengthValidator(
                LONGEST,
                gettext_lazy("This is longer than 50,000 characters. Shorten it or attach it as a file."),
            )
        ],
    )
    files = FilesField(label=gettext_lazy("Attachments"), required=False)  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if not self.errors and not words["text"] and not words["files"]:
            self.add_error("text", _("Write something or attach a file."))
        return words


@for_one_reader
@customers_only
@require_GET
def my_tickets(request: HttpRequest) -> HttpResponse:
    """All tickets of the customer, whatever way they came in; what moved last is first."""
    customer = customer_of(request)
    assert customer is not None
    rows = Ticket.objects.visible_to(customer)
    try:
        tickets, older = keyset.page(rows, ("-last_message_at", "-pk"), size=PAGE, cursor=request.GET.get("after", ""))
    except keyset.BadCursor:
        return redirect("tickets:my_tickets")
    shown = [(ticket, standing(ticket)) for ticket in tickets]
    return render(request, "portal/my_tickets.html", {"customer": customer, "tickets": shown, "older": older})


@at_the_door
@require_GET
def ticket(request: HttpRequest, door: Door) -> HttpResponse:
    return _page(request, door, door.find(), Answer())


@at_the_door
@require_POST
def answer(request: HttpRequest, door: Door) -> HttpResponse:
    """Appends to the conversation. On a fault nothing is stored and the words stay where they were typed."""
    ticket, form = door.find(), Answer(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, door, ticket, form, status=422)
    if not knock(f"answer:{door.customer.pk}", limit=ANSWERS_AN_HOUR, seconds=HOUR):
        form.add_error(None, _("That is a lot of answers in one hour. Please wait a little and send it again."))
        response = _page(request, door, ticket, form, status=429)
        response["Retry-After"] = str(HOUR)
        return response
    words = form.cleaned_data
    ticket.answer(words["text"], by=door.viewer, channel="page", files=words["files"], key=words["key"])
    _trust_the_address(door)
    return redirect(f"{door.url()}#latest")


@at_the_door
@require_POST
def solved(request: HttpRequest, door: Door) -> HttpResponse:
    ticket = door.find()
    if ticket.is_open:
        ticket.resolve(by=door.viewer)
    return redirect(door.url())


@at_the_door
@require_POST
def reopen(request: HttpRequest, door: Door) -> HttpResponse:
    door.find().reopen(by=door.viewer)
    return redirect(door.url())


@at_the_door
@require_POST
def rate(request: HttpRequest, door: Door) -> HttpResponse:
    back = f"{door.url()}#opinion"
    return survey.took(request, door.find(), by=door.viewer, here=door.url("rate"), back=back)


@at_the_door
@require_GET
def news(request: HttpRequest, door: Door) -> HttpResponse:
    """What the page does not show yet, with the state as it is now; 204 when nothing happened."""
    ticket, after = door.find(), request.GET.get("after", "")
    known = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    new = _told(ticket, after=known)
    if not new:
        return HttpResponse(status=204)
    context = _context(door, ticket, new)
    # A half-written opinion stays where it is as long as the ticket does not turn.
    context["has_turned"] = any(not entry.message for entry in context["entries"])
    return render(request, "portal/_news.html", context)


@at_the_door
@require_GET
def file(request: HttpRequest, door: Door, key: str) -> FileResponse:
    ticket = door.find()
    return files.serve(Ticket.objects.visible_to(door.viewer), ticket.number, key, public_only=True)


def _page(request: HttpRequest, door: Door, ticket: Ticket, form: Answer, *, status: int = 200) -> HttpResponse:
    context = _context(door, ticket, _told(ticket)) | {"form": form}
    return render(request, "portal/ticket.html", context, status=status)


def _context(door: Door, ticket: Ticket, told: Sequence[Entry]) -> dict[str, Any]:
    return {
        "door": door,
        "customer": door.customer if door.is_session else None,
        "ticket": ticket,
        "standing": standing(ticket),
        "opinion": survey.opinion_of(ticket, door.url("rate")),
        "entries": [entry for entry in told if _matters(entry)],
        "last_event": told[-1].event.pk if told else 0,
    }


def _told(ticket: Ticket, after: int = 0) -> list[Entry]:
    return entries(ticket, Names(), after=after, public=True, everything=True)


def _matters(entry: Entry) -> bool:
    """Messages, and the turns of a ticket's life. Steps in between are the staff's way of working."""
    if entry.message:
        return True
    data = entry.event.data
    done = [str(status) for status in DONE_STATUSES]
    return entry.event.kind == "status" and (data["to"] in done) != (data["from"] in done)


def _trust_the_address(door: Door) -> None:
    """The link was mailed to the customer's address: who answers through it reads the mail sent there."""
    if isinstance(door.viewer, TicketPass):
        mails = [identity for identity in door.customer.identities.all() if identity.kind == "mail"]
        if len(mails) == 1:
            mails[0].verify()
