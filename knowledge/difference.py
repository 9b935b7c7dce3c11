"""Two texts, line by line and within a changed line word by word: pure, for pages that show what changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

CONTEXT = 2
# Longer ones would cost more to compare than the reader gains; they are shown as taken away and written anew.
MAX_LINES = 2_000
MAX_LINE = 4_000

# A Latin word, a stretch of space, or one other sign: Chinese is compared sign by sign.
_WORDS = re.compile(r"[a-zA-Z0-9À-ɏ]+|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: same, added, removed, changed (then `pieces` are same, added or removed), or skipped (`count` lines)."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    count: int = 0


def difference(old: str, new: str) -> list[Line]:
    """How `new` came out of `old`; stretches where nothing changed are skipped but for `CONTEXT` lines around."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MAX_LINES:
        return [*_all("removed", before), *_all("added", after)] if before != after else _same(before, True, True)
    lines: list[Line] = []
    opcodes = SequenceMatcher(a=before, b=after).get_opcodes()
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            lines += _same(before[a:b], is_first=a == 0, is_last=b == len(before) and d == len(after))
        else:
            lines += _replaced(before[a:b], after[c:d])
    return lines


def _same(lines: list[str], is_first: bool, is_last: bool) -> list[Line]:
    head, tail = (0 if is_first else CONTEXT), (0 if is_last else CONTEXT)
    left_out = len(lines) - head - tail
    if left_out <= 1:
        return _all("same", lines)
    return [
        *_all("same", lines[:head]),
        Line("skipped", count=left_out),
        *_all("same", lines[len(lines) - tail :]),
    ]


def _all(kind: str, lines: list[str]) -> list[Line]:
    return [Line(kind, (Piece(kind, line),)) for line in lines]


def _replaced(before: list[str], after: list[str]) -> Iterator[Line]:
    for old, new in zip_longest(before, after):
        if new is None:
            yield from _all("removed", [old])
        elif old is None:
            yield from _all("added", [new])
        else:
            yield from _changed(old, new)


def _changed(old: str, new: str) -> list[Line]:
    """One line with its changed words marked, or two where they have little in common."""
    if max(len(old), len(new)) > MAX_LINE:
        return [*_all("removed", [old]), *_all("added", [new])]
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(a=before, b=after)
    if matcher.ratio() < 0.4:
        return [*_all("removed", [old]), *_all("added", [new])]
    return [Line("changed", tuple(_pieces(matcher, before, after)))]


def _pieces(matcher: "SequenceMatcher[str]", before: list[str], after: list[str]) -> Iterator[Piece]:
    """Stretches that are the same, taken away or new. A space alone does not part two changes: it changes with them."""
    gone, come = "", ""
    for tag, a, b, c, d in [*matcher.get_opcodes(), ("equal", 0, 0, 0, 0)]:
        old, new = "".join(before[a:b]), "".join(after[c:d])
        if tag != "equal" or (old.isspace() and (gone or come) and b < len(before)):
            gone, come = gone + old, come + new
            continue
        for kind, text in (("removed", gone), ("added", come), ("same", old)):
            if text:
                yield Piece(kind, text)
        gone, come = "", ""
