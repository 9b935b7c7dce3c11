"""The agents' inbox: list, ticket, what is new."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.htmx import page_or_part, wants_part
from common.kept import Given, Kept
from people.access import Scope, scope_of, staff_only
from people.models import Identity, Presence, User

from ..choices import Priority, Status
from ..forms import Composer
from ..inbox import MOST_ROWS, PAGE, SORTS, Listing, View, counted, views_for
from ..models import Draft, Ticket
from ..names import Names
from ..rows import rows
from ..search import search
from ..timeline import NEWEST, entries

OTHERS_SHOWN = 4
Options = Sequence[tuple[object, object]]  # (value, label) of a menu


def staff(request: HttpRequest) -> User:
    return cast(User, request.user)


def found(request: HttpRequest, number: int) -> Ticket:
    """The ticket if this reader may see it; otherwise 404, as if it were not there."""
    ticket = _ticket(scope_of(staff(request))).first(number=number)
    if ticket is None:
        raise Http404
    return ticket


@lru_cache(maxsize=200)
def _ticket(scope: Scope) -> Kept[Ticket]:
    """By its number, among what this scope sees."""
    whole = Ticket.objects.within(scope).with_customer().select_related("survey")
    return Kept(lambda: whole.filter(number=Given("number")))


@require_GET
@staff_only
def inbox(request: HttpRequest) -> HttpResponse:
    """The list alone. As a part: the rows, after a cursor or anew."""
    names = Names()
    context = _list_context(request, names)
    context |= _rows(request, context["asked"], context["view"], names)
    is_more = wants_part(request) and (context["asked"].query or request.GET.get("after"))
    context["views"] = [] if is_more else counted(staff(request), names.teams)
    if wants_part(request):
        part = "tickets/_more.html" if request.GET.get("after") else "tickets/_rows.html"
        return render(request, part, context)
    return _with_stream(request, render(request, "tickets/inbox.html", context))


@require_GET
@staff_only
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """One ticket. The whole page has room for the list it was opened from: a screen with that room then asks for the
    rows, with which the counts of the views come, too.
    """
    names = Names()
    context = _ticket_context(request, found(request, number), names)
    if not wants_part(request):
        context |= _list_context(request, names)
    response = page_or_part(request, "tickets/inbox.html", "tickets/_ticket.html", context)
    return _with_stream(request, response)


@require_GET
@staff_only
def tail(request: HttpRequest, number: int) -> HttpResponse:
    """What happened after the event `after`, with the head as it is now; 204 when nothing did."""
    ticket, names = found(request, number), Names()
    new = entries(ticket, names, after=_number(request.GET.get("after", "")))
    if not new:
        return HttpResponse(status=204)
    context = {"ticket": ticket, "entries": new, "last_event": new[-1].event.pk, **_menus(ticket, names)}
    return render(request, "tickets/_tail.html", context)


def _list_context(request: HttpRequest, names: Names) -> dict[str, Any]:
    """What is asked for, of which view, and what stands around the rows."""
    user, asked = staff(request), Listing.asked_for(request.GET)
    views = views_for(user, names.teams)
    view = next((view for view in views if view.name == asked.view), views[0])
    return {
        "asked": asked,
        "view": view,
        "views": views,
        "sort_label": SORTS[asked.sort][0],
        "filters": _filters(names),
    }


def _filters(names: Names) -> dict[str, Options]:
    return {
        "sorts": [(name, label) for name, (label, _order) in SORTS.items()],
        "categories": [(category.slug, names.path(category)) for category in names.categories],
        "priorities": [(priority.slug, priority.label) for priority in Priority],
        "languages": settings.LANGUAGES,
    }


def _rows(request: HttpRequest, asked: Listing, view: View, names: Names) -> dict[str, Any]:
    user, query = staff(request), asked.address
    if asked.query:
        results = search(asked.query, user)
        snippets = {hit.ticket.pk: hit.snippet for hit in results.hits}
        tickets = [hit.ticket for hit in results.hits]
        return {"results": results, "shown": rows(tickets, names, query=query, snippets=snippets)}
    tickets, after = asked.page(view, user, request.GET.get("after", ""), _size(request.GET.get("shown", "")))
    return {"rows": tickets, "shown": rows(tickets, names, query=query), "next_cursor": after}


def _size(shown: str) -> int:
    """As many rows as the reader already has, so that a refresh takes none away."""
    return min(MOST_ROWS, max(PAGE, _number(shown)))


def _number(word: str) -> int:
    """What an address says in digits; 0 for anything else, and for more digits than any row has."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0


def _ticket_context(request: HttpRequest, ticket: Ticket, names: Names) -> dict[str, Any]:
    user = staff(request)
    everything = "all" in request.GET
    conversation = entries(ticket, names, everything=everything)
    draft = Draft.of(user_id=user.pk, ticket_id=ticket.pk)
    return {
        "ticket": ticket,
        "asked": Listing.asked_for(request.GET),
        "entries": conversation,
        "is_cut": not everything and len(conversation) == NEWEST,
        "last_event": conversation[-1].event.pk if conversation else 0,
        "composer": composer(draft.text if draft else "", "note" if draft and draft.is_note else "reply"),
        "other_tickets": _others(scope_of(user))(ticket=ticket.pk, customer=ticket.customer_id),
        "identities": Identity.of(ticket.customer_id),
        **_menus(ticket, names),
    }


@lru_cache(maxsize=200)
def _others(scope: Scope) -> Kept[Ticket]:
    of_customer = Q(customer=Given("customer")) & ~Q(pk=Given("ticket"))
    newest = Ticket.objects.only("number", "subject", "status").order_by("-last_message_at")
    return Kept(lambda: newest.within(scope).filter(of_customer)[:OTHERS_SHOWN])


def composer(text: str = "", kind: str = "reply") -> Composer:
    return Composer(initial={"text": text, "kind": kind, "then": Status.WAITING})


def _menus(ticket: Ticket, names: Names) -> dict[str, Options]:
    """What the head's menus offer. An assignee who left still stands in it."""
    people = [person for person in names.users if person.is_active or person.pk == ticket.assignee_id]
    return {
        "statuses": Status.choices,
        "priorities": Priority.choices,
        "categories": [(category.pk, names.path(category)) for category in names.categories],
        "teams": [(team.pk, team.name) for team in names.teams],
        "people": [
            (person.pk, f"{person} ●" if person.presence == Presence.ONLINE else str(person)) for person in people
        ],
    }


def _with_stream(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Allows the page to listen to the stream where that has a port of its own."""
    if settings.LIVE_PORT:
        response._csp_update = {"connect-src": [live_url(request).removesuffix("/live/")]}  # type: ignore[attr-defined]
    return response


def live_url(request: HttpRequest) -> str:
    """Built from the visitor's own host: the session cookie would not go to another name."""
    if not settings.LIVE_PORT:
        return "/live/"
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}/live/"
