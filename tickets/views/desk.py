"""The agents' inbox: list, ticket, what is new."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common.htmx import page_or_part, wants_part
from people.access import staff_only
from people.models import Presence, User

from ..choices import Priority, Status
from ..forms import Composer
from ..inbox import MOST_ROWS, PAGE, SORTS, Listing, View, counted, views_for
from ..models import Ticket
from ..names import Names
from ..search import search
from ..timeline import NEWEST, entries


def staff(request: HttpRequest) -> User:
    return cast(User, request.user)


def found(request: HttpRequest, number: int) -> Ticket:
    """The ticket if this reader may see it; otherwise 404, as if it were not there."""
    return get_object_or_404(Ticket.objects.visible_to(staff(request)).with_persons(), number=number)


@require_GET
@staff_only
def inbox(request: HttpRequest) -> HttpResponse:
    """The list alone. As a part: the rows, after a cursor or anew."""
    context = _list_context(request, Names())
    if wants_part(request):
        part = "tickets/_more.html" if request.GET.get("after") else "tickets/_rows.html"
        return render(request, part, context)
    return _with_stream(request, render(request, "tickets/inbox.html", context))


@require_GET
@staff_only
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """One ticket beside the list it was opened from."""
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
    user, asked = staff(request), Listing.asked_for(request.GET)
    views = views_for(user, names.teams)
    view = next((view for view in views if view.name == asked.view), views[0])
    context: dict[str, Any] = {
        "asked": asked,
        "view": view,
        "sorts": [(name, label) for name, (label, _order) in SORTS.items()],
        "sort_label": SORTS[asked.sort][0],
        "categories": names.categories,
        "priorities": Priority,
        "languages": settings.LANGUAGES,
        **_rows(request, asked, view, names),
    }
    is_refresh = not (wants_part(request) and (asked.query or request.GET.get("after")))
    if is_refresh:
        context["views"] = counted(views, user)
    return context


def _rows(request: HttpRequest, asked: Listing, view: View, names: Names) -> dict[str, Any]:
    user = staff(request)
    if asked.query:
        results = search(asked.query, user)
        names.attach(hit.ticket for hit in results.hits)
        return {"results": results}
    rows, after = asked.page(view, user, request.GET.get("after", ""), _size(request.GET.get("shown", "")))
    names.attach(rows)
    return {"rows": rows, "next_cursor": after}


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
    draft = ticket.drafts.filter(user=user).first()
    others = Ticket.objects.visible_to(user).filter(customer=ticket.customer).exclude(pk=ticket.pk)
    return {
        "ticket": ticket,
        "asked": Listing.asked_for(request.GET),
        "entries": conversation,
        "is_cut": not everything and len(conversation) == NEWEST,
        "last_event": conversation[-1].event.pk if conversation else 0,
        "composer": composer(draft.text if draft else "", "note" if draft and draft.is_note else "reply"),
        "other_tickets": others.order_by("-last_message_at")[:4],
        "identities": ticket.customer.identities.all(),
        **_menus(ticket, names),
    }


def composer(text: str = "", kind: str = "reply") -> Composer:
    return Composer(initial={"text": text, "kind": kind, "then": Status.WAITING})


def _menus(ticket: Ticket, names: Names) -> dict[str, Any]:
    """What the head's menus offer. An assignee who left still stands in it."""
    people = [person for person in names.users if person.is_active or person.pk == ticket.assignee_id]
    return {
        "statuses": Status,
        "priorities": Priority,
        "categories": names.categories,
        "teams": names.teams,
        "people": people,
        "online": Presence.ONLINE,
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
