"""Everything written in one language, read from `<language>/*.toml` and compiled."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from demo.texts.phrase import Phrase, compiled

HERE = Path(__file__).parent
FOLDERS = {"en": "en", "zh-hans": "zh"}
Phrases = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """Subjects, one-liners and first sentences that fit each other in any combination."""

    subjects: Phrases
    short: Phrases
    core: Phrases


@dataclass(frozen=True, slots=True)
class Template:
    """One story a customer may tell, in one or more ways.

    A text is a one-liner that stands alone, or a core, some `details` and one of `asks`.
    `second` names the other leaf of an ambiguous story; a story out of scope asks nothing of the desk.
    `answers` fit this story and no other of its chapter.
    """

    id: str
    category: str
    moods: tuple[str, ...]
    priority: str
    tellings: tuple[Telling, ...]
    details: Phrases
    asks: Phrases
    answers: Phrases
    second: str = ""
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A leaf category: its stories and what is said about any of them."""

    templates: tuple[Template, ...]
    impacts: Phrases  # why it is urgent
    answers: Phrases
    follow_ups: Phrases
    thanks: Phrases
    notes: Phrases


@dataclass(frozen=True, slots=True)
class Mood:
    greetings: Phrases
    openings: Phrases
    sagas: Phrases  # long digressions, for rants
    feelings: Phrases
    closings: Phrases


@dataclass(frozen=True, slots=True)
class Book:
    language: str
    glue: str  # between two sentences
    words: Mapping[str, tuple[str, ...]]
    moods: Mapping[str, Mood]
    chapters: Mapping[str, Chapter]
    vague_subjects: Phrases
    signatures: Phrases
    reply_openings: Phrases
    thanks_openings: Phrases
    answer_frames: tuple[tuple[Phrase, Phrase], ...]  # greeting, closing


@cache
def book(language: str) -> Book:
    """The book of "en" or "zh-hans"; raises KeyError for any other language."""
    folder = HERE / FOLDERS[language]
    shared = tomllib.loads((folder / "common.toml").read_text("utf-8"))
    chapters: dict[str, Chapter] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem != "common":
            chapters |= _chapters(language, tomllib.loads(path.read_text("utf-8")))
    return Book(
        language=language,
        glue=shared["glue"],
        words={slot: tuple(words) for slot, words in shared["words"].items()},
        moods={name: Mood(**_all(row)) for name, row in shared["moods"].items()},
        chapters=chapters,
        vague_subjects=_each(shared["vague_subjects"]),
        signatures=_each(shared["signatures"]),
        reply_openings=_each(shared["reply_openings"]),
        thanks_openings=_each(shared["thanks_openings"]),
        answer_frames=tuple((compiled(start), compiled(end)) for start, end in shared["answer_frames"]),
    )


def _chapters(language: str, raw: dict[str, Any]) -> dict[str, Chapter]:
    shared = raw.pop("impacts", [])
    return {
        slug: Chapter(
            templates=tuple(_template(f"{language}/{slug}", row, chapter) for row in chapter["tickets"]),
            impacts=_each(chapter.get("impacts", shared)),
            answers=_each(chapter["answers"]),
            follow_ups=_each(chapter["follow_ups"]),
            thanks=_each(chapter["thanks"]),
            notes=_each(chapter["notes"]),
        )
        for slug, chapter in raw.items()
    }


def _template(prefix: str, row: dict[str, Any], chapter: dict[str, Any]) -> Template:
    return Template(
        id=f"{prefix}/{row['id']}",
        category=prefix.partition("/")[2],
        moods=tuple(row["moods"]),
        priority=row["priority"],
        tellings=tuple(_tellings(row)),
        details=_each(row["details"]),
        asks=_each(row.get("asks", chapter["asks"])),
        answers=_each(row["answers"]),
        second=row.get("second", ""),
        held_out=row.get("held_out", False),
    )


def _tellings(row: dict[str, Any]) -> Iterator[Telling]:
    """One telling for all, or if `paired` one for each core with the subject and one-liner of its rank.

    Subjects beyond the last core fit every one of them.
    """
    subjects, short, core = _each(row["subjects"]), _each(row["short"]), _each(row["core"])
    if not row.get("paired"):
        yield Telling(subjects, short, core)
        return
    for subject, line, sentence in zip(subjects, short, core, strict=False):
        yield Telling((subject, *subjects[len(core) :]), (line,), (sentence,))


def _each(texts: list[str]) -> Phrases:
    return tuple(compiled(text) for text in texts)


def _all(row: dict[str, list[str]]) -> dict[str, Phrases]:
    return {name: _each(texts) for name, texts in row.items()}
