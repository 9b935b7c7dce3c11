"""Words as the search compares them: English by their stems, Chinese, Japanese and Korean by pairs of characters."""

from functools import lru_cache

import snowballstemmer

from common.text import unhyphenated, words

# Words of grammar, which every article and every question holds.
_STOPS = """
    a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my
    of on or our s so t that the their them then there these they this to was we were what when where which who
    why will with would you your
"""
# A pair made of these alone is grammar, too; with any other character it says something.
_GRAMMAR = frozenset(
    "的地得了着过是在和与或也都就很还又再吗呢吧啊呀么嘛我你您他她它们这那哪什怎样请问想可以会能要没不有个一到给把被让为之其"
)
_STOP_WORDS = frozenset(_STOPS.split())
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def terms(text: str) -> list[str]:
    """What `text` is found by, with repetitions. A hyphenated word stands in by its parts and as one."""
    found = words(text)
    known = set(found)
    kept = [_term(word) for i, word in enumerate(found) if not _says_nothing(word, found[i - 1] if i else "")]
    return kept + [_term(word) for word in words(unhyphenated(text)) if word not in known]


def unfinished(text: str) -> str:
    """The word at the very end of `text`, as far as it is typed; '' where the last word is complete or says nothing."""
    if not text[-1:].isalnum():
        return ""
    last, *rest = reversed(words(text[-80:]))
    before = rest[0] if rest else ""
    return "" if _says_nothing(last, before) or (len(last) == 1 and not is_cjk(last)) else last


def is_cjk(term: str) -> bool:
    return ord(term[0]) > 0x2E7F


def _term(word: str) -> str:
    return word if is_cjk(word) else stem(word)


def _says_nothing(word: str, before: str) -> bool:
    if not is_cjk(word):
        return word in _STOP_WORDS
    # The last character of a run follows as a word of its own; the pair before it holds it already.
    return (len(word) == 1 and before.endswith(word)) or (len(word) == 2 and _GRAMMAR.issuperset(word))
