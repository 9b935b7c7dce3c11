"""Candidates answer tickets they have not read; the best of those that beat the baseline wins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from triage.learn import score
from triage.learn.abstain import NEVER, Answers, Marks, threshold_for
from triage.learn.base import Classifier, Example, classifiers
from triage.learn.labels import Families, Parents, settle
from triage.learn.split import Fold, folds

BASELINE = "dummy"


@dataclass
class Showing:
    """What one candidate said of the rows held out: `probabilities` of shape (rows, classes), and their true labels."""

    probabilities: np.ndarray
    truth: list[str]
    families: Families
    precision: float

    @cached_property
    def threshold(self) -> float:
        answers = Answers.of(self.probabilities, self.families)
        marks = Marks.of(answers, np.array(self.truth, dtype=object), self.families)
        return threshold_for(answers, marks, self.precision)

    @cached_property
    def figures(self) -> dict[str, float]:
        return score.figures(self.probabilities, self.truth, self.families, self.threshold)

    @cached_property
    def losses(self) -> np.ndarray:
        return score.losses(self.probabilities, self.truth, self.families.classes)

    @property
    def guesses(self) -> list[str]:
        return [self.families.classes[column] for column in self.probabilities.argmax(axis=1)]

    def beats(self, other: "Showing") -> bool:
        """Better F1, and a log loss better by more than its standard error: chance alone often gives the first."""
        gain = other.losses - self.losses
        return (
            bool(gain.mean() > gain.std() / np.sqrt(len(gain)))
            and self.figures["macro_f1"] > other.figures["macro_f1"]
        )


@dataclass(frozen=True)
class Trial:
    """`method` is "time", "folds" or "none": then there were too few rows to judge anybody, and the baseline wins."""

    method: str
    showings: Mapping[str, Showing]

    @property
    def best(self) -> str:
        if BASELINE not in self.showings:
            return BASELINE
        baseline = self.showings[BASELINE]
        able = [name for name, showing in self.showings.items() if name != BASELINE and showing.beats(baseline)]
        return max(able, key=lambda name: self.showings[name].figures["macro_f1"], default=BASELINE)


def compare(
    rows: Sequence[Example],
    candidates: Sequence[str],
    *,
    parents: Parents,
    random_state: int,
    precision: float,
    progress: Callable[[float], None],
) -> Trial:
    """Let the baseline and all `candidates` predict every held-out row of `rows` (sorted by time)."""
    names = list(dict.fromkeys([BASELINE, *candidates]))
    method, parts = folds([row.label for row in rows], [row.at for row in rows])
    if len({row.label for row in rows}) == 1:
        return Trial("none", {})
    truth = [rows[number].label for _, asked in parts for number in asked]
    showings = {}
    for turn, name in enumerate(names):
        answered = []
        for part, fold in enumerate(parts):
            progress((turn * len(parts) + part) / (len(names) * len(parts)))
            answered.append(_answer(classifiers[name], rows, fold, parents, random_state))
        if any(classes is None for classes, _ in answered):
            return Trial("none", {})
        showings[name] = _showing(answered, truth, parents, precision)
    return Trial(method, showings)
