"""The customer's verdict: five faces and a word. Opening a page never records anything, since mail scanners open
every link; sending its form does."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits import knock
from common.privacy import for_one_reader
from people.access import TicketPass
from people.models import Customer

from .. import surveys
from ..choices import Score
from ..errors import SurveyClosed
from ..forms import Rating
from ..links import rater
from ..models import Survey, SurveySettings, Ticket

VOTES_AN_HOUR = 20
HOUR = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a page shows of a survey: what was said, and the form that says it. `here` is where the form goes."""

    form: Rating
    here: str
    said: Score | None

    @property
    def faces(self) -> list[tuple[Score, bool]]:
        """Each with whether it is chosen in the form."""
        chosen = str(self.form["score"].value())
        return [(score, str(score.value) == chosen) for score in Score]

    @property
    def is_said(self) -> bool:
        """The form holds what was said already."""
        return self.said is not None and not self.form.is_bound and (self.said, True) in self.faces


@for_one_reader
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mailed faces, in the customer's language."""
    bearer = rater(token)
    ticket = Ticket.objects.visible_to(bearer).filter(pk=bearer.ticket_id).first() if bearer else None
    if bearer is None or ticket is None:
        why = _("It may be incomplete, or we have replaced it.")
        return _over(request, _("This link no longer works"), why, status=404)
    with _in_the_language_of(bearer.customer, request):
        if request.method == "POST":
            response = took(request, ticket, by=bearer, here=request.path, back=request.path)
        else:
            response = _asked(request, ticket)
        response["Content-Language"] = translation.get_language() or ""
    return response


def took(request: HttpRequest, ticket: Ticket, *, by: Customer | TicketPass, here: str, back: str) -> HttpResponse:
    """Records what the form says and leads `back`; a form at fault is shown again."""
    form = Rating(request.POST)
    if not form.is_valid():
        return _page(request, ticket, Opinion(form, here, None), status=422)
    if not knock(f"rate:{ticket.pk}", limit=VOTES_AN_HOUR, seconds=HOUR):
        form.add_error(None, _("That is a lot of changes in one hour. Please wait a little and send it again."))
        response = _page(request, ticket, Opinion(form, here, None), status=429)
        response["Retry-After"] = str(HOUR)
        return response
    try:
        surveys.take(ticket, form.cleaned_data["score"], form.cleaned_data["comment"], by=by)
    except SurveyClosed as closed:
        return _closed(request, closed)
    return redirect(back)


def opinion_of(ticket: Ticket, here: str) -> Opinion | None:
    """For the ticket's own page: once it is done and as long as its survey is open."""
    if ticket.is_open or not SurveySettings.current().is_on:
        return None
    survey = _survey(ticket)
    try:
        survey.check_open(ticket, timezone.now())
    except SurveyClosed:
        return None
    return _opinion(survey, here)


def _asked(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    survey = _survey(ticket)
    try:
        survey.check_open(ticket, timezone.now())
    except SurveyClosed as closed:
        return _closed(request, closed)
    return _page(request, ticket, _opinion(survey, request.path, clicked=request.GET.get("score", "")))


def _survey(ticket: Ticket) -> Survey:
    return Survey.objects.filter(ticket=ticket).first() or Survey(ticket=ticket)


def _opinion(survey: Survey, here: str, *, clicked: str = "") -> Opinion:
    """The face that was clicked in the mail is chosen, else the one that was sent before."""
    chosen = clicked if clicked in map(str, Score.values) else survey.score
    return Opinion(Rating(initial={"score": chosen, "comment": survey.comment}), here, survey.face)


def _page(request: HttpRequest, ticket: Ticket, opinion: Opinion, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/survey.html", {"ticket": ticket, "opinion": opinion}, status=status)


def _closed(request: HttpRequest, closed: SurveyClosed) -> HttpResponse:
    heading = _("It is too early to rate this") if closed.too_early else _("It is too late to rate this")
    return _over(request, heading, str(closed), status=410)


def _over(request: HttpRequest, heading: str, why: str, *, status: int) -> HttpResponse:
    return render(request, "portal/survey_over.html", {"heading": heading, "why": why}, status=status)


def _in_the_language_of(customer: Customer, request: HttpRequest) -> AbstractContextManager[object]:
    """The customer's, unless this browser has chosen one here."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return nullcontext()
    return translation.override(customer.language)
