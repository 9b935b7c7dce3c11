"""`python -m triage.learn evaluate`: train on one file, answer another, say how good it was."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triage.learn.base import Example, TooLittleToLearn, classifiers
from triage.learn.files import dumps
from triage.learn.model import Model
from triage.learn.rows import RowsUnreadable, examples
from triage.learn.score import figures
from triage.learn.train import train

TIMED = 300  # predictions, one at a time as the desk makes them


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    columns = options.text.split(",")
    try:
        learned = examples(options.train, columns, options.label)
        asked = [(path, examples(path, columns, options.label)) for path in (options.dev, options.test) if path]
        model = train(learned, candidates=(options.classifier,), random_state=options.seed, progress=_progress)
    except (RowsUnreadable, TooLittleToLearn, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    about = _about(model)
    for path, rows in asked or [(None, [])]:
        measured = _measured(model, rows) if rows else _held_out(model)
        line = {"file": str(path.name) if path else None, **measured, **about}
        if not options.json:
            print("\n".join(f"{name:>15}  {value}" for name, value in line.items()))
        print(json.dumps(line))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m triage.learn", description=__doc__)
    commands = parser.add_subparsers(required=True)
    evaluate = commands.add_parser(
        "evaluate",
        help="train on a file and score another (.csv, .tsv, .jsonl, each also .gz)",
        epilog="Without --dev and --test the figures come from held-out parts of the training file. "
        "The last line is always JSON.",
    )
    evaluate.add_argument("--train", type=Path, required=True)
    evaluate.add_argument("--dev", type=Path, help="scored")
    evaluate.add_argument("--test", type=Path, help="scored, after --dev")
    evaluate.add_argument("--text", required=True, help="columns: title,body, or one column")
    evaluate.add_argument("--label", required=True, help="column of the right answer")
    evaluate.add_argument("--classifier", default="svm", choices=classifiers.names())
    evaluate.add_argument("--seed", type=int, default=0)
    evaluate.add_argument("--json", action="store_true", help="print JSON lines only")
    return parser


def _progress(share: float, stage: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:4.0%} {stage:<10}", end="" if share < 1 else "\n", file=sys.stderr, flush=True)


def _about(model: Model) -> dict[str, Any]:
    return {
        "classes": len(model.classes),
        "threshold": model.threshold,
        "fit_s": model.report["fit_seconds"],
        "train_s": model.report["train_seconds"],
        "model_mb": round(len(dumps(model)) / 1e6, 2),
        "classifier": model.classifier,
    }


def _measured(model: Model, rows: Sequence[Example]) -> dict[str, Any]:
    probabilities = model.probabilities([(row.title, row.body) for row in rows])
    said = figures(probabilities, [row.label for row in rows], model.families, model.threshold)
    times = [_milliseconds(model, row) for row in rows[:TIMED]]
    return {
        "rows": len(rows),
        **_named(said),
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
    }


def _held_out(model: Model) -> dict[str, Any]:
    return {"rows": model.report["judged"], **_named(model.report), "p50_ms": None, "p95_ms": None}


def _named(said: dict[str, Any]) -> dict[str, Any]:
    names = {name: name for name in ("accuracy", "macro_f1", "top3", "ece")}
    names |= {"auto_share": "coverage", "auto_precision": "precision"}
    return {name: None if said[key] is None else round(said[key], 4) for name, key in names.items()}


def _milliseconds(model: Model, row: Example) -> float:
    started = time.perf_counter()
    model.predict(row.title, row.body)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
