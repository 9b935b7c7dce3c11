"""Why: the exact sum of a linear model for one label, laid back on the characters it came from."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.pipeline import FeatureUnion

from triage.learn.base import Reason
from triage.learn.text import MAX_BODY, MAX_TITLE, Grams

MOST = 8
TELLING = 0.25  # of the strongest character: what is below is noise of common n-grams


def reasons(
    features: FeatureUnion, row: sparse.csr_matrix, weights: np.ndarray, targets: Sequence[int], title: str, body: str
) -> list[Reason]:
    """The spans of `title` and `body` that speak for the classes `targets` against the mean of all others."""
    texts = {"title": title[:MAX_TITLE], "body": body[:MAX_BODY]}
    scores = character_scores(features, row, weights, targets, texts)
    peak = max((float(score.max(initial=0.0)) for score in scores.values()), default=0.0)
    if peak <= 0:
        return []
    found = [reason for field, score in scores.items() for reason in _spans(field, score, TELLING * peak)]
    return sorted(found, key=lambda reason: -reason.weight)[:MOST]


def character_scores(
    features: FeatureUnion,
    row: sparse.csr_matrix,
    weights: np.ndarray,
    targets: Sequence[int],
    texts: dict[str, str],
) -> dict[str, np.ndarray]:
    """For each field one number a character, in log-odds; together what the words add to the decision.

    `row` is what `features` made of the texts. A term's contribution is divided among its occurrences (the title's
    count twice), then their characters.
    """
    steps = {field: [0.0] * (len(text) + 1) for field, text in texts.items()}  # what changes from one to the next
    contrast = _contrast(weights[:, row.indices], targets)
    worth = dict(zip(row.indices.tolist(), (row.data * contrast).tolist(), strict=True))
    offset = 0
    for _, vectorizer in features.transformer_list:
        terms = _terms(vectorizer.analyzer, texts)
        _lay(steps, terms, vectorizer.vocabulary_, offset, worth)
        offset += len(vectorizer.vocabulary_)
    # Sums that end where they began leave a trace of rounding: below a billionth nothing was said.
    return {field: np.cumsum(of_field[:-1]).round(9) for field, of_field in steps.items()}


def _contrast(weights: np.ndarray, targets: Sequence[int]) -> np.ndarray:
    chosen = np.zeros(len(weights), dtype=bool)
    chosen[list(targets)] = True
    return weights[chosen].mean(axis=0) - weights[~chosen].mean(axis=0)


def _terms(analyzer: Grams, texts: dict[str, str]) -> list[tuple[str, int, int, str, int]]:
    shares = {"title": 2, "body": 1}
    return [
        (field, start, end, term, shares[field])
        for field, text in texts.items()
        for term, start, end in analyzer.terms(text)
    ]


def _lay(
    steps: dict[str, list[float]],
    terms: list[tuple[str, int, int, str, int]],
    vocabulary: dict[str, int],
    offset: int,
    worth: dict[int, float],
) -> None:
    seen: Counter[str] = Counter()
    for _, _, _, term, share in terms:
        seen[term] += share
    for field, start, end, term, share in terms:
        column = vocabulary.get(term)
        if column is not None:
            part = worth[offset + column] * share / seen[term] / (end - start)
            steps[field][start] += part
            steps[field][end] -= part


def _spans(field: str, score: np.ndarray, least: float) -> list[Reason]:
    telling = np.concatenate([[False], score >= least, [False]])
    edges = np.flatnonzero(telling[1:] != telling[:-1])
    return [
        Reason(field, int(start), int(end), round(float(score[start:end].sum()), 4))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
