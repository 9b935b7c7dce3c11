"""How customers wait, answer and judge. Arithmetic and chance; minutes throughout."""

import math
import random
from dataclasses import dataclass

from demo.simulation.calendar import DAY, HOUR
from demo.simulation.matter import Matter

ANSWERS = 0.33  # share of an average customer who rates when asked
LIKELIER = {1: 1.5, 2: 1.15, 3: 0.7, 4: 0.85, 5: 1.2}  # times that, by score: the moved speak up
COMMENTS = {1: 0.85, 2: 0.7, 3: 0.35, 4: 0.25, 5: 0.4}
MOODS = {"angry": -0.55, "worried": -0.1, "calm": 0.05, "polite": 0.3}


@dataclass(frozen=True, slots=True)
class Opinion:
    score: int
    reason: str  # of demo.texts.opinions


def answers_after(rng: random.Random) -> float:
    return rng.lognormvariate(math.log(5 * HOUR), 0.9)


def thanks_after(rng: random.Random) -> float:
    return rng.lognormvariate(math.log(6 * HOUR), 0.8)


def comes_back_after(rng: random.Random) -> float:
    return rng.lognormvariate(math.log(30 * HOUR), 0.6)


def silence(rng: random.Random) -> float:
    """After which the desk takes the matter for settled."""
    return rng.uniform(2 * DAY, 3 * DAY)


def rates(rng: random.Random, score: int) -> bool:
    return rng.random() < ANSWERS * LIKELIER[score]


def comments(rng: random.Random, score: int) -> bool:
    return rng.random() < COMMENTS[score]


def opinion(rng: random.Random, matter: Matter) -> Opinion:
    """What the customer thinks once all is over: waiting, asking again and the answer itself make the score."""
    waited = ((matter.first_answer_at or matter.story.at) - matter.story.at) / HOUR
    lasted = ((matter.resolved_at or matter.story.at) - matter.story.at) / DAY
    again = max(matter.answers - 1, 0)
    quality = matter.agent.staff.quality if matter.agent else 0.85
    parts = {
        "slow": -0.75 * math.log1p(waited / 4) - 0.12 * math.log1p(lasted),
        "again": -0.4 * again - 0.4 * matter.reopened,
        "unsolved": 0.0 if matter.settled else -1.3,
    }
    mood = MOODS.get(matter.story.draft.mood, 0.0)
    felt = 5.25 + sum(parts.values()) + mood + 3 * (quality - 0.88) + rng.gauss(0, 0.6)
    score = min(max(round(felt), 1), 5)
    if score <= 3:
        return Opinion(score, min(parts, key=lambda name: parts[name]))
    return Opinion(score, "fast" if waited < 2 and rng.random() < 0.5 else rng.choice(("solved", "kind")))
