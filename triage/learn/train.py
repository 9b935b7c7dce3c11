"""Examples to a model: what is learned, which classifier earns its place, from where on it may speak."""

import hashlib
import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import scipy
import sklearn

from triage.learn.abstain import NEVER
from triage.learn.base import Example, TooLittleToLearn, classifiers
from triage.learn.labels import YOUNGEST, Parents, settle
from triage.learn.model import Model
from triage.learn.score import by_class
from triage.learn.trial import BASELINE, Trial, compare, fit

__all__ = ["NEWEST", "STAGES", "Model", "TooLittleToLearn", "train"]

NEWEST = 20_000  # rows: older tickets speak of a company that has changed, and memory is finite
STAGES = ("reading", "checking", "learning", "done")  # what `progress` is told, for the caller to translate
NO_FIGURES = dict.fromkeys(
    ("accuracy", "macro_f1", "top3", "ece", "log_loss", "coverage", "precision", "fallback_share")
)


def _silent(share: float, stage: str) -> None:
    return None


def train(
    examples: Sequence[Example],
    *,
    parents: Parents = {},  # noqa: B006 (only read)
    candidates: Sequence[str] = ("dummy", "svm"),
    progress: Callable[[float, str], None] = _silent,
    random_state: int = 0,
    precision: float = 0.95,
) -> Model:
    """Learn from `examples`, in any order; the same examples and seed give the same model.

    Candidates are compared on rows they have not read. What does not beat the baseline is not shipped, and
    the baseline itself is never sure. `precision` (0 to 1) is what answers above the threshold must reach.
    Raises `TooLittleToLearn`.
    """
    started = time.perf_counter()
    progress(0.0, "reading")
    rows = in_order(examples)
    settled = settle([row.label for row in rows], parents)
    used = [replace(row, label=label) for row in rows if (label := settled[row.label]) is not None]
    _check_enough(rows, used)
    trial = compare(
        used,
        candidates,
        parents=parents,
        random_state=random_state,
        precision=precision,
        progress=lambda share: progress(0.05 + 0.75 * share, "checking"),
    )
    progress(0.8, "learning")
    fitting = time.perf_counter()
    name, pipeline = fit(classifiers[trial.best], used, random_state)
    now = time.perf_counter()
    model = Model(
        classifier=name,
        pipeline=pipeline,
        classes=tuple(str(label) for label in pipeline.classes_),
        threshold=trial.showings[name].threshold if name != BASELINE else NEVER,
        parents=dict(parents),
        absorbed=frozenset(to for label, to in settled.items() if to is not None and to != label),
    )
    model.report = {
        "classifier": name,
        "threshold": model.threshold,
        "wanted_precision": precision,
        "random_state": random_state,
        **_about_data(rows, used, settled),
        **_about_trial(trial, used),
        "fit_seconds": round(now - fitting, 3),
        "train_seconds": round(now - started, 3),
        "libraries": _libraries(),
    }
    progress(1.0, "done")
    return model


def in_order(examples: Sequence[Example]) -> list[Example]:
    """The newest labelled rows, oldest first; ties by content, so the order they came in leaves no trace."""
    labelled = [row for row in examples if row.label]
    return sorted(labelled, key=lambda row: (row.at, digest(row)))[-NEWEST:]


def digest(row: Example) -> str:
    """SHA-256 of what the row teaches."""
    return hashlib.sha256(json.dumps([row.title, row.body, row.label]).encode()).hexdigest()


def _check_enough(rows: Sequence[Example], used: Sequence[Example]) -> None:
    if not rows:
        raise TooLittleToLearn(
            f"There is no labelled ticket to learn from: give at least {YOUNGEST} tickets their right label, "
            "then train again."
        )
    if not used:
        raise TooLittleToLearn(
            f"{len(rows)} labelled ticket(s), but no label has {YOUNGEST} yet, alone or together with others "
            f"under one parent: label at least {YOUNGEST} tickets alike, then train again."
        )


def _about_data(rows: Sequence[Example], used: Sequence[Example], settled: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        "rows": len(rows),
        "used": len(used),
        "dropped": len(rows) - len(used),
        "classes": len({row.label for row in used}),
        "young": {label: to for label, to in settled.items() if to != label},
        "oldest": rows[0].at,
        "newest": rows[-1].at,
        "data_digest": hashlib.sha256("".join(digest(row) for row in rows).encode()).hexdigest(),
    }


def _about_trial(trial: Trial, used: Sequence[Example]) -> dict[str, Any]:
    """Every figure is of rows the model had not read; None where there were too few to hold any out."""
    if not trial.showings:
        return {
            "method": "none",
            "judged": 0,
            **NO_FIGURES,
            "baseline": NO_FIGURES,
            "candidates": {},
            "per_class": [],
        }
    showing = trial.showings[trial.best]
    return {
        "method": trial.method,
        "judged": len(showing.truth),
        **showing.figures,
        "baseline": trial.showings[BASELINE].figures,
        "candidates": {name: other.figures for name, other in trial.showings.items()},
        "per_class": by_class(showing.guesses, showing.truth, Counter(row.label for row in used)),
    }


def _libraries() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }
