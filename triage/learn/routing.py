"""Who should take a ticket: arithmetic over what the desk knows of each person. Light: no scikit-learn."""

from collections.abc import Iterable
from dataclasses import dataclass

WEIGHTS = {"skill": 0.50, "load": 0.25, "presence": 0.15, "continuity": 0.10}  # together 1
PRESENCE = {"online": 1.0, "away": 0.4, "offline": 0.0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """`skill` from 0 to 1; `load`, `capacity` in open tickets; `presence` "online", "away" or "offline"."""

    id: int
    skill: float
    load: int
    capacity: int
    presence: str
    knows_customer: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """`parts` (skill, load, presence, continuity) add up to `score`, which lies between 0 and 1."""

    id: int
    score: float
    parts: dict[str, float]


def rank(candidates: Iterable[Candidate]) -> list[Ranking]:
    """Best first; equals keep the order they came in. Whoever is offline comes after everybody who is not.

    score = .50 skill + .25 free share of the capacity + .15 presence (online 1, away .4, offline 0)
    + .10 if the person has answered this customer before. An unknown presence raises `ValueError`.
    """
    scored = [(candidate.presence == "offline", _ranking(candidate)) for candidate in candidates]
    return [ranking for _, ranking in sorted(scored, key=lambda pair: (pair[0], -pair[1].score))]


def _ranking(candidate: Candidate) -> Ranking:
    if candidate.presence not in PRESENCE:
        raise ValueError(f"presence {candidate.presence!r} is unknown: use one of {', '.join(PRESENCE)}")
    shares = {
        "skill": _share(candidate.skill),
        "load": _share(1 - candidate.load / candidate.capacity) if candidate.capacity > 0 else 0.0,
        "presence": PRESENCE[candidate.presence],
        "continuity": float(candidate.knows_customer),
    }
    parts = {name: WEIGHTS[name] * share for name, share in shares.items()}
    return Ranking(candidate.id, sum(parts.values()), parts)


def _share(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)
