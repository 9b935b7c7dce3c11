"""Which earlier texts are like this one: TF-IDF over four characters of words, one and two of Chinese."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from triage.learn.features import Tfidf
from triage.learn.text import CharGrams

MOST_TERMS = 60_000
MOST_CHARACTERS = 300  # of a text: it says first what it is about; 600 and 3,000 found no better


class SimilarIndex:
    """Learnt once from all texts; a new state of the desk is a new index.

    20,000 long texts take 35 MB and, while being learnt, 105 MB; an answer 5 ms. Asking it never changes it, so
    threads may share one.
    """

    def fit(self, ids: Sequence[int], texts: Sequence[str]) -> "SimilarIndex":
        """`ids` and `texts` belong together one by one; both may be empty."""
        if len(ids) != len(texts):
            raise ValueError(f"{len(ids)} ids for {len(texts)} texts: give one id for each text")
        self.ids_ = np.array(ids, dtype=np.int64)
        self.terms_ = Tfidf(
            analyzer=CharGrams(low=4, high=4, cjk=2),
            sublinear_tf=True,
            max_features=MOST_TERMS,
            dtype=np.float32,
        )
        self.postings_ = csr_matrix((0, 0), dtype=np.float32)
        if len(texts):
            self.postings_ = self.terms_.fit_transform(_short(texts)).T.tocsr()
        return self

    def nearest(self, text: str, k: int = 5) -> list[tuple[int, float]]:
        """Up to `k` (id, cosine between 0 and 1), best first; texts without a common term are left out."""
        if not len(self.ids_):
            return []
        scores = (self.terms_.transform(_short([text])) @ self.postings_).toarray()[0]
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(self.ids_[row]), min(float(scores[row]), 1.0)) for row in best if scores[row] > 0]


def _short(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    return (("", text[:MOST_CHARACTERS]) for text in texts)
