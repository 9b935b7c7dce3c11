"""The recipe this product grew from, kept for comparison: 1,000 words without stop words, naive Bayes.

It splits text at spaces and punctuation, so a Chinese clause is one "word" which hardly ever comes back.
"""

from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline

from triage.learn.base import classifiers
from triage.learn.text import MAX_BODY, MAX_TITLE


class Joined:
    """Title and body as one lower-case text."""

    def __call__(self, ticket: tuple[str, str]) -> str:
        title, body = ticket
        return f"{title[:MAX_TITLE]}\n{body[:MAX_BODY]}".lower()


class Founding:
    name = "founding"
    label = "Founding recipe (naive Bayes)"

    def build(self, random_state: int) -> Pipeline:
        words = TfidfVectorizer(preprocessor=Joined(), stop_words="english", max_features=1000)
        return Pipeline([("features", words), ("model", MultinomialNB())])

    def weights(self, fitted: Any) -> None:
        return None


classifiers.register(Founding())
