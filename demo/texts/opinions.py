"""The words that customers add to their score."""

import random
import tomllib
from collections.abc import Mapping
from functools import cache

from demo.texts.company import HERE


def comment(rng: random.Random, language: str, reason: str) -> str:
    """A phrase of "en" or "zh-hans"; raises KeyError for another language or an unknown reason."""
    phrases = opinions()[language][reason]
    return phrases[int(rng.random() * len(phrases))]


@cache
def opinions() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    raw = tomllib.loads((HERE / "opinions.toml").read_text("utf-8"))
    return {
        language: {reason: tuple(phrases) for reason, phrases in reasons.items()} for language, reasons in raw.items()
    }
