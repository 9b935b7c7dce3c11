"""Which rows to learn from and which to ask about: no figure comes from a row the model has read."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Fold = tuple[np.ndarray, np.ndarray]  # row numbers to learn from, row numbers to predict

ENOUGH_FOR_TIME = 200  # rows; below, half of them teach too little
STARTS = (1 / 2, 2 / 3, 5 / 6)
SMALL = 500  # rows up to which five folds are affordable


def folds(labels: Sequence[str], times: Sequence[float]) -> tuple[str, list[Fold]]:
    """("time" or "folds", the folds) of rows that are sorted by time.

    By time: three windows, each predicted from all that came before it, as the desk will use the model.
    Without usable times, or with few rows: stratified folds, three or (few rows) five.
    """
    if len(labels) >= ENOUGH_FOR_TIME and len(set(times)) * 2 > len(times):
        return "time", _windows(len(labels))
    return "folds", _stratified(labels, 5 if len(labels) <= SMALL else 3)


def _windows(rows: int) -> list[Fold]:
    edges = [round(rows * start) for start in STARTS] + [rows]
    numbers = np.arange(rows)
    return [(numbers[:start], numbers[start:end]) for start, end in pairwise(edges)]


def _stratified(labels: Sequence[str], count: int) -> list[Fold]:
    """Rows of one label, and the labels one after another, are dealt out like cards."""
    part = np.empty(len(labels), dtype=int)
    part[np.argsort(np.array(labels, dtype=object), kind="stable")] = np.arange(len(labels)) % count
    return [(np.flatnonzero(part != one), np.flatnonzero(part == one)) for one in range(count)]
