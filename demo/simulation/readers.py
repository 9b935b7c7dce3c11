"""Who reads the help centre: articles that spare a ticket, that do not, and what readers say of them."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from common.copying import copy, give_keys
from demo.simulation.story import Story
from demo.texts.articles import KnownSolution, shelves
from demo.texts.opinions import comment
from knowledge.models import Article, Deflection, Feedback, Version

LOOKED_FIRST = 0.3  # share of those who wrote by form that had opened an article
SPARED = 0.22  # readers who wrote nothing, per ticket
SAYS_SO = 0.35  # share of those an article helped who say that it did
VOTES, COMMENTS = 0.3, 0.15


class Readers:
    def __init__(self, rng: random.Random, articles: Mapping[str, Article]) -> None:
        self.rng, self.articles = rng, articles
        self._versions = {
            (version.article_id, version.language): version
            for version in Version.objects.filter(article__in=articles.values())
        }

    def store(self, stories: Sequence[tuple[Story, datetime]]) -> None:
        """What was read about the time at which these stories began."""
        deflections: list[Deflection] = []
        votes: list[Feedback] = []
        for story, at in stories:
            known = shelves().for_category(story.draft.category)
            if known and story.channel == "form" and self.rng.random() < LOOKED_FIRST:
                read = self.rng.choice(known)
                deflections.append(self._deflection(read, story, at, Deflection.State.WROTE))
                votes += self._vote(read, story, at, helped=False)
            if known and self.rng.random() < SPARED:
                read = self.rng.choice(known)
                before = at - timedelta(minutes=self.rng.uniform(1, 50))
                helped = self.rng.random() < read.works
                said = helped and self.rng.random() < SAYS_SO
                state = Deflection.State.CONFIRMED if said else Deflection.State.MAYBE
                deflections.append(self._deflection(read, story, before, state))
                votes += self._vote(read, story, before, helped)
        for rows in (deflections, votes):
            give_keys(rows)
            copy(rows)

    def _deflection(self, read: KnownSolution, story: Story, at: datetime, state: str) -> Deflection:
        key = UUID(int=self.rng.getrandbits(128), version=4)
        article = self.articles[read.slug]
        return Deflection(key=key, article=article, language=story.draft.language, state=state, at=at)

    def _vote(self, read: KnownSolution, story: Story, at: datetime, helped: bool) -> list[Feedback]:
        if self.rng.random() >= VOTES:
            return []
        language = story.draft.language
        words = comment(self.rng, language, "solved" if helped else "unsolved")
        return [
            Feedback(
                version=self._versions[self.articles[read.slug].pk, language],
                reader=f"{self.rng.getrandbits(256):064x}",
                is_helpful=helped,
                comment=words if self.rng.random() < COMMENTS else "",
                at=at,
            )
        ]
