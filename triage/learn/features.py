"""Tickets to numbers: TF-IDF over words and over characters, side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn import config_context
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from triage.learn.text import CharGrams, WordGrams

MAX_WORDS, MAX_CHARS = 20_000, 40_000  # no loss measured against no limit; keeps 77 classes at 3 MB on disk


class Tfidf(TfidfVectorizer):
    """scikit-learn's, whose vocabulary travels as one text: skops writes a node for each mapping entry."""

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        vocabulary = state.pop("vocabulary_", None)
        if vocabulary is not None:
            state["terms"] = "\n".join(sorted(vocabulary, key=vocabulary.__getitem__))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        terms = state.pop("terms", None)
        if terms is not None:
            state["vocabulary_"] = {term: number for number, term in enumerate(terms.split("\n"))}
        super().__setstate__(state)


def ticket_features() -> FeatureUnion:
    """(title, body) pairs to a sparse matrix of two halves, each of length 1: no segmenter, no stop list."""
    return FeatureUnion(
        [
            ("words", _tfidf(WordGrams(), MAX_WORDS)),
            ("chars", _tfidf(CharGrams(), MAX_CHARS)),
        ]
    )


def rows_of(features: FeatureUnion | Tfidf, pairs: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
    """What its `transform` gives, without the machinery for many processes, which costs one text more than the text."""
    with config_context(skip_parameter_validation=True):
        if not isinstance(features, FeatureUnion):
            return features.transform(pairs)
        return sparse.hstack([half.transform(pairs) for _, half in features.transformer_list], format="csr")


def _tfidf(analyzer: WordGrams | CharGrams, limit: int) -> Tfidf:
    return Tfidf(analyzer=analyzer, sublinear_tf=True, max_features=limit, dtype=np.float32)
