"""A trained model: what it answers, how sure it is, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from triage.learn.abstain import NEVER, Answers
from triage.learn.base import Prediction, Reason, classifiers
from triage.learn.explain import reasons
from triage.learn.features import rows_of
from triage.learn.labels import Families

RANKED = 5


@dataclass
class Model:
    """Made by `train`, stored by `files`.

    `classes` are in the order of the probabilities. `parents` is the tree it was trained with, `absorbed` the
    parent categories that also hold the rows of children too young to be learned. `report` is JSON-able.
    """

    classifier: str
    pipeline: Any
    classes: tuple[str, ...]
    threshold: float
    parents: Mapping[str, str | None] = field(default_factory=dict)
    absorbed: frozenset[str] = frozenset()
    report: dict[str, Any] = field(default_factory=dict)
    _last: tuple[list[tuple[str, str]], sparse.csr_matrix] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @cached_property
    def families(self) -> Families:
        return Families.of(self.classes, self.parents)

    def predict(self, title: str, body: str) -> Prediction:
        return self.predict_many([(title, body)])[0]

    def predict_many(self, pairs: Sequence[tuple[str, str]]) -> list[Prediction]:
        if not pairs:
            return []
        probabilities, known = self._read(pairs)
        answers = Answers.of(probabilities, self.families)
        limits = np.where(known, self.threshold, NEVER)
        return [self._prediction(answers, row, probabilities[row], float(limits[row])) for row in range(len(pairs))]

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Shape (pairs, classes); every row sums to one."""
        return self._read(pairs)[0]

    def explain(self, title: str, body: str, label: str) -> list[Reason]:
        """At most eight spans, strongest first; none if nothing in the text speaks for `label`.

        A classifier without linear weights, and a model with one class, cannot say why: none either.
        """
        targets = self.families.below(label)
        weights = classifiers[self.classifier].weights(self.pipeline)
        if weights is None or not targets or len(targets) == len(self.classes):
            return []
        return reasons(self.pipeline["features"], self._terms([(title, body)]), weights, targets, title, body)

    def _read(self, pairs: Sequence[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities, and whether any term of the text is known: of strange words nothing is ever sure."""
        if "features" not in self.pipeline.named_steps:
            return self.pipeline.predict_proba(list(pairs)), np.zeros(len(pairs), dtype=bool)
        terms = self._terms(pairs)
        return self.pipeline["model"].predict_proba(terms), terms.getnnz(axis=1) > 0

    def _terms(self, pairs: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        """One row a pair. The last rows are kept: what is decided is nearly always explained at once."""
        if self._last is None or self._last[0] != pairs:
            self._last = list(pairs), rows_of(self.pipeline["features"], pairs)
        return self._last[1]

    def _prediction(self, answers: Answers, row: int, probabilities: np.ndarray, threshold: float) -> Prediction:
        order = np.argsort(-probabilities, kind="stable")[:RANKED]
        ranked = tuple((self.classes[column], float(probabilities[column])) for column in order)
        label, confidence = ranked[0]
        if confidence < threshold <= answers.mass[row]:
            return Prediction(self.families.names[answers.home[row]], float(answers.mass[row]), ranked, True, True)
        return Prediction(label, confidence, ranked, confidence >= threshold, label in self.absorbed)
