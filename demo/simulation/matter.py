"""A ticket while the simulation runs: its story so far, and what only the simulation knows."""

from dataclasses import dataclass

from demo.simulation.crew import Agent
from demo.simulation.story import Story
from demo.texts.company import company
from tickets.choices import Priority

TEAMS = {leaf.slug: leaf.team for leaf in company().leaves}


@dataclass(slots=True)
class Matter:
    story: Story
    category: str = ""  # as the desk sees it; `story.draft` has the truth
    team: str = ""
    agent: Agent | None = None
    since: float = 0  # when it began to wait for an agent
    due: int = 0  # steps that lie ahead
    waits: bool = False  # for an agent
    answers: int = 0
    reopened: int = 0
    first_answer_at: float | None = None
    resolved_at: float | None = None
    settled: bool = False  # the last answer did help, whoever knows it
    article: str = ""  # the last answer made use of
    was_asked: bool = False  # for an opinion

    @property
    def language(self) -> str:
        return self.story.draft.language

    @property
    def right_team(self) -> str:
        return TEAMS[self.story.draft.category]

    @property
    def urgency(self) -> int:
        return Priority.from_slug(self.story.draft.priority)

    @property
    def is_over(self) -> bool:
        return not self.due and not self.waits
