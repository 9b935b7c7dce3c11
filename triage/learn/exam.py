"""How good a model is on tickets that took no part in making it, whatever they looked like."""

from collections.abc import Sequence
from typing import Any

from triage.learn.base import Example
from triage.learn.model import Model
from triage.learn.score import figures

FEWEST = 50  # rows: below, a figure is chance


def examine(model: Model, rows: Sequence[Example]) -> dict[str, Any] | None:
    """`judged` (how many rows) and the figures of `score.figures`; None with fewer than fifty rows.

    A row whose label the model has never seen counts as wrong.
    """
    if len(rows) < FEWEST:
        return None
    probabilities = model.probabilities([(row.title, row.body) for row in rows])
    truth = [row.label for row in rows]
    return {"judged": len(rows), **figures(probabilities, truth, model.families, model.threshold)}
