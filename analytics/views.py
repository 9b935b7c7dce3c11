"""The managers' pages. The address holds the whole question, so a link, Back and a colleague see the same."""

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common import keyset
from common.htmx import page_or_part, wants_part
from people.access import managers_only
from people.models import User
from tickets.choices import Priority, Status
from tickets.inbox import counted

from .filters import NAMES, PERIODS, Filter
from .models import Fact
from .opened import opened
from .reckoning import Question, Reckoning
from .reports import EFFICIENCY, OVERVIEW, SATISFACTION, Report
from .sheets import sheet
from .tables import COLUMNS, Table

PAGE = 50


@managers_only
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How the desk is doing, on one screen."""
    return _report(request, OVERVIEW)


@managers_only
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """What customers think, and what moves it."""
    return _report(request, SATISFACTION)


@managers_only
@require_GET
def efficiency(request: HttpRequest) -> HttpResponse:
    """How soon, and how much."""
    return _report(request, EFFICIENCY)


@managers_only
@require_GET
def tickets(request: HttpRequest) -> HttpResponseBase:
    """The tickets behind a figure: exactly those it was reckoned from."""
    wanted = Filter.asked_for(request.GET)
    behind = opened(request.GET, wanted)
    if behind is None:
        raise Http404(_("There is no such figure. Go back to the report and choose one."))
    if request.GET.get("format") == "csv":
        return sheet(f"tickets-{behind.name}", _sheet_of(behind.rows, wanted))
    found, next_cursor = _page_of(behind.rows, request.GET.get("after", ""))
    context = {
        "behind": behind,
        "filter": wanted,
        "told": [*told_of(wanted), *behind.told],
        "count": behind.rows.count(),
        "rows": found,
        "next_cursor": next_cursor,
        "address": behind.address(wanted),
        **_around(request, wanted),
    }
    return page_or_part(request, "analytics/tickets.html", "analytics/_ticket_rows.html", context)


@managers_only
@require_GET
def groups(request: HttpRequest, dimension: str) -> HttpResponseBase:
    """A table of a report as a file."""
    if dimension not in COLUMNS:
        raise Http404
    wanted, question = Filter.asked_for(request.GET), Question(COLUMNS[dimension], dimension)
    return sheet(f"by-{dimension}", Table(wanted, question, Reckoning(wanted).groups(question)).rows())


def _report(request: HttpRequest, report: Report) -> HttpResponse:
    wanted = Filter.asked_for(request.GET)
    context = {
        "report": report.name,
        "filter": wanted,
        "menus": [(key, label, wanted.words.get(key, ""), _offered(wanted, key)) for key, label in NAMES.items()],
        "periods": PERIODS.items(),
        **report.told(wanted, request.path),
        **_around(request, wanted),
    }
    response = page_or_part(request, f"analytics/{report.name}.html", f"analytics/_{report.name}.html", context)
    response["HX-Push-Url"] = f"{request.path}?{wanted.address}"  # without the fields that nobody filled in
    return response


def _around(request: HttpRequest, wanted: Filter) -> dict[str, Any]:
    """What the desk's frame shows around a page; a part has none."""
    if wants_part(request):
        return {}
    views = counted(cast(User, request.user), wanted.choices.teams)
    return {"views": views, "site_name": settings.SITE_NAME, "demo": settings.DEMO}


def _offered(wanted: Filter, name: str) -> list[tuple[str, str]]:
    """What a menu offers, and what was chosen even if it is retired or stands for nobody."""
    offered, word = wanted.choices.options(name), wanted.words.get(name)
    return offered if word is None or word in dict(offered) else [*offered, (word, wanted.said(name))]


def told_of(wanted: Filter) -> list[str]:
    """The question in words: the period, then each part it is narrowed to."""
    days = wanted.period.days(wanted.zone)
    first, last = days[0], days[-1]
    return [f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"] + [
        wanted.choices.label(name, word) for name, word in wanted.words.items()
    ]


def _page_of(rows: Any, cursor: str) -> tuple[list[Fact], str]:
    """A page of facts with their tickets; a broken cursor begins again at the top."""
    rows, order = (
        rows.select_related("ticket__customer").prefetch_related("ticket__customer__identities"),
        ("-created_at", "-pk"),
    )
    try:
        return keyset.page(rows, order, size=PAGE, cursor=cursor)
    except keyset.BadCursor:
        return keyset.page(rows, order, size=PAGE)


def _sheet_of(rows: Any, wanted: Filter) -> Iterator[list[Any]]:
    yield [
        "number", "subject", "status", "priority", "category", "team", "agent", "channel", "language", "created",
        "first_response_seconds", "resolved", "resolution_seconds", "reopened", "score",
    ]  # fmt: skip
    words = wanted.choices.words
    for fact in rows.select_related("ticket").iterator(chunk_size=2000):
        yield [
            fact.ticket.number,
            fact.ticket.subject,
            Status(fact.ticket.status).value,
            Priority(fact.priority).slug,
            words["category"].get(fact.category_id, ""),
            words["team"].get(fact.team_id, ""),
            words["agent"].get(fact.agent_id, ""),
            fact.channel,
            fact.language,
            fact.created_at.isoformat(timespec="seconds"),
            fact.first_response_seconds,
            fact.resolved_at and fact.resolved_at.isoformat(timespec="seconds"),
            fact.resolution_seconds,
            fact.reopened,
            fact.score,
        ]
