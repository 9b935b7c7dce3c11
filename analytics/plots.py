"""What the charts draw, and the same numbers as a table for those who do not see charts.

Values have the names that the drawings in `analytics/charts` know. The tables are put together here, because a loop
in a template costs eight times as much.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .cards import Behind, linked
from .filters import Filter
from .metric import Figure, metrics
from .period import DAY
from .reckoning import Group, Question
from .units import Unit, decimal, shown

MOST_DAYS = 100  # above which a line by the day is only noise
WEEK = 7 * DAY
Cell = str | SafeString


@dataclass(frozen=True, slots=True)
class Plot:
    """`values` for the drawing, `heads` and `rows` for the table; only the first column is words.

    `unit` says how the numbers along the side are written, as in "%(n)s h".
    """

    values: list[dict[str, Any]]
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    unit: str = ""

    @property
    def json(self) -> str:
        return json.dumps(self.values, ensure_ascii=False, separators=(",", ":"))

    @property
    def table(self) -> SafeString:
        cells = [[("", row[0]), *((" class=num", cell) for cell in row[1:])] for row in self.rows]
        head = format_html_join("", "<th scope=col{}>{}</th>", zip(("", *[" class=num"] * 9), self.heads, strict=False))
        body = format_html_join("", "<tr>{}</tr>", ((format_html_join("", "<td{}>{}</td>", row),) for row in cells))
        return format_html("<table class=plain><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A chart whose figures are still to be asked for."""

    asks: Callable[[Filter], Question]
    draws: Callable[[Filter, list[Group]], Plot]


def _by_week(wanted: Filter) -> bool:
    return len(wanted.period.days(wanted.zone)) > MOST_DAYS


def _flow_of(wanted: Filter) -> Question:
    return Question(("created", "resolved"), "week" if _by_week(wanted) else "day")


def _flow(wanted: Filter, groups: list[Group]) -> Plot:
    """Received and resolved by the day, over long stretches by the week."""
    by_week, names = _by_week(wanted), ("created", "resolved")
    links = {name: _Days(wanted, name, WEEK if by_week else DAY) for name in names}
    told = [(group, {name: links[name].to(group.figures[name], group.key) for name in names}) for group in groups]
    return Plot(
        values=[
            {
                "day": _midnight(group.key),
                "count": group.figures[name].n,
                "series": str(metrics[name].label),
                "href": hrefs[name],
            }
            for name in names
            for group, hrefs in told
        ]
        if any(group.most for group in groups)
        else [],
        heads=[_("Week of") if by_week else _("Day"), *(str(metrics[name].label) for name in names)],
        rows=(
            [_day(group.key), *(linked(hrefs[name], str(group.figures[name])) for name in names)]
            for group, hrefs in told
        ),
    )


def _score(wanted: Filter, groups: list[Group]) -> Plot:
    """Satisfaction by the week."""
    link = _Days(wanted, "satisfaction", WEEK)
    told = _known(groups)
    return Plot(
        values=[
            {"week": _midnight(key), "href": link.to(figure, key), "alone": len(told) == 1, **_spread(figure)}
            for key, _label, figure in told
        ],
        heads=[_("Week of"), _("Mean"), _("at 95 %"), "n"],
        rows=([_day(key), *_told(figure, link.to(figure, key))] for key, _label, figure in told),
    )


def _patience(wanted: Filter, groups: list[Group]) -> Plot:
    """Scores by how long the first reply took."""
    link = Behind(wanted)
    told = [
        (key, label, figure, link.mark(figure, "wait", key))
        for key, label, figure in sorted(_known(groups), key=lambda each: each[0])
    ]
    return Plot(
        values=[{"wait": label, "order": key, "href": href, **_spread(figure)} for key, label, figure, href in told],
        heads=[_("First reply"), _("Mean"), _("at 95 %"), "n"],
        rows=([label, *_told(figure, href)] for _key, label, figure, href in told),
    )


def _waits(wanted: Filter, groups: list[Group]) -> Plot:
    """What half of the customers waited for a first reply, and nine of ten, by the week."""
    names = {"first_response": _("half within"), "first_response_p90": _("nine of ten within")}
    groups = [group for group in groups if group.most]
    links = {name: _Days(wanted, name, WEEK) for name in names}
    told = [(group, {name: links[name].to(group.figures[name], group.key) for name in names}) for group in groups]
    return Plot(
        values=[
            {
                "week": _midnight(group.key),
                "hours": round((group.figures[name].value or 0) / 3600, 2),
                "told": str(group.figures[name]),
                "series": label,
                "href": hrefs[name],
            }
            for name, label in names.items()
            for group, hrefs in told
        ],
        heads=[_("Week of"), *names.values()],
        rows=(
            [_day(group.key), *(linked(hrefs[name], str(group.figures[name])) for name in names)]
            for group, hrefs in told
        ),
        unit=_("%(n)s h"),
    )


def _hours(wanted: Filter, groups: list[Group]) -> Plot:
    """Arrivals by weekday and hour."""
    link = Behind(wanted)
    told = [(group, link.mark(group.figures["created"], "week_hour", group.key)) for group in groups]
    return Plot(
        values=[
            {
                "hour": group.key % 24,
                "day": str(WEEKDAYS_ABBR[group.key // 24]),
                "order": group.key // 24,
                "when": group.label,
                "count": group.figures["created"].n,
                "href": href,
            }
            for group, href in told
        ]
        if any(group.most for group in groups)
        else [],
        heads=[_("Hour of the week"), _("Tickets")],
        rows=([group.label, linked(href, str(group.most))] for group, href in told if group.most),
    )


class _Days:
    """Addresses of the tickets behind a metric on some days."""

    def __init__(self, wanted: Filter, metric: str, length: Any) -> None:
        self.link, self.length, self.wanted = Behind(wanted), length - DAY, wanted

    def to(self, figure: Figure, first: date) -> str:
        return self.link.days(figure, first, first + self.length)


def _known(groups: Iterable[Group]) -> list[tuple[Any, str, Figure]]:
    told = [(group.key, group.label, group.figures["satisfaction"]) for group in groups]
    return [each for each in told if each[2].value is not None]


def _spread(figure: Figure) -> dict[str, Any]:
    low, high = figure.interval or (figure.value, figure.value)
    ends = {"mean": figure.value, "low": low, "high": high}
    return {name: round(value or 0, 2) for name, value in ends.items()} | {"n": figure.n, "few": figure.is_small}


def _told(figure: Figure, href: str = "") -> list[Cell]:
    low, high = figure.interval or (figure.value, figure.value)
    span = f"{decimal(low or 0, 2)} – {decimal(high or 0, 2)}"
    return [linked(href, str(figure)), span, shown(figure.n, Unit.COUNT)]


def _midnight(day: date) -> str:
    """Without a zone, so that it is this day on the chart wherever the reader sits."""
    return f"{day.isoformat()}T00:00"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


FLOW = Sketch(_flow_of, _flow)
SCORE = Sketch(lambda wanted: Question(("satisfaction",), "week"), _score)
PATIENCE = Sketch(lambda wanted: Question(("satisfaction",), "wait"), _patience)
WAITS = Sketch(lambda wanted: Question(("first_response", "first_response_p90"), "week"), _waits)
HOURS = Sketch(lambda wanted: Question(("created",), "week_hour"), _hours)
