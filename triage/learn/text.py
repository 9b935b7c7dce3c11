"""Tickets to terms, the same way for English, Chinese and what is mixed of both; every term knows where it stood."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_TITLE, MAX_BODY = 500, 8_000  # characters: a pasted log must cost milliseconds, and the words stand at its head

# Kana, ideographs with their extensions and repetition marks, Hangul: written without reliable spaces.
CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
PIECE = re.compile(
    r"(?P<code>```.*?(?:```|\Z))"
    r"|(?P<url>(?:https?://|www\.)[!-~]+)"
    rf"|(?P<cjk>[{CJK}]+)"
    rf"|(?P<word>[^\W{CJK}]+(?:[\u0300-\u036f]+[^\W{CJK}]*)*)",  # accents may stand as marks of their own
    re.DOTALL | re.IGNORECASE,
)
NOTHING = "∅"  # the one term of a text without terms, so that no vocabulary is ever empty

Term = tuple[str, int, int]  # the term, and the span of the original text it was read from


def pieces(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(kind, normalised text, start, end) of each word, CJK run, URL and code block; the last two become a token."""
    for match in PIECE.finditer(text):
        kind = match.lastgroup or ""
        token = f"<{kind}>" if kind in ("code", "url") else normal(match.group())
        yield kind, token, match.start(), match.end()


def normal(text: str) -> str:
    """Case and width folded away: ＶＰＮ, VPN and vpn are one word."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def runs(text: str, start: int, longest: int) -> Iterator[Term]:
    """All character n-grams of a CJK run, n from 1 to `longest`."""
    for size in range(1, longest + 1):
        for at in range(len(text) - size + 1):
            yield text[at : at + size], start + at, start + at + size


class Grams:
    """A scikit-learn analyzer of (title, body) pairs. Subclasses say what the terms of one text are."""

    def terms(self, text: str) -> Iterator[Term]:
        raise NotImplementedError

    def __call__(self, ticket: tuple[str, str]) -> list[str]:
        title = [term for term, _, _ in self.terms(ticket[0][:MAX_TITLE])]
        body = [term for term, _, _ in self.terms(ticket[1][:MAX_BODY])]
        return title + title + body or [NOTHING]  # a title says more than a line of the body


@dataclass(frozen=True)
class WordGrams(Grams):
    """Words and pairs of neighbouring words; of CJK runs all n-grams up to `cjk` characters."""

    cjk: int = 2

    def terms(self, text: str) -> Iterator[Term]:
        before: Term | None = None
        for kind, token, start, end in pieces(text):
            if kind == "cjk":
                before = None
                yield from runs(token, start, self.cjk)
                continue
            yield token, start, end
            if before:
                yield f"{before[0]} {token}", before[1], end
            before = token, start, end


@dataclass(frozen=True)
class CharGrams(Grams):
    """n-grams within words, ends marked by a space (scikit-learn's `char_wb`); of CJK runs up to `cjk` characters."""

    low: int = 2
    high: int = 5
    cjk: int = 3

    def terms(self, text: str) -> Iterator[Term]:
        for kind, token, start, end in pieces(text):
            if kind == "cjk":
                yield from runs(token, start, self.cjk)
            elif kind == "word":
                yield from self.within(token, start, end)
            else:
                yield token, start, end

    def within(self, word: str, start: int, end: int) -> Iterator[Term]:
        marked = f" {word} "
        if len(marked) <= self.low:
            yield marked, start, end
            return
        exact = len(word) == end - start  # folding may change the length (ß); then a gram stands for the word
        for size in range(self.low, min(self.high, len(marked)) + 1):
            for at in range(len(marked) - size + 1):
                first, last = (start + at - 1, start + at - 1 + size) if exact else (start, end)
                yield marked[at : at + size], max(first, start), min(last, end)
