"""The words of the learning room. Light: importing this does not import scikit-learn."""

from dataclasses import dataclass
from typing import Any, Protocol

from common.registry import Registry


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket whose right label is known; `at` is in seconds since the epoch."""

    title: str
    body: str
    label: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Characters `start` to `end` of the original title or body; `weight` (log-odds) speaks for the label."""

    field: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model thinks of one ticket.

    `ranked` holds the five likeliest classes, best first. `sure` means that `confidence` reaches the model's
    threshold. `fallback` means that `label` is a parent category standing for children which were too close
    to each other, or too young to be learned; it then need not be the first of `ranked`.
    """

    label: str
    confidence: float
    ranked: tuple[tuple[str, float], ...]
    sure: bool
    fallback: bool


class TooLittleToLearn(ValueError):
    """There is nothing to learn from; the message says what is needed."""


class Classifier(Protocol):
    """One way to learn: a file in `classifiers/` registers one."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    def build(self, random_state: int) -> Any:
        """An unfitted scikit-learn pipeline over (title, body) pairs with calibrated `predict_proba`.

        Its last step is called "model"; one that reads the text has a step "features" and no other before it.
        """

    def weights(self, fitted: Any) -> Any | None:
        """Linear weights of a fitted pipeline in log-odds, shape (classes, features); None if it has none.

        The features of a pipeline that has weights are those of `features.ticket_features`.
        """


classifiers: Registry[Classifier] = Registry("classifier", package="triage.learn.classifiers")
