"""The baseline: how frequent each label is, whatever the ticket says. What does not beat it is not used."""

from typing import Any

from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from triage.learn.base import classifiers


class Dummy:
    name = "dummy"
    label = "Most frequent label"

    def build(self, random_state: int) -> Pipeline:
        return Pipeline([("model", DummyClassifier(strategy="prior", random_state=random_state))])

    def weights(self, fitted: Any) -> None:
        return None


classifiers.register(Dummy())
