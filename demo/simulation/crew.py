"""The agents at work: when they are there, what they can take, and what waits for each."""

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo.simulation.calendar import Calendar
from demo.texts.company import Staff, company

SHIFT = timedelta(hours=8.5)
STARTS = (time(8), time(9, 30), time(11), time(12, 30))
KNOWS = 0.25  # least skill with which somebody takes a kind of problem
HOLIDAYS = 14  # and is away one week in so many


@dataclass(slots=True)
class Agent:
    staff: Staff
    shifts: list[tuple[float, float]]  # minutes since the beginning
    busy_until: float = 0
    minutes: float = field(init=False)

    def __post_init__(self) -> None:
        self.minutes = sum(end - start for start, end in self.shifts)

    @property
    def name(self) -> str:
        return self.staff.username

    def skill(self, category: str) -> float:
        return self.staff.skills.get(category, 0)

    def shift_at(self, minute: float) -> tuple[float, float] | None:
        """The shift that this moment falls into."""
        at = bisect_right(self.shifts, (minute, float("inf"))) - 1
        return self.shifts[at] if at >= 0 and minute < self.shifts[at][1] else None

    def is_free(self, minute: float) -> bool:
        return self.busy_until <= minute and self.shift_at(minute) is not None


@dataclass(slots=True)
class Crew:
    agents: list[Agent]
    fit: dict[tuple[str, str, str], list[Agent]]  # (team, category, language) → who takes it, the most skilled first

    @classmethod
    def hired(cls, rng: random.Random, calendar: Calendar) -> "Crew":
        agents = [
            Agent(staff, list(_shifts(rng, staff, number, calendar))) for number, staff in enumerate(company().agents)
        ]
        leaves = [leaf.slug for leaf in company().leaves]
        fit = {
            (team.slug, leaf, language): _fit(agents, team.slug, leaf, language)
            for team in company().teams
            for leaf in leaves
            for language in ("en", "zh-hans")
        }
        return cls(agents, fit)

    def of(self, team: str) -> list[Agent]:
        return [agent for agent in self.agents if team in agent.staff.teams]

    def minutes(self, team: str) -> float:
        """Of all shifts of the team; who is in two teams gives each half."""
        return sum(agent.minutes / len(agent.staff.teams) for agent in self.of(team))


def _fit(agents: list[Agent], team: str, leaf: str, language: str) -> list[Agent]:
    able = [agent for agent in agents if team in agent.staff.teams and language in agent.staff.languages]
    return sorted([agent for agent in able if agent.skill(leaf) >= KNOWS] or able, key=lambda agent: -agent.skill(leaf))


def _shifts(rng: random.Random, staff: Staff, number: int, calendar: Calendar) -> Iterator[tuple[float, float]]:
    """Weekdays in the agent's own time zone; at weekends every other Saturday or Sunday, in turn with a colleague."""
    zone, starts = ZoneInfo(staff.time_zone), STARTS[number % len(STARTS)]
    away = (number * 5 + rng.randrange(2)) % HOLIDAYS
    day = calendar.beginning.date() - timedelta(days=1)
    while day <= calendar.until.date() + timedelta(days=1):
        week, weekday = (day.toordinal() - 1) // 7, day.weekday()
        turn = (week + number // 2) % 2
        if week % HOLIDAYS != away and (weekday < 5 or weekday == 5 + turn):
            start = calendar.minute(datetime.combine(day, starts, zone)) + rng.uniform(-10, 10)
            yield start, start + SHIFT.total_seconds() / 60
        day += timedelta(days=1)
