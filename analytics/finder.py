"""The charts' static files, which no folder holds: they are made when static files are collected.

`reports/vega.js` is the bundle of Vega, Vega-Lite and Vega-Embed, `reports/<name>.json` each drawing. Made once for
each version of the program and its libraries, into the data folder.
"""

import hashlib
import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

FOLDER = "reports"
BUNDLE = f"{FOLDER}/vega.js"
LIBRARIES = ("altair", "vl-convert-python")


class ChartFinder(BaseFinder):
    def check(self, **options: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=made())
        for name in storage.listdir(FOLDER)[1]:
            yield f"{FOLDER}/{name}", storage

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        found = Path(safe_join(made(), path)) if path.startswith(f"{FOLDER}/") else None
        if found is None or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)


def made() -> Path:
    """The folder that holds `reports/`, which is written first if this version's is not there yet."""
    place = Path(settings.DATA_DIR) / "charts" / _version()
    if not (place / BUNDLE).is_file():
        _write(place)
    return place


def _version() -> str:
    sources = sorted((Path(__file__).parent / "charts").glob("*.py"))
    told = [metadata.version(name).encode() for name in LIBRARIES] + [path.read_bytes() for path in sources]
    return hashlib.sha256(b"\0".join(told)).hexdigest()[:16]


def _write(place: Path) -> None:
    import vl_convert

    from .charts import drawings

    (place / FOLDER).mkdir(parents=True, exist_ok=True)
    for drawing in drawings:
        _put(place / FOLDER / f"{drawing.name}.json", json.dumps(drawing.spec()))
    _put(place / BUNDLE, vl_convert.javascript_bundle())  # type: ignore[call-arg]  # the default is not in its stub


def _put(path: Path, text: str) -> None:
    """Whole or not at all, whoever writes beside us."""
    draft = path.with_suffix(f".{uuid4().hex}")
    draft.write_text(text)
    draft.replace(path)
