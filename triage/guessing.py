"""What the learned models say of a text. Workers only: it loads models."""

from dataclasses import dataclass, field
from typing import Any

from . import store, words
from .models import LearnedModel

SUREST = 0.99  # what is said at most: no desk has tickets enough to have measured more


@dataclass(frozen=True, slots=True)
class Guess:
    """The answer of one model; with `silence` there is none."""

    label: str = ""
    confidence: float | None = None
    sure: bool = False
    ranked: list[list[Any]] = field(default_factory=list)  # [label, probability], best first
    reasons: list[dict[str, Any]] = field(default_factory=list)
    silence: str = ""
    model: LearnedModel | None = None

    @property
    def stored(self) -> dict[str, Any]:
        """What a suggestion keeps of it."""
        names = ("label", "confidence", "sure", "ranked", "reasons", "silence", "model")
        return {name: getattr(self, name) for name in names}


def guess(target: str, title: str, body: str) -> Guess:
    """What the active model of `target` thinks, how sure it is, and the words that made it think so."""
    try:
        row, model = store.load(target)
    except store.ModelRefused as refusal:
        return Guess(silence=refusal.code)
    if model.classifier == "dummy":
        return Guess(silence="unlearned", model=row)
    said = model.predict(title, body)
    return Guess(
        label=said.label,
        confidence=_said(said.confidence),
        sure=said.sure,
        ranked=[[label, _said(chance)] for label, chance in said.ranked],
        reasons=words.telling(title, body, model.explain(title, body, said.label)),
        model=row,
    )


def _said(chance: float) -> float:
    return min(round(chance, 4), SUREST)
