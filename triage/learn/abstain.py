"""When to speak: the answers a model would give, and the confidence from which it is right often enough."""

from dataclasses import dataclass

import numpy as np

from triage.learn.labels import Families

NEVER = 1.01  # a threshold no confidence reaches
LEAST = 0.5  # below an even chance nothing is sure, however good the rest is


@dataclass(frozen=True)
class Answers:
    """A row each: likeliest class, its probability, its family (-1: none), the family's probability."""

    top: np.ndarray
    confidence: np.ndarray
    home: np.ndarray
    mass: np.ndarray

    @classmethod
    def of(cls, probabilities: np.ndarray, families: Families) -> "Answers":
        rows = np.arange(len(probabilities))
        top = probabilities.argmax(axis=1)
        home = families.home[top]
        masses = np.column_stack([probabilities @ families.member.T, np.zeros(len(rows))])  # home -1: the zeros
        return cls(top, probabilities[rows, top], home, np.minimum(masses[rows, home], 1.0))


@dataclass(frozen=True)
class Marks:
    """Which answers were right: the class itself, and its family."""

    top: np.ndarray
    home: np.ndarray

    @classmethod
    def of(cls, answers: Answers, truth: np.ndarray, families: Families) -> "Marks":
        """`truth` holds labels; one that is no class, or no member of a family, is never right."""
        classes = np.array(families.classes, dtype=object)
        known = {label: number for number, label in enumerate(families.classes)}
        column = np.array([known.get(label, -1) for label in truth], dtype=int)
        padded = np.zeros((len(families.names) + 1, len(classes) + 1), dtype=bool)  # the last row and column: none
        padded[:-1, :-1] = families.member
        return cls(answers.top == column, padded[answers.home, column])


def spoken(answers: Answers, marks: Marks, threshold: float) -> tuple[int, int, int]:
    """(answers given, right ones, given for a family); a family speaks where its class stays below."""
    direct = answers.confidence >= threshold
    wider = ~direct & (answers.mass >= threshold)
    right = np.count_nonzero(direct & marks.top) + np.count_nonzero(wider & marks.home)
    return int(np.count_nonzero(direct | wider)), int(right), int(np.count_nonzero(wider))


def threshold_for(answers: Answers, marks: Marks, precision: float) -> float:
    """The lowest confidence from which answers are right at the wanted `precision` (0 to 1), or `NEVER`.

    One wrong answer is added to those seen, so a young desk needs a record first: at 95 %, 19 right answers.
    """
    steps = np.unique(np.round(np.concatenate([answers.confidence, answers.mass]), 3))
    for step in [LEAST, *steps[steps > LEAST].tolist()]:
        given, right, _ = spoken(answers, marks, step)
        if given and right >= precision * (given + 1):
            return float(step)
    return NEVER
