import json
from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.htmx import page_or_part
from people.access import View, managers_only, staff_only
from people.models import Team, User
from tickets.choices import Priority
from tickets.errors import DomainError
from tickets.models import Ticket
from tickets.names import Names
from tickets.views.desk import found as found_ticket

from . import routing
from .figures import figures_of
from .models import LearnedModel, Outcome, Run, Suggestion, Target, subject_of
from .notebook import notes_on
from .offers import words_for
from .suggest import suggestions_of


class NoSuchChoice(DomainError):
    def __str__(self) -> str:
        return _("That choice is no longer on offer. Reload the page and choose again.")


@staff_only
@require_GET
def panel(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the ticket's page; nothing (204) if it is as the page has `seen` it."""
    names, ticket = Names(), found_ticket(request, number)
    names.attach([ticket])
    found = suggestions_of(ticket, request.user, names)
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
        return _decided(request, ticket)

    return view


def _decided(request: HttpRequest, ticket: Ticket, insert: str = "") -> HttpResponse:
    """The panel as it now is; `insert` is for the composer."""
    # Not among what the person sees: they may just have sent it to another team.
    found = suggestions_of(Ticket.objects.with_people().get(pk=ticket.pk), request.user, Names())
    context = {"panel": found, "ticket": found.ticket, "is_answer": True, "insert": insert}
    response = render(request, "triage/_panel.html", context)
    response["HX-Trigger"] = json.dumps({"ticket-changed": {"number": ticket.number}})
    return response


@decision
def category(request: HttpRequest, ticket: Ticket) -> None:
    tree = Names().categories
    chosen = next((node for node in tree if node.slug == request.POST.get("category")), None)
    if chosen is None:
        raise NoSuchChoice
    ticket.categorise(chosen, by=_person(request))
    Suggestion.judge(ticket, Target.CATEGORY)
    with notes_on(ticket) as notes:
        routing.route(notes, tree)


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


@staff_only
@require_POST
def solution_used(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Puts a solution into the answer that the person is writing."""
    ticket = _ticket(request, number)
    words = _solution(request, ticket, code)
    with transaction.atomic():
        Outcome.show(ticket, _shown(request, ticket))
        Outcome.use(ticket, code, by=_person(request))
    return _decided(request, ticket, insert=words)


@staff_only
@require_http_methods(["POST", "DELETE"])
def solution_solved(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """POST: this solved it. DELETE: it did not, after all."""
    ticket = _ticket(request, number)
    _solution(request, ticket, code)
    with transaction.atomic():
        if request.method == "POST":
            Outcome.show(ticket, _shown(request, ticket))
            Outcome.solve(ticket, code, by=_person(request))
        else:
            Outcome.withdraw(ticket, code, by=_person(request))
    return _decided(request, ticket)


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


def _solution(request: HttpRequest, ticket: Ticket, code: str) -> str:
    try:
        subject_of(code)
    except ValueError:
        raise NoSuchChoice from None
    words = words_for(ticket, code, request.user)
    if words is None:
        raise NoSuchChoice
    return words


def _shown(request: HttpRequest, ticket: Ticket) -> list[str]:
    """What the page says it showed, as far as it was recommended."""
    kept = ticket.suggestions.filter(target=Target.SOLUTIONS).first()
    recommended = {code for code, _score in kept.ranked} if kept else set()
    return [code for code in request.POST.getlist("shown") if code in recommended]


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _number(request: HttpRequest, name: str) -> int:
    try:
        return int(request.POST.get(name, ""))
    except ValueError:
        raise NoSuchChoice from None
