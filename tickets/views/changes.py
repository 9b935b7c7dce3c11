"""What agents do with a ticket: each a noun that takes POST, one verb, and the word that something changed."""

import json
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from people.access import View, staff_only
from people.models import Team, User

from ..choices import Priority, Status
from ..forms import Composer
from ..models import Category, Draft, Message, Ticket
from .desk import composer, found, staff


def changed(ticket: Ticket, response: HttpResponse | None = None) -> HttpResponse:
    """Tells the page to fetch what is new; the head and the timeline then show it."""
    response = response or HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"ticket-changed": {"number": ticket.number}})
    return response


@require_POST
@staff_only
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Sends what the composer holds, as a reply or a note; on a fault the words stay where they were typed."""
    ticket = found(request, number)
    form = Composer(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "tickets/_composer.html", {"ticket": ticket, "composer": form}, status=422)
    _say(ticket, form, staff(request))
    fresh = {"ticket": ticket, "composer": composer(kind=form.cleaned_data["kind"])}
    return changed(ticket, render(request, "tickets/_composer.html", fresh))


def _say(ticket: Ticket, form: Composer, user: User) -> None:
    words = form.cleaned_data
    with transaction.atomic():
        if words["kind"] == "note":
            ticket.note(words["text"], by=user, files=words["files"], key=words["key"])
        else:
            then = words["then"] or Status.WAITING
            ticket.reply(words["text"], by=user, files=words["files"], then=then, key=words["key"])
        Draft.objects.filter(user=user, ticket=ticket).delete()


@require_POST
@staff_only
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Keeps what is being typed. A draft that arrives after its message was sent is dropped."""
    ticket = found(request, number)
    form = Composer(request.POST)
    form.is_valid()
    if key := form.cleaned_data.get("key"):
        with transaction.atomic():
            # Sending holds the same lock, so that a late draft cannot slip in behind its message.
            Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
            if not Message.objects.filter(ticket=ticket, key=key).exists():
                is_note = form.cleaned_data.get("kind") == "note"
                text = request.POST.get("text", "")
                Draft.keep(user_id=staff(request).pk, ticket_id=ticket.pk, is_note=is_note, text=text)
    return render(request, "tickets/_draft_state.html", {"is_saved": True})


def change(act: Callable[[Ticket, str, User], object]) -> View:
    """A view that finds the ticket, lets `act` do one verb with the posted `value`, and answers `changed`.

    A value that is none of the menu's is 400: only a broken page sends one.
    """

    @require_POST
    @staff_only
    def view(request: HttpRequest, number: int) -> HttpResponse:
        ticket = found(request, number)
        try:
            act(ticket, request.POST.get("value", ""), staff(request))
        except ValueError as error:
            return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
        return changed(ticket)

    return view


@change
def status(ticket: Ticket, value: str, by: User) -> None:
    ticket.set_status(Status(value), by=by)


@change
def priority(ticket: Ticket, value: str, by: User) -> None:
    ticket.set_priority(Priority(int(value)), by=by)


@change
def category(ticket: Ticket, value: str, by: User) -> None:
    chosen = get_object_or_404(Category, pk=int(value), is_active=True) if value else None
    ticket.categorise(chosen, by=by)


@change
def team(ticket: Ticket, value: str, by: User) -> None:
    ticket.send_to(get_object_or_404(Team, pk=int(value)) if value else None, by=by)


@change
def assignee(ticket: Ticket, value: str, by: User) -> None:
    ticket.assign(get_object_or_404(User, pk=int(value), is_active=True) if value else None, by=by)


@change
def tags(ticket: Ticket, value: str, by: User) -> None:
    ticket.set_tags(value.replace("，", ",").split(","), by=by)
