"""The clock and the queues: one loop over everything that happens at the desk, in the order in which it happens.

A discrete-event simulation with next-event time advance (Law, Simulation Modeling and Analysis, chapter 1): the heap
holds what will happen, the queues hold what waits for an agent who is there, is free and can take it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import TypeAlias

from demo.simulation.calendar import HOUR
from demo.simulation.crew import Agent, Crew
from demo.simulation.matter import Matter
from demo.simulation.story import Story

Key: TypeAlias = tuple[str, str, str]  # team, category, language
Waiting: TypeAlias = tuple[int, float, int, Matter]  # the most urgent first, then the longest waiting

LATE = 4 * HOUR  # after which a colleague takes it who knows less about it; half of that for the next priority, …
ABSENT = 16 * HOUR  # until the assignee's next shift: then a colleague takes it


class Desk:
    """`on_work(matter, agent)` is called when an agent takes a ticket in hand, and sets `agent.busy_until`."""

    def __init__(self, crew: Crew, length: float, on_work: Callable[[Matter, Agent], None]) -> None:
        self.crew, self.length, self.on_work = crew, length, on_work
        self.now: float = 0
        self.waiting: Counter[str] = Counter()  # tickets by team
        self._steps: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._queues: dict[Key, list[Waiting]] = defaultdict(list)
        self._own: dict[str, list[Waiting]] = {agent.name: [] for agent in crew.agents}
        self._keys = {agent.name: _keys(agent, crew) for agent in crew.agents}
        self._over: list[Story] = []
        self._alive: dict[int, Matter] = {}
        for agent in crew.agents:
            self._come(agent, 0)

    def run(self, stories: Iterator[Story], on_arrival: Callable[[Matter], None]) -> Iterator[Story]:
        """Each story once nothing more will happen to it, the unfinished ones at the end."""
        self._arrive(stories, on_arrival)
        while self._steps and self._steps[0][0] <= self.length:
            self.now, _number, step = heappop(self._steps)
            step()
            if self._over:
                yield from self._over
                self._over.clear()
        yield from (matter.story for matter in self._alive.values())

    def later(self, at: float, matter: Matter, step: Callable[[Matter], None]) -> None:
        """`step` will happen to the matter at that minute."""
        matter.due += 1
        self._at(at, lambda: self._step(matter, step))

    def line_up(self, matter: Matter) -> None:
        """It waits for its assignee if he is about, else for whoever of the team can take it."""
        matter.since, matter.waits = self.now, True
        self.waiting[matter.team] += 1
        entry = (-matter.urgency, self.now, matter.story.rank, matter)
        if matter.agent and self._is_about(matter.agent):
            heappush(self._own[matter.agent.name], entry)
            able = [matter.agent]
        else:
            heappush(self._queues[matter.team, matter.category, matter.language], entry)
            able = self.crew.fit[matter.team, matter.category, matter.language]
        free = next((agent for agent in able if agent.is_free(self.now)), None)
        if free:
            self._look(free)
        if matter.waits:
            self._at(self.now + LATE / matter.urgency + 1, lambda: self._offer(matter))

    def waiting_each(self, team: str) -> float:
        """Tickets waiting per agent of the team."""
        return self.waiting[team] / len(self.crew.of(team))

    def _at(self, at: float, step: Callable[[], None]) -> None:
        self._count += 1
        heappush(self._steps, (max(at, self.now), self._count, step))

    def _step(self, matter: Matter, step: Callable[[Matter], None]) -> None:
        matter.due -= 1
        step(matter)
        self._settle(matter)

    def _settle(self, matter: Matter) -> None:
        if matter.is_over and matter.story.rank in self._alive:
            del self._alive[matter.story.rank]
            self._over.append(matter.story)

    def _arrive(self, stories: Iterator[Story], on_arrival: Callable[[Matter], None]) -> None:
        story = next(stories, None)
        if story is None:
            return

        def arrived() -> None:
            self._alive[story.rank] = matter = Matter(story)
            on_arrival(matter)
            self._arrive(stories, on_arrival)

        self._at(story.at, arrived)

    def _come(self, agent: Agent, number: int) -> None:
        """The agent comes to his shift of that number, looks what there is, and will come to the next."""

        def come() -> None:
            self._come(agent, number + 1)
            self._look(agent)

        if number < len(agent.shifts):
            self._at(agent.shifts[number][0], come)

    def _is_about(self, agent: Agent) -> bool:
        soon = agent.shift_at(self.now) or agent.shift_at(self.now + ABSENT) or agent.shift_at(self.now + ABSENT / 2)
        return soon is not None

    def _offer(self, matter: Matter) -> None:
        """It has waited long: whoever is free looks whether he can help."""
        if matter.waits:
            for agent in self.crew.of(matter.team):
                self._look(agent)

    def _look(self, agent: Agent) -> None:
        """A free agent takes what is next for him, if anything is."""
        if not agent.is_free(self.now):
            return
        matter = self._next(agent)
        if matter is None:
            return
        matter.waits = False
        self.waiting[matter.team] -= 1
        self.on_work(matter, agent)
        self._settle(matter)
        self._at(agent.busy_until, lambda: self._look(agent))

    def _next(self, agent: Agent) -> Matter | None:
        fit, others = self._keys[agent.name]
        queues = [queue for key in fit if (queue := self._queues[key])]
        if self._own[agent.name]:
            queues.append(self._own[agent.name])
        if not queues:
            queues = [queue for key in others if (queue := self._queues[key]) and self._is_late(queue[0])]
        return heappop(min(queues))[-1] if queues else None

    def _is_late(self, waiting: Waiting) -> bool:
        return self.now - waiting[1] > LATE / -waiting[0]


def _keys(agent: Agent, crew: Crew) -> tuple[list[Key], list[Key]]:
    """What the agent takes, and what only when it has waited long."""
    able = [key for key in crew.fit if key[0] in agent.staff.teams and key[2] in agent.staff.languages]
    fit = [key for key in able if agent in crew.fit[key]]
    return fit, [key for key in able if key not in fit]
