"""Figures side by side: a row for each team, agent, category or channel, as a page, and as a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .cards import Behind, linked, span
from .dimensions import dimensions
from .filters import NAMES, Filter
from .metric import Figure, metrics
from .reckoning import Group, Question
from .units import Unit

# Which figures are told of the parts of the desk.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "team": ("created", "resolved", "first_response", "resolution", "service_level_response", "satisfaction"),
    "agent": ("resolved", "first_response", "resolution", "reopened", "satisfaction"),
    "category": ("created", "first_response", "resolution", "reopened", "satisfaction"),
    "channel": ("created", "first_response", "satisfaction"),
    "language": ("created", "first_response", "satisfaction"),
    "priority": ("created", "service_level_response", "service_level_resolution", "first_response", "resolution"),
}
NOTHING = SafeString()


@dataclass(frozen=True)
class Table:
    """Groups of a dimension, and the figures asked of them. `here` is the address of the report it stands in."""

    wanted: Filter
    question: Question
    groups: list[Group]
    here: str = ""

    @property
    def dimension(self) -> str:
        return self.question.dimension

    @cached_property
    def heads(self) -> list[str]:
        """Of all columns, the first of which has the names of the groups."""
        return [
            str(dimensions[self.dimension].label),
            *(str(metrics[name].label) for name in self.question.names),
        ]

    @property
    def body(self) -> SafeString:
        """The rows of the page's table; put together here, because a loop in a template costs eight times as much."""
        return format_html_join("", "<tr><th scope=row>{}</th>{}</tr>", map(self._line, self.groups))

    def rows(self) -> Iterator[list[object]]:
        """The rows of a spreadsheet: plain numbers, shares from 0 to 1, waits in seconds."""
        first, *others = self.heads
        yield [first, *(part for head in others for part in (head, f"{head} (n)"))]
        for group in self.groups:
            yield [group.label, *(part for each in self._figures(group) for part in (each.value, each.n))]

    def _figures(self, group: Group) -> Iterable[Figure]:
        return (group.figures[name] for name in self.question.names)

    def _line(self, group: Group) -> tuple[SafeString, SafeString]:
        is_filter = bool(group.word) and self.dimension in NAMES
        narrower = self.wanted.narrowed(**{self.dimension: group.word}) if is_filter else None
        behind = Behind(narrower) if narrower else None
        name = linked(f"{self.here}?{narrower.address}" if narrower else "", group.label)
        cells = ((*_marks(each), _told(each, behind(each) if behind else "")) for each in self._figures(group))
        return name, format_html_join("", '<td class="num{}"{}>{}</td>', cells)


def _marks(figure: Figure) -> tuple[str, SafeString]:
    """Classes and title of a cell."""
    few = " few" if figure.is_small else ""
    if figure.interval is None:
        return few, NOTHING
    return few, format_html(' title="{}, n = {}"', span(figure), figure.n)


def _told(figure: Figure, href: str) -> SafeString:
    words = linked(href, str(figure))
    if figure.metric.unit is Unit.SCORE and figure.value is not None and figure.interval is not None:
        words = format_html('<span class="with-bar">{}{}</span>', _bar(figure.value, *figure.interval), words)
    if figure.is_small and figure.n:
        words = format_html('{}<span class="visually-hidden"> ({})</span>', words, _("small sample"))
    return words


def _bar(value: float, low: float, high: float) -> SafeString:
    """A score and its interval on a line from 1 to 5."""
    low, value, high = (round((each - 1) * 25, 1) for each in (low, value, high))
    return format_html(
        '<svg class="span" viewBox="-1 0 104 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" x="0" y="4" width="100" height="2"/><line x1="{}" x2="{}" y1="5" y2="5"/>'
        '<rect class="dot-at" x="{}" y="1" width="2" height="8"/></svg>',
        low,
        high,
        value,
    )
