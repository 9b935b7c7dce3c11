"""Rows of CSV, TSV and JSON lines, gzipped or not, as examples."""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from triage.learn.base import Example


class RowsUnreadable(ValueError):
    """The file is not what its name says, or lacks a column; the message names the place."""


def examples(path: Path, texts: Sequence[str], label: str) -> list[Example]:
    """One example a row that has a label.

    Of several `texts` columns the first is the title and the others make the body; a single one is the body.
    Raises `RowsUnreadable`, or `OSError` where the file cannot be opened.
    """
    found = []
    for number, row in enumerate(rows(path), start=1):
        missing = [name for name in (*texts, label) if name not in row]
        if missing:
            raise RowsUnreadable(f"{path}, row {number}: no column {', '.join(missing)}; it has {', '.join(row)}")
        parts = ["" if row[name] is None else str(row[name]) for name in texts]
        title, body = (parts[0], "\n".join(parts[1:])) if len(parts) > 1 else ("", parts[0])
        if row[label] not in (None, ""):
            found.append(Example(title, body, str(row[label])))
    return found


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Each row as a mapping of column to value."""
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines:
        try:
            yield from (_delimited(lines, plain.suffix) if plain.suffix in (".csv", ".tsv") else _json_lines(lines))
        except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, csv.Error, json.JSONDecodeError) as error:
            raise RowsUnreadable(f"{path} cannot be read as {plain.suffix or 'JSON lines'}: {error}") from error


def _opened(path: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _delimited(lines: io.TextIOWrapper, suffix: str) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(10_000_000)
    yield from csv.DictReader(lines, delimiter="\t" if suffix == ".tsv" else ",")


def _json_lines(lines: io.TextIOWrapper) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.strip():
            yield json.loads(line)
