"""What the invented company knows: the sections of its help centre and its articles, in English and Chinese."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent / "articles"
FOLDERS = {"en": "en", "zh-hans": "zh"}
PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Section:
    """A shelf of the help centre; `icon` is a lucide name."""

    slug: str
    name_en: str
    name_zh: str
    description_en: str
    description_zh: str
    icon: str


class Text(NamedTuple):
    """A title and Markdown."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class KnownSolution:
    """An article. `categories` are leaf slugs, the most fitting first.

    `works` is the share, 0..1, of fitting tickets that it really settles; 0 where customers cannot read it.
    """

    slug: str
    section: str
    categories: tuple[str, ...]
    texts: Mapping[str, Text]  # by language
    state: str = PUBLISHED
    works: float = 0.0


@dataclass(frozen=True, slots=True)
class Shelves:
    """Sections and articles, both in the order in which they stand."""

    sections: tuple[Section, ...]
    solutions: tuple[KnownSolution, ...]

    def for_category(self, slug: str) -> tuple[KnownSolution, ...]:
        """What customers may read about a leaf category."""
        return tuple(known for known in self.solutions if known.state == PUBLISHED and slug in known.categories)


@cache
def shelves() -> Shelves:
    raw = tomllib.loads(HERE.with_suffix(".toml").read_text("utf-8"))
    return Shelves(
        sections=tuple(Section(**row) for row in raw["sections"]),
        solutions=tuple(_solution(row) for row in raw["articles"]),
    )


def pictures() -> Mapping[str, Path]:
    """The drawings by the key under which the texts show them, `/help/images/<key>/`."""
    return {path.stem: path for path in sorted((HERE / "images").glob("*.png"))}


def _solution(row: Mapping[str, Any]) -> KnownSolution:
    texts = {language: _text(HERE / folder / f"{row['slug']}.md") for language, folder in FOLDERS.items()}
    return KnownSolution(**{**row, "categories": tuple(row["categories"])}, texts=texts)


def _text(path: Path) -> Text:
    title, _newline, body = path.read_text("utf-8").partition("\n")
    return Text(title.removeprefix("# "), body.strip())
