"""A model's report as the page tells it: names, shares in percent, and nothing that was not measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tickets.choices import Priority
from tickets.models import Category

from .models import LearnedModel, Target


@dataclass(frozen=True, slots=True)
class Figure:
    """One share (0 to 1) as measured in the examination, while learning, and by the baseline; None: not measured."""

    label: str
    hint: str
    exam: float | None
    value: float | None
    baseline: float | None

    @property
    def percents(self) -> list[float | None]:
        return [None if share is None else round(100 * share, 1) for share in (self.exam, self.value, self.baseline)]


@dataclass(frozen=True, slots=True)
class Figures:
    row: LearnedModel
    measured: list[Figure]
    by_class: list[dict[str, Any]]

    @property
    def examined(self) -> int:
        """On how many tickets it was examined."""
        return (self.row.report.get("exam") or {}).get("judged", 0)

    @property
    def threshold_percent(self) -> float:
        return round(100 * self.row.threshold, 1)

    @property
    def wanted_percent(self) -> float:
        return round(100 * self.row.report["wanted_precision"], 1)


# Key of the report, name, what it means, whether the baseline's share says anything beside it.
_MEASURES = [
    ("accuracy", _("Accuracy"), _("answers that were right"), True),
    ("macro_f1", _("Macro-F1"), _("every kind counts the same, however rare"), True),
    ("top3", _("Right among three"), _("the right answer was among the first three"), True),
    ("ece", _("Calibration error"), _("how far said and seen certainty differ; less is better"), True),
    ("coverage", _("Sure of"), _("tickets it may decide by itself"), False),
    ("precision", _("Right when sure"), _("of those, how many were right"), False),
]


def figures_of(row: LearnedModel) -> Figures:
    return Figures(row, list(_measured(row.report)), _by_class(row))


def _measured(report: dict[str, Any]) -> Iterator[Figure]:
    for key, label, hint, beside in _MEASURES:
        exam, value = _said(report, report.get("exam") or {}, key), _said(report, report, key)
        if exam is None and value is None:
            continue
        baseline = report.get("baseline", {}).get(key) if beside else None
        yield Figure(str(label), str(hint), exam, value, baseline)


def _said(report: dict[str, Any], measured: dict[str, Any], key: str) -> float | None:
    """The figure, unless it says nothing: nobody is wrong who never speaks, or who may name all there is."""
    if (key == "precision" and not measured.get("coverage")) or (key == "top3" and report["classes"] < 4):
        return None
    return measured.get(key)


def _by_class(row: LearnedModel) -> list[dict[str, Any]]:
    if row.target == Target.CATEGORY:
        names = {category.slug: category.path for category in Category.in_order()}
    else:
        names = {priority.slug: str(priority.label) for priority in Priority}
    return [
        {
            "name": names.get(one["label"], one["label"]),
            "rows": one["rows"],
            **{key: round(100 * one[key]) for key in ("precision", "recall", "f1")},
        }
        for one in row.report.get("per_class", [])
    ]
