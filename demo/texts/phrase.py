"""Sentences with a choice of words, "The [light|lamp] on my {product} is red.": compiled once, used often.

`[a|b]` is a choice, may be nested and may have an empty side; `{slot}` is a fact about the customer's case.
"""

import random
import re
from dataclasses import dataclass

from demo.texts.facts import Facts

_TOKEN = re.compile(r"[\[\]|]|\{\w+\}|[^\[\]|{}]+")


@dataclass(frozen=True, slots=True)
class Slot:
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple["Phrase", ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    parts: tuple[str | Slot | Choice, ...]

    def render(self, rng: random.Random, facts: Facts) -> str:
        words: list[str] = []
        self._write(words, rng, facts)
        if isinstance(self.parts[0], Slot):
            words[0] = words[0][:1].upper() + words[0][1:]
        return "".join(words)

    def _write(self, words: list[str], rng: random.Random, facts: Facts) -> None:
        for part in self.parts:
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, Slot):
                words.append(facts[part.name])
            else:
                part.options[int(rng.random() * len(part.options))]._write(words, rng, facts)


def compiled(text: str) -> Phrase:
    """Reads one phrase; raises ValueError for a bracket that never closes or was never opened."""
    marks = _TOKEN.findall(text)
    if "".join(marks) != text:
        raise ValueError(f"A stray brace in the phrase {text!r}: write {{slot}} or no brace at all.")
    marks.reverse()
    phrase, end = _read(marks)
    if end or marks:
        raise ValueError(f"Unbalanced brackets in the phrase {text!r}.")
    return phrase


def _read(marks: list[str]) -> tuple[Phrase, str]:
    """Reads up to the mark that ends this phrase, returned too: "|", "]", or "" where the text ends."""
    parts: list[str | Slot | Choice] = []
    while marks:
        mark = marks.pop()
        if mark == "[":
            parts.append(_read_choice(marks))
        elif mark in "|]":
            return Phrase(tuple(parts)), mark
        elif mark.startswith("{"):
            parts.append(Slot(mark[1:-1]))
        else:
            parts.append(mark)
    return Phrase(tuple(parts)), ""


def _read_choice(marks: list[str]) -> Choice:
    options: list[Phrase] = []
    end = "|"
    while end == "|":
        option, end = _read(marks)
        options.append(option)
    if end != "]":
        raise ValueError("A choice is opened with [ and never closed.")
    return Choice(tuple(options))
