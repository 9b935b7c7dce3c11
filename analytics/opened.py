"""What a reader opened on a report: the tickets of a figure, of one mark on a chart, of an article."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.text import storable

from . import solutions
from .dimensions import Wait, dimensions
from .filters import Filter
from .metric import metrics
from .reckoning import Reckoning

# Groups that the filter has no word for, with their keys.
MARKS: Mapping[str, range] = {"wait": range(-1, len(Wait.LIMITS) + 1), "week_hour": range(7 * 24)}


@dataclass(frozen=True, slots=True)
class Opened:
    """`rows` are facts, newest first; `told` says in words how they were narrowed, `asked` in the address."""

    name: str
    label: str | Promise
    hint: str | Promise
    rows: QuerySet[Any]
    asked: Mapping[str, str]
    told: tuple[str, ...] = ()

    def address(self, wanted: Filter) -> str:
        return f"{urlencode(self.asked)}&{wanted.address}"


def opened(params: QueryDict, wanted: Filter) -> Opened | None:
    """Nothing where there is no such figure, mark or article."""
    if slug := storable(params.get("article", "")):
        return _of_article(slug, wanted)
    name, by = params.get("metric", ""), params.get("by", "")
    if name not in metrics or not metrics[name].cohort.of_tickets:
        return None
    metric = metrics[name]
    whole = Opened(name, metric.label, metric.hint, Reckoning(wanted).behind(name), {"metric": name})
    return _marked(whole, by, params.get("at", ""), wanted) if by else whole


def _marked(whole: Opened, by: str, at: str, wanted: Filter) -> Opened | None:
    cohort = metrics[whole.name].cohort
    if at not in map(str, MARKS.get(by, ())) or not dimensions[by].fits(cohort):
        return None
    dimension, key = dimensions[by], int(at)
    rows = whole.rows.alias(mark=dimension.key(cohort, wanted.zone)).filter(mark=key)
    told = f"{dimension.label}: {dimension.label_of(key, wanted.choices)}"
    return Opened(whole.name, whole.label, whole.hint, rows, {**whole.asked, "by": by, "at": at}, (told,))


def _of_article(slug: str, wanted: Filter) -> Opened | None:
    title = solutions.title_of(slug)
    if not title:
        return None
    hint = _("Tickets in which this article was used during the period.")
    return Opened(slug, title, hint, solutions.behind(slug, wanted), {"article": slug})
