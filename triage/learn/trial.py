"""Candidates answer tickets they have not read; the best of those that beat the baseline wins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from triage.learn import score
from triage.learn.abstain import Answers, Marks, threshold_for
from triage.learn.base import Classifier, Example, classifiers
from triage.learn.labels import Families, Parents, settle
from triage.learn.split import Fold, folds

BASELINE = "dummy"


@dataclass
class Showing:
    """What one candidate said of held-out rows: `probabilities` of shape (rows, classes), and the `truth`."""

    probabilities: np.ndarray
    families: Families
    truth: list[str]
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
        """Better F1, and a log loss better by more than its standard error: chance often gives the first."""
        gain = other.losses - self.losses
        return (
            bool(gain.mean() > gain.std() / np.sqrt(len(gain))) and self.figures["macro_f1"] > other.figures["macro_f1"]
        )


@dataclass(frozen=True)
class Trial:
    """`method` is "time", "folds" or, with too few rows to judge anybody, "none": then the baseline wins."""

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
    """Let the baseline and all `candidates` predict the held-out among `rows`, which are sorted by time."""
    if len({row.label for row in rows}) == 1:
        return Trial("none", {})
    method, parts = folds([row.label for row in rows], [row.at for row in rows])
    truth = [rows[number].label for _, asked in parts for number in asked]
    names = list(dict.fromkeys([BASELINE, *candidates]))
    showings: dict[str, Showing] = {}
    for turn, name in enumerate(names):
        spoken = []
        for part, fold in enumerate(parts):
            progress((turn * len(parts) + part) / (len(names) * len(parts)))
            answer = _answer(classifiers[name], rows, fold, parents, random_state)
            if answer is None:
                return Trial("none", {})
            spoken.append(answer)
        showings[name] = Showing(*_aligned(spoken, truth, parents), truth, precision)
    return Trial(method, showings)


def fit(entry: Classifier, rows: Sequence[Example], random_state: int) -> tuple[str, Any]:
    """(name, fitted pipeline); where all rows have one label there is nothing to tell apart: the baseline."""
    labels = [row.label for row in rows]
    if len(set(labels)) == 1:
        entry = classifiers[BASELINE]
    return entry.name, entry.build(random_state).fit([(row.title, row.body) for row in rows], labels)


Answer = tuple[list[str], np.ndarray]  # classes, probabilities of shape (rows asked, classes)


def _answer(
    entry: Classifier, rows: Sequence[Example], fold: Fold, parents: Parents, random_state: int
) -> Answer | None:
    """What `entry` says of the rows asked after reading the others; None if those teach nothing."""
    read, asked = fold
    settled = settle([rows[number].label for number in read], parents)
    known = [
        replace(rows[number], label=label) for number in read if (label := settled[rows[number].label]) is not None
    ]
    if not known or not len(asked):
        return None
    _, pipeline = fit(entry, known, random_state)
    pairs = [(rows[number].title, rows[number].body) for number in asked]
    return [str(label) for label in pipeline.classes_], pipeline.predict_proba(pairs)


def _aligned(spoken: Sequence[Answer], truth: Sequence[str], parents: Parents) -> tuple[np.ndarray, Families]:
    """All answers in one table: a fold may not know a class yet, or know a young one only by its parent."""
    classes = sorted({label for labels, _ in spoken for label in labels} | set(truth))
    table = np.zeros((len(truth), len(classes)))
    start = 0
    for labels, probabilities in spoken:
        end = start + len(probabilities)
        table[start:end, [classes.index(label) for label in labels]] = probabilities
        start = end
    return table, Families.of(classes, parents)
