"""Tickets to terms, the same way for English, Chinese and a mix; every term knows where it stood."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Characters: a pasted log must cost milliseconds, and the words stand at its head.
MAX_TITLE, MAX_BODY = 500, 8_000

# Kana, ideographs with their extensions and repetition marks, Hangul: written without reliable spaces.
CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
PIECE = re.compile(
    r"(?P<code>```.*?(?:```|\Z))"
    r"|(?P<url>(?:https?://|www\.)[!-~]+)"
    rf"|(?P<cjk>[{CJK}]{{1,64}})"
    rf"|(?P<word>(?:[^\W{CJK}][\u0300-\u036f]{{0,2}}){{1,40}})",  # a letter may carry its accents as marks
    re.DOTALL | re.IGNORECASE,
)
LONGEST = 120  # characters of a word: what is longer is no word, and n-grams are cached
NOTHING = "∅"  # the one term of a text without terms, so that no vocabulary is ever empty

Term = tuple[str, int, int]  # the term, and the span of the original text it was read from


def pieces(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(kind, token, start, end) of each word, CJK run, URL and code block; the last two become their kind."""
    for match in PIECE.finditer(text):
        kind = match.lastgroup or ""
        token = match.group()
        if kind == "word":
            token = normal(token)[:LONGEST]
        elif kind != "cjk":
            token = f"<{kind}>"
        yield kind, token, match.start(), match.end()


def normal(word: str) -> str:
    """Case and width folded away: ＶＰＮ, VPN and vpn are one word."""
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()


@lru_cache(maxsize=256)
def slots(length: int, low: int, high: int) -> tuple[tuple[int, int], ...]:
    """(start, end) of all n-grams, n from `low` to `high`; of a string not longer than `low`, the whole."""
    sizes = range(low, min(high, length) + 1) if length > low else (length,)
    return tuple((at, at + size) for size in sizes for at in range(length - size + 1))


@lru_cache(maxsize=2048)
def word_grams(word: str, low: int, high: int) -> tuple[str, ...]:
    """The n-grams of a word whose ends are marked by spaces. Cached, because a desk's words repeat."""
    marked = f" {word} "
    return tuple(marked[start:end] for start, end in slots(len(marked), low, high))


def run_terms(run: str, start: int, longest: int) -> Iterator[Term]:
    """All character n-grams of a CJK run, n from 1 to `longest`."""
    for first, last in slots(len(run), 1, longest):
        yield run[first:last], start + first, start + last


class Grams:
    """A scikit-learn analyzer of (title, body) pairs. Subclasses say what the terms of one text are."""

    def terms(self, text: str) -> Iterator[Term]:
        raise NotImplementedError

    def flat(self, text: str) -> list[str]:
        """The terms without their places."""
        return [term for term, _, _ in self.terms(text)]

    def __call__(self, ticket: tuple[str, str]) -> list[str]:
        title, body = self.flat(ticket[0][:MAX_TITLE]), self.flat(ticket[1][:MAX_BODY])
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
                yield from run_terms(token, start, self.cjk)
                continue
            yield token, start, end
            if before:
                yield f"{before[0]} {token}", before[1], end
            before = token, start, end


@dataclass(frozen=True)
class CharGrams(Grams):
    """n-grams within words, whose ends count as a space (scikit-learn's `char_wb`); of CJK runs, to `cjk`."""

    low: int = 2
    high: int = 5
    cjk: int = 3

    def terms(self, text: str) -> Iterator[Term]:
        for kind, token, start, end in pieces(text):
            if kind == "cjk":
                yield from run_terms(token, start, self.cjk)
            elif kind == "word":
                yield from self._word_terms(token, start, end)
            else:
                yield token, start, end

    def _word_terms(self, word: str, start: int, end: int) -> Iterator[Term]:
        places = slots(len(word) + 2, self.low, self.high)
        exact = len(word) == end - start  # folding may change the length (ß); then a gram stands for the word
        for term, (first, last) in zip(word_grams(word, self.low, self.high), places, strict=True):
            if exact:
                yield term, max(start + first - 1, start), min(start + last - 1, end)
            else:
                yield term, start, end

    def flat(self, text: str) -> list[str]:
        """The same without the places, several times faster: training and answering need no more."""
        found: list[str] = []
        for kind, token, _, _ in pieces(text):
            if kind == "cjk":
                found += [token[first:last] for first, last in slots(len(token), 1, self.cjk)]
            elif kind == "word":
                found += word_grams(token, self.low, self.high)
            else:
                found.append(token)
        return found
