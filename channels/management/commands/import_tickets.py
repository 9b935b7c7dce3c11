"""Brings the tickets of another system in: `manage.py import_tickets FILE`. See docs/importing.md."""

import csv
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from channels.importing import Import, Tally, UnknownColumn
from channels.sheets import Row, Sheet, UnreadableFile
from channels.stories import FIELDS, Reader
from tickets.choices import Status

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def pair(word: str) -> tuple[str, str]:
    name, equals, column = word.partition("=")
    if not equals:
        raise ArgumentTypeError(f"write field=column, not {word!r}")
    return name, column


class Command(BaseCommand):
    help = "Import tickets from a CSV or JSONL file (.gz too). A second run adds only what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            type=pair,
            nargs="+",
            action="extend",
            default=[],
            metavar="FIELD=COLUMN",
            help="; ".join(f"{name}: {what}" for name, what in FIELDS.items())
            + ". A column named like a field needs no --map; FIELD= leaves it out.",
        )
        parser.add_argument("--source", default="", help="name of the other system; the file's name if not said")
        parser.add_argument("--channel", default="import", help="slug of the channel the tickets came by")
        parser.add_argument("--report", type=Path, help="where bad rows go; FILE.rejected.csv if not said")
        parser.add_argument("--status", default="", choices=["", *Status.values], help="of rows that name none")
        parser.add_argument("--create-categories", action="store_true", help="make categories that are missing")
        parser.add_argument("--strict", action="store_true", help="exit with 1 if there was a bad row")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        report = Report(options["report"] or Path(f"{path.name}.rejected.csv"))
        source = options["source"] or path.name.split(".")[0]
        if len(source) > 60:
            raise CommandError("--source must have at most 60 characters.")
        reader = Reader(source, status=options["status"], create_categories=options["create_categories"])
        work = Import(reader, dict(options["map"]), report.add, options["channel"])
        try:
            self._run(work, Sheet.of(path))
        except (UnreadableFile, UnknownColumn) as error:
            raise CommandError(str(error)) from error
        finally:
            report.close()
        self._summarise(work.tally, report.path)
        if options["strict"] and work.tally.rejected:
            sys.exit(1)

    def _run(self, work: Import, sheet: Sheet) -> None:
        with tqdm(total=sheet.lines, unit=" lines", file=sys.stderr, disable=None) as bar:
            for line in work.run(sheet.rows()):
                bar.set_postfix(bad=work.tally.rejected)
                bar.update(line - bar.n)

    def _summarise(self, tally: Tally, report: Path) -> None:
        told = f"{tally.imported} imported, {tally.known} were here already, {tally.rejected} rejected"
        self.stdout.write(told + (f": see {report}" if tally.rejected else ""))


class Report:
    """Line, reason and row of what was rejected. The file is made with its first row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: Any = None

    def add(self, row: Row, reason: str) -> None:
        if self.file is None:
            # The mark at the beginning tells spreadsheets that it is UTF-8.
            self.file = self.path.open("w", newline="", encoding="utf-8-sig", errors="replace")
            csv.writer(self.file).writerow(["line", "reason", "row"])
        csv.writer(self.file).writerow([row.line, _cell(reason), _cell(row.raw)])

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def _cell(text: str) -> str:
    """A spreadsheet must not take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
