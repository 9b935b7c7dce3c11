"""A ticket's life as plain data: what the simulation invents and `telling` makes the verbs do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.texts.customers import Person
from demo.texts.generator import Draft

CUSTOMER, MODEL, SYSTEM = "customer", "model", "system"


@dataclass(frozen=True, slots=True)
class Act:
    """One verb at a moment, in minutes since the beginning; `who` is a username or one of the three above."""

    at: float
    verb: str
    who: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """`rank` counts the arrivals from 0; the person wrote for the first time at `since`."""

    rank: int
    at: float
    since: float
    draft: Draft
    person: Person
    channel: str
    acts: list[Act] = field(default_factory=list)

    def add(self, at: float, verb: str, who: str, **told: Any) -> None:
        self.acts.append(Act(at, verb, who, told))
