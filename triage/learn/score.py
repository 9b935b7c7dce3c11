"""How good probabilities are: figures that can be compared between models and over time."""

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support

from triage.learn.abstain import Answers, Marks, spoken
from triage.learn.labels import Families

LEAST_CHANCE = 1e-6  # a label the model had never seen costs ln(1,000,000), not infinity


def figures(probabilities: np.ndarray, truth: Sequence[str], families: Families, threshold: float) -> dict[str, float]:
    """accuracy, macro_f1, top3, ece, log_loss; coverage, precision, fallback_share at `threshold`.

    All but log_loss are shares from 0 to 1. `probabilities` has shape (rows, classes), classes in the order
    of `families.classes`.
    """
    answers = Answers.of(probabilities, families)
    marks = Marks.of(answers, np.array(truth, dtype=object), families)
    given, right, wider = spoken(answers, marks, threshold)
    guesses = [families.classes[column] for column in answers.top]
    return {
        "accuracy": float(marks.top.mean()),
        "macro_f1": float(f1_score(truth, guesses, average="macro", zero_division=0)),
        "top3": float(np.mean(_among(probabilities, truth, families.classes, 3))),
        "ece": calibration_error(answers.confidence, marks.top),
        "log_loss": float(np.mean(losses(probabilities, truth, families.classes))),
        "coverage": given / len(truth),
        "precision": right / given if given else 0.0,
        "fallback_share": wider / len(truth),
    }


def losses(probabilities: np.ndarray, truth: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """Minus the logarithm of the probability each row gave its true label."""
    column = {label: number for number, label in enumerate(classes)}
    chances = [row[column[label]] if label in column else 0.0 for row, label in zip(probabilities, truth, strict=True)]
    return -np.log(np.maximum(chances, LEAST_CHANCE))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error, equal-width bins (Guo et al. 2017): how far certainty and truth differ."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(which, confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def by_class(guesses: Sequence[str], truth: Sequence[str], rows: dict[str, int]) -> list[dict[str, str | int | float]]:
    """Precision, recall and F1 of each label with its number of `rows`, largest first."""
    labels = sorted(rows, key=lambda label: (-rows[label], label))
    precision, recall, f1, _ = precision_recall_fscore_support(truth, guesses, labels=labels, zero_division=0)
    return [
        {"label": label, "rows": rows[label], "precision": float(p), "recall": float(r), "f1": float(f)}
        for label, p, r, f in zip(labels, precision, recall, f1, strict=True)
    ]


def _among(probabilities: np.ndarray, truth: Sequence[str], classes: Sequence[str], most: int) -> list[bool]:
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :most]
    return [label in {classes[column] for column in row} for row, label in zip(best, truth, strict=True)]
