"""Spans of characters snapped to the words a reader sees in them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import rjieba

from common.text import CJK

if TYPE_CHECKING:
    from .learn.base import Reason

MOST = 6
TELLING = 0.15  # of the strongest word: weaker ones are the crumbs of a span
LONGEST = 40  # characters: what is longer is no word that helps a reader
NEGATIONS = frozenset("不没无未")
PARTICLES = frozenset("的了是我你您他她它们在和也都就还请吗呢吧啊")
_PIECE = re.compile(rf"(?P<cjk>[{CJK}]+)|(?:(?![{CJK}])[\w’'-])+")


def telling(title: str, body: str, reasons: "Sequence[Reason]") -> list[dict[str, Any]]:
    """At most six words, strongest first: {"word", "field", "start", "end", "weight"}.

    A word weighs what the spans put on its characters; one that occurs several times weighs all of it.
    """
    texts = {"title": title, "body": body}
    found: dict[str, dict[str, Any]] = {}
    for field, text in texts.items():
        spans = [reason for reason in reasons if reason.field == field]
        for (start, end), weight in _weighed(text, spans).items():
            word = text[start:end]
            known = found.setdefault(
                word.casefold(), {"word": word, "field": field, "start": start, "end": end, "weight": 0.0}
            )
            known["weight"] = round(known["weight"] + weight, 4)
    best = sorted(found.values(), key=lambda word: -word["weight"])[:MOST]
    return [word for word in best if word["weight"] >= TELLING * best[0]["weight"]]


def _weighed(text: str, spans: "Sequence[Reason]") -> dict[tuple[int, int], float]:
    """What lies on each word: its share of the characters of every span."""
    weights: dict[tuple[int, int], float] = defaultdict(float)
    if spans:
        for start, end in _words(text[: max(span.end for span in spans) + LONGEST]):
            for span in spans:
                shared = min(end, span.end) - max(start, span.start)
                if shared > 0 and end - start <= LONGEST:
                    weights[start, end] += span.weight * shared / (span.end - span.start)
    return weights


def _words(text: str) -> Iterator[tuple[int, int]]:
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "cjk":
            for start, end in _chinese(piece.group()):
                yield piece.start() + start, piece.start() + end
        else:
            yield piece.span()


def _chinese(run: str) -> Iterator[tuple[int, int]]:
    """Words as a reader would mark them: 不稳定 is one, 的 is none."""
    begin = 0
    for word, _, end in rjieba.tokenize(run, "default"):
        if word in NEGATIONS and end < len(run):
            continue
        if word not in PARTICLES:
            yield begin, end
        begin = end
