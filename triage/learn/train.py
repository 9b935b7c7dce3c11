"""Examples to a model: who is learned, which classifier earns its place, from when on it may speak."""

import hashlib
import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy
import sklearn

from triage.learn import score, split
from triage.learn.abstain import NEVER, Answers, Marks, threshold_for
from triage.learn.base import Classifier, Example, TooLittleToLearn, classifiers
from triage.learn.labels import YOUNGEST, Families, Parents, settle
from triage.learn.model import Model

__all__ = ["BASELINE", "NEWEST", "STAGES", "Model", "TooLittleToLearn", "train"]

BASELINE = "dummy"
NEWEST = 20_000  # rows: older tickets speak of a company that has changed, and memory is finite
STAGES = ("reading", "checking", "learning", "done")  # what `progress` is told, for the caller to translate

Progress = Callable[[float, str], None]


def _silent(share: float, stage: str) -> None:
    return None


def train(
    examples: Sequence[Example],
    *,
    parents: Parents = {},  # noqa: B006 (only read)
    candidates: Sequence[str] = ("dummy", "svm"),
    progress: Progress = _silent,
    random_state: int = 0,
    precision: float = 0.95,
) -> Model:
    """Learn from `examples`, in any order; the same examples and seed give the same model.

    Candidates are compared on rows they have not read; what does not beat the baseline is not shipped, and the
    baseline itself is never sure. `precision` (0 to 1) is what answers above the threshold must reach.
    Raises `TooLittleToLearn`.
    """
    started = time.perf_counter()
    progress(0.0, "reading")
    rows = _sorted(examples)
    settled = settle([row.label for row in rows], parents)
    used = [replace(row, label=label) for row in rows if (label := settled[row.label]) is not None]
    _check_enough(rows, used)
    trial = _compare(used, parents, candidates, random_state, progress)
    progress(0.9, "learning")
    fitting = time.perf_counter()
    name, pipeline = _fit(classifiers[trial.best], used, random_state)
    now = time.perf_counter()
    model = Model(
        classifier=name,
        pipeline=pipeline,
        classes=tuple(str(label) for label in pipeline.classes_),
        threshold=trial.threshold(precision),
        parents=dict(parents),
        absorbed=frozenset(to for label, to in settled.items() if to is not None and to != label),
    )
    model.report = {
        **_particulars(rows, used, settled, random_state),
        **trial.report(model, used),
        "wanted_precision": precision,
        "fit_seconds": round(now - fitting, 3),
        "train_seconds": round(now - started, 3),
    }
    progress(1.0, "done")
    return model
