"""How long an answer takes, and how much of an agent's day it costs."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from demo.simulation.crew import Agent, Crew
from demo.simulation.truths import LOAD
from demo.texts.company import company

# Minutes an average agent who knows the matter well needs for an answer.
MINUTES = {
    **{"wifi": 14, "outage": 16, "slow-speed": 18, "router-setup": 13, "activation": 12, "hardware-fault": 17},
    **{"double-charge": 16, "refund": 15, "invoice": 9, "payment": 11, "cancellation": 13, "move": 14},
    **{"delivery": 8, "wrong-item": 10, "return": 9, "upgrade": 10, "sign-in": 9, "personal-data": 14, "other": 4},
}
SPREAD = 0.5  # standard deviation of the logarithm
TOUCHES = 1.35  # times that an average ticket is worked at
MOST_PACE = 8.0
HASTE = 0.6  # of the usual time is spent while much is waiting
MUCH = 8  # tickets waiting per agent of the team


@dataclass(frozen=True, slots=True)
class Effort:
    """`paces` says per team how many minutes of an agent's day a minute of answering costs.

    Above 1 the rest goes to calls and errands; far below 1 stands for a desk of that many more people. With it, the
    agents are as loaded as `LOAD` says whatever the number of tickets.
    """

    paces: Mapping[str, float]

    @classmethod
    def for_volume(cls, tickets: int, crew: Crew) -> "Effort":
        work = dict.fromkeys((team.slug for team in company().teams), 0.0)
        shares = sum(leaf.share for leaf in company().leaves)
        for leaf in company().leaves:
            work[leaf.team] += tickets * leaf.share / shares * MINUTES[leaf.slug] * TOUCHES
        return cls({team: min(MOST_PACE, LOAD * crew.minutes(team) / work[team]) for team in work})

    def minutes(self, rng: random.Random, agent: Agent, category: str, share: float = 1.0) -> float:
        """Of one answer, `share` of a first one."""
        usual = MINUTES[category] / (agent.staff.speed * (0.6 + 0.4 * agent.skill(category)))
        return usual * share * rng.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)

    def busy(self, minutes: float, team: str, waiting_each: float) -> float:
        """How long the agent takes nothing else."""
        return minutes * self.paces[team] * (HASTE if waiting_each > MUCH else 1)
