"""Figures as a page shows them: value, change and its weight, what it is made of, and the way to the tickets behind.

All is ready to print: a page has up to sixteen cards, and a template that asked the figures itself would cost five
times as much.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TypedDict
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import gettext_noop as noop

from .filters import Filter
from .metric import Compared, Figure
from .models import Assumptions
from .units import Unit, decimal, shown

# The formulas of every manager, by the metric that is one.
FORMULAS: Mapping[str, str] = {
    "expected_response": "E(R) = Σ pᵢ · tᵢ",
    "service_level_response": "SL = S ÷ T",
    "service_level_resolution": "SL = S ÷ T",
    "satisfaction": "CS = Σ Sᵢ ÷ n",
    "throughput": "PM = C ÷ T",
    "cost_benefit": "CBA = (B − C) ÷ C",
}
LETTERS: Mapping[tuple[str, str], str] = {
    ("service_level_response", "S"): noop("answered within the target"),
    ("service_level_response", "T"): noop("answered, or due by now"),
    ("service_level_resolution", "S"): noop("resolved within the target"),
    ("service_level_resolution", "T"): noop("resolved, or due by now"),
    ("satisfaction", "Σ"): noop("sum of the scores"),
    ("satisfaction", "n"): noop("scores"),
    ("throughput", "C"): noop("tickets resolved"),
    ("throughput", "T"): noop("staffed hours"),
    ("cost_benefit", "B"): noop("benefit"),
    ("cost_benefit", "C"): noop("cost"),
    ("cost_benefit", "replies"): noop("replies"),
    ("cost_benefit", "deflected"): noop("matters that an article solved"),
}
MOST_PARTS = 5
OF_FIVE = ("satisfaction",)
BY_TARGETS = ("service_level_response", "service_level_resolution")
BY_ASSUMPTIONS = ("throughput", "cost_benefit")
WORDS: Mapping[bool | None, str | Promise] = {
    True: gettext_lazy("better, more than noise"),
    False: gettext_lazy("worse, more than noise"),
    None: gettext_lazy("more than noise"),
}
TONES: Mapping[bool | None, str] = {True: "good", False: "bad", None: ""}
NOTHING = SafeString()


class Card(TypedDict):
    """A dictionary, because that is what templates read fastest."""

    label: str
    tone: str  # a class of the card with a space before it
    value: SafeString
    change: SafeString
    interval: str
    details: SafeString


class Cards:
    """Makes the cards of figures to one question."""

    def __init__(self, wanted: Filter, assumptions: Assumptions) -> None:
        self.wanted, self.assumptions, self.behind = wanted, assumptions, Behind(wanted)

    def of(self, compared: Compared) -> Card:
        figure = compared.figure
        return {
            "label": str(figure.metric.label),
            "tone": " small-sample" if figure.is_small else "",
            "value": self._value(figure),
            "change": _change(compared),
            "interval": _("%(span)s at 95 %%") % {"span": span(figure)} if figure.interval else "",
            "details": format_html_join("", "{}", ((part,) for part in self._details(figure))),
        }

    def _value(self, figure: Figure) -> SafeString:
        value = linked(self.behind(figure), str(figure))
        if figure.metric.name in OF_FIVE:
            value = format_html('{} <span class="of">{}</span>', value, _("of 5"))
        if figure.metric.unit is Unit.COUNT:
            return value
        value = format_html('{} <span class="of">n = {}</span>', value, shown(figure.n, Unit.COUNT))
        if figure.is_small and figure.n:
            value = format_html('{} <span class="chip warn">{}</span>', value, _("small sample"))
        return value

    def _details(self, figure: Figure) -> Iterator[SafeString]:
        name = figure.metric.name
        yield format_html("<p>{}</p>", figure.metric.hint)
        if name in FORMULAS:
            yield format_html('<p class="mono formula">{}</p>', FORMULAS[name])
        if name in FORMULAS and figure.inputs:
            rows = format_html_join("", "<dt><b>{}</b> {}</dt><dd>{}</dd>", _inputs(figure))
            yield format_html('<dl class="inputs">{}</dl>', rows)
        if figure.parts:
            yield self._terms(figure)
        if name in BY_TARGETS:
            yield format_html('<p><a href="{}">{}</a></p>', self._targets, _("Targets per priority"))
        if name in BY_ASSUMPTIONS:
            yield self._assumed

    def _terms(self, figure: Figure) -> SafeString:
        """Terms of a sum, the heaviest first."""
        words = self.wanted.choices.words["category"]
        told = [
            (
                self.wanted.choices.label("category", words.get(group, "none") if group else "none"),
                shown(share, Unit.SHARE),
                shown(seconds, Unit.SECONDS),
            )
            for group, share, seconds in figure.parts[:MOST_PARTS]
        ]
        rows = format_html_join("", "<tr><td>{}</td><td class=num>{}</td><td class=num>{}</td></tr>", told)
        more = len(figure.parts) - MOST_PARTS
        return format_html(
            '<table class="plain inputs"><thead><tr><th scope=col>{}</th><th scope=col class=num>pᵢ</th>'
            "<th scope=col class=num>tᵢ</th></tr></thead><tbody>{}</tbody></table>{}",
            _("Category"),
            rows,
            format_html("<p>{}</p>", ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
            if more > 0
            else NOTHING,
        )

    @cached_property
    def _targets(self) -> str:
        return reverse("admin:analytics_target_changelist")

    @cached_property
    def _assumed(self) -> SafeString:
        if self.assumptions.pk:
            address = reverse("admin:analytics_assumptions_change", args=[self.assumptions.pk])
            day = date_format(self.assumptions.valid_from, "DATE_FORMAT")
            words = _("Assumptions of %(day)s") % {"day": day}
        else:
            address, words = reverse("admin:analytics_assumptions_add"), _("Usual assumptions: set your own")
        return format_html('<p><a href="{}">{}</a></p>', address, words)


class Behind:
    """Addresses of the tickets behind figures, all to one question; '' where no tickets are."""

    def __init__(self, wanted: Filter) -> None:
        self.page = reverse("analytics:tickets")
        self.address = wanted.address
        self.words = urlencode(wanted.words)

    def __call__(self, figure: Figure) -> str:
        if not figure.n or not figure.metric.cohort.of_tickets:
            return ""
        return f"{self.page}?metric={figure.metric.name}&{self.address}"

    def days(self, figure: Figure, first: date, last: date) -> str:
        """The same on those days alone, both included."""
        if not figure.n or not figure.metric.cohort.of_tickets:
            return ""
        return f"{self.page}?metric={figure.metric.name}&period=custom&from={first}&to={last}&{self.words}"

    def mark(self, figure: Figure, by: str, key: int) -> str:
        """The same of one group that the filter has no word for."""
        whole = self(figure)
        return f"{whole}&by={by}&at={key}" if whole else ""


def linked(href: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', href, words) if href else format_html("{}", words)


def span(figure: Figure) -> str:
    """The 95 % interval in words; '' where there is none."""
    if figure.interval is None:
        return ""
    low, high = (shown(end, figure.metric.unit) for end in figure.interval)
    return f"{low} – {high}"


def _change(compared: Compared) -> SafeString:
    """How much it moved against the stretch before, in words as well: colour alone says nothing."""
    figure, unit = compared.figure, compared.figure.metric.unit
    if figure.value is None:
        return NOTHING
    if figure.n and not compared.before.n:
        return format_html("{}", _("nothing in the period before"))
    change = compared.change or 0
    amount = _amount(change, unit)
    has_moved = amount != _amount(0, unit)
    moved = NOTHING
    if has_moved:
        sign, tone = "▲" if change > 0 else "▼", TONES[compared.is_better]
        moved = format_html('<b class="{}"><span aria-hidden="true">{}</span> {}</b> ', tone, sign, amount)
    return format_html("{}{}", moved, _verdict(compared, has_moved))


def _amount(change: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return _("%(n)s points") % {"n": decimal(abs(change) * 100, 1)}
    return shown(abs(change), unit)


def _verdict(compared: Compared, has_moved: bool) -> str:
    """What the change is worth. Of some figures nobody can say whether it is noise: those only name both periods."""
    if compared.is_clear is None:
        if compared.figure.is_small or compared.before.is_small:
            return _("too few to compare")
        return _("against the period before") if has_moved else _("as in the period before")
    return str(WORDS[compared.is_better]) if compared.is_clear else _("no clear change")


def _inputs(figure: Figure) -> Iterable[tuple[str, str, str]]:
    """Each letter of a formula, what it stands for, and its value."""
    for letter, value in figure.inputs.items():
        if meaning := LETTERS.get((figure.metric.name, letter)):
            yield letter, _(meaning), shown(value, Unit.COUNT if float(value).is_integer() else Unit.RATIO)
