"""Rows of CSV and JSONL files, packed or not: where each stands, and what is wrong with those that cannot be read."""

import codecs
import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

ENCODINGS = ["utf-8-sig", "gb18030"]
LONGEST_FIELD = 20 * 2**20  # characters


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by column, or why there are none."""

    line: int
    values: dict[str, str]
    raw: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    path: Path
    encoding: str
    lines: int

    @classmethod
    def of(cls, path: Path) -> "Sheet":
        """Reads the file once to learn its encoding and length. Raises `UnreadableFile`."""
        try:
            for encoding in ENCODINGS:
                lines = _lines(path, encoding)
                if lines is not None:
                    return cls(path, encoding, lines)
        except (OSError, EOFError) as error:
            raise UnreadableFile(f"{path} cannot be read: {error}") from error
        raise UnreadableFile(f"{path} is neither UTF-8 nor GB 18030. Save it as UTF-8.")

    def rows(self) -> Iterator[Row]:
        with _open(self.path) as raw:
            text = io.TextIOWrapper(raw, encoding=self.encoding, newline="")
            is_json = Path(self.path.name.removesuffix(".gz")).suffix in (".jsonl", ".ndjson", ".json")
            yield from _json_rows(text) if is_json else _csv_rows(text)


def _open(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _lines(path: Path, encoding: str) -> int | None:
    """How many lines the file has, or None if it is not in the encoding."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 0
    with _open(path) as file:
        try:
            while piece := file.read(2**20):
                decoder.decode(piece)
                lines += piece.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return lines


def _json_rows(text: TextIO) -> Iterator[Row]:
    for number, line in enumerate(text, start=1):
        line = line.strip()
        if not line:
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, line, f"no JSON: {error}")
            continue
        if isinstance(found, dict):
            yield Row(number, {name: _as_text(value) for name, value in found.items()}, line)
        else:
            yield Row(number, {}, line, "no JSON object")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_as_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def _csv_rows(text: TextIO) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    start = text.read(64 * 1024)
    text.seek(0)
    reader = csv.reader(text, delimiter=_delimiter(start))
    header = [name.strip() for name in next(reader, [])]
    before = reader.line_num
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(before + 1, {}, "", f"no CSV: {error}")
            before = reader.line_num
            continue
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        raw = json.dumps(cells, ensure_ascii=False)
        if len(cells) > len(header) and any(cells[len(header) :]):
            yield Row(line, {}, raw, f"{len(cells)} cells under {len(header)} columns")
        else:
            yield Row(line, dict(zip(header, cells, strict=False)), raw)


def _delimiter(start: str) -> str:
    """The mark that parts the header: the one that stands in it most often outside quotes."""
    header = next(csv.reader(io.StringIO(start), delimiter="\0"), [""])[0]
    return max(",;\t|", key=header.count)
