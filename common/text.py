"""Text as the search engine and the lists see it."""

import re
import unicodedata

# Han with its extensions, kana and Hangul: scripts written without spaces are cut into pairs.
CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{CJK}]+)|((?:(?![{CJK}])[^\\W_])+)")
_HYPHENS = re.compile(r"(?<=[^\W_])-(?=[^\W_])")
# Only from the start of a word and without giving letters back: else a long word costs the square of its length.
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]++(?:-[^\W_]++)+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL refuses."""
    return _UNSTORABLE.sub("", text)


def words(text: str) -> list[str]:
    """Lower-case words in order; a CJK run becomes its overlapping pairs and its last character.

    Every character of a run then begins some word, so that a query of one character finds it by prefix.
    """
    found: list[str] = []
    for run in _RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
        cjk, word = run.groups()
        if word:
            found.append(word[:80])
        else:
            found.extend(cjk[i : i + 2] for i in range(len(cjk)))
    return found


def unhyphenated(text: str) -> str:
    """`wi-fi` as `wifi`, the form under which both spellings are found."""
    return _HYPHENS.sub("", text)


def searchable(text: str, limit: int = 20_000) -> str:
    """The words joined by spaces: what `to_tsvector` is given. `limit` in characters keeps a 10 MB log out.

    A hyphenated word stands in by its parts and as one.
    """
    text = text[:limit]
    return " ".join(words(text) + words(" ".join(map(unhyphenated, _HYPHENATED.findall(text)))))


def language_of(text: str) -> str:
    """`zh-hans` where a fifth of the letters is Han, else `en`: the two languages the house speaks."""
    letters = [c for c in text[:2000] if c.isalpha()]
    han = sum(1 for c in letters if _HAN.match(c))
    return "zh-hans" if letters and han / len(letters) >= 0.2 else "en"


def preview(text: str, length: int = 140) -> str:
    """One line for a list."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
