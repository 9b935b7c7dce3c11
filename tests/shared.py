"""Finds the public data sets beside the checkout; they are never part of the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared"))


def shared_path(name: str) -> Path:
    """The path of `name` in the folder of shared data (`SHARED_DIR`, or `shared` beside the checkout), or skip."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs the public data {name}, looked for in {SHARED}; set SHARED_DIR to where it is")
    return path
