"""Which article an agent of the demo company takes: one that speaks of what the customer wrote, most of the time."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from demo.simulation.truths import TEMPTING, useless_article
from demo.texts.articles import KnownSolution, shelves
from demo.texts.generator import Draft
from knowledge.words import terms

SHARPNESS = 3  # how much rather the article is taken that shares more words
ANYWAY = 0.05  # what any article of the category weighs beside the best fitting


def weights(draft: Draft, known: Sequence[KnownSolution]) -> list[float]:
    """One for each article, the best fitting being 1; the useless one tempts, whatever the customer wrote."""
    asked = set(terms(f"{draft.subject} {draft.body}"))
    rarity = _rarity(draft.language)
    shared = [sum(rarity[term] for term in asked & _words(draft.language)[each.slug]) for each in known]
    most = max(shared) or 1
    fits = [max(ANYWAY, (share / most) ** SHARPNESS) for share in shared]
    return [TEMPTING if each is useless_article() else fit for each, fit in zip(known, fits, strict=True)]


@cache
def _words(language: str) -> Mapping[str, frozenset[str]]:
    texts = {each.slug: each.texts[language] for each in shelves().solutions}
    return {slug: frozenset(terms(f"{text.title} {text.body}")) for slug, text in texts.items()}


@cache
def _rarity(language: str) -> Mapping[str, float]:
    """What a word says by itself: the fewer articles hold it, the more."""
    held = Counter(term for words in _words(language).values() for term in words)
    return {term: math.log(len(_words(language)) / number) for term, number in held.items()}
