import json
from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.htmx import page_or_part
from people.access import View, managers_only, staff_only
from people.models import Team, User
from tickets.choices import Priority
from tickets.errors import DomainError
from tickets.models import Category, Ticket

from . import routing
from .figures import figures_of
from .models import LearnedModel, Run, Suggestion, Target
from .suggest import suggestions_of


class NoSuchChoice(DomainError):
    def __str__(self) -> str:
        return _("That choice is no longer on offer. Reload the page and choose again.")


@staff_only
@require_GET
def panel(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the ticket's page; nothing (204) if it is as the page has `seen` it."""
    found = suggestions_of(_ticket(request, number), request.user)
    if request.GET.get("seen") == found.fingerprint:
        return HttpResponse(status=204)
    return render(request, "triage/_panel.html", {"panel": found, "ticket": found.ticket})


def decision(decide: Callable[[HttpRequest, Ticket], None]) -> View:
    """A person decides something about a ticket: all or nothing, and the panel comes back as it then is."""

    @staff_only
    @require_POST
    @wraps(decide)
    def view(request: HttpRequest, number: int) -> HttpResponse:
        ticket = _ticket(request, number)
        with transaction.atomic():
            decide(request, ticket)
        # Not among what the person sees: they may just have sent it to another team.
        found = suggestions_of(Ticket.objects.with_people().get(pk=ticket.pk), request.user)
        context = {"panel": found, "ticket": found.ticket, "is_answer": True}
        response = render(request, "triage/_panel.html", context)
        response["HX-Trigger"] = json.dumps({"ticket-changed": {"number": number}})
        return response

    return view


@decision
def category(request: HttpRequest, ticket: Ticket) -> None:
    tree = Category.in_order()
    chosen = next((node for node in tree if node.slug == request.POST.get("category")), None)
    if chosen is None:
        raise NoSuchChoice
    ticket.categorise(chosen, by=_person(request))
    Suggestion.judge(ticket, Target.CATEGORY)
    routing.route(ticket, tree)


@decision
def priority(request: HttpRequest, ticket: Ticket) -> None:
    try:
        level = Priority.from_slug(request.POST.get("priority", ""))
    except ValueError:
        raise NoSuchChoice from None
    ticket.set_priority(level, by=_person(request))
    Suggestion.judge(ticket, Target.PRIORITY)


@decision
def team(request: HttpRequest, ticket: Ticket) -> None:
    chosen = Team.objects.filter(pk=_number(request, "team")).first()
    if chosen is None:
        raise NoSuchChoice
    ticket.send_to(chosen, by=_person(request))
    Suggestion.judge(ticket, Target.TEAM)


@decision
def assignee(request: HttpRequest, ticket: Ticket) -> None:
    chosen = User.objects.active().filter(pk=_number(request, "assignee")).first()
    if chosen is None:
        raise NoSuchChoice
    ticket.assign(chosen, by=_person(request))
    Suggestion.judge(ticket, Target.ASSIGNEE)


@managers_only
@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """What was learned and how well; while the trainer works, the page asks again every second."""
    runs = list(Run.objects.select_related("user")[:8])
    context = {
        "models": [figures_of(row) for row in LearnedModel.objects.active()],
        "runs": runs,
        "is_working": any(not run.is_over for run in runs),
        "kinds": Run.Kind,
    }
    return page_or_part(request, "triage/model.html", "triage/_model.html", context)


@managers_only
@require_POST
def runs(request: HttpRequest) -> HttpResponse:
    """Orders a run of the trainer."""
    kind = request.POST.get("kind", "")
    if kind not in Run.Kind.values:
        raise NoSuchChoice
    Run.ask(kind, by=_person(request))
    return redirect("triage:model")


def _ticket(request: HttpRequest, number: int) -> Ticket:
    return get_object_or_404(Ticket.objects.visible_to(request.user).with_people(), number=number)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _number(request: HttpRequest, name: str) -> int:
    try:
        return int(request.POST.get(name, ""))
    except ValueError:
        raise NoSuchChoice from None
