"""From stories to rows: every act is done by the verb that people use, and stored by the thousand."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from common.copying import allotted, copy, give_keys
from demo.company import House, customers
from demo.simulation.calendar import Calendar
from demo.simulation.readers import Readers
from demo.simulation.story import CUSTOMER, MODEL, SYSTEM, Act, Story
from demo.texts.articles import shelves
from knowledge.choices import Language
from knowledge.models import Article
from people.models import Customer, User
from tickets.actors import MODEL as TRIAGE
from tickets.actors import SYSTEM as DESK
from tickets.actors import By
from tickets.book import BulkBook, writing_in
from tickets.choices import Priority
from tickets.intake import Incoming, receive_in_bulk
from tickets.models import Ticket
from triage.models import Exam, Outcome

POINTERS = {"en": "Step by step: {title}\n{url}", "zh-hans": "详细步骤见《{title}》：\n{url}"}
ALLOTTED = 5000  # keys fetched at once


class Keys:
    """Values of a sequence by rank, `count` in all: tickets are told when they are over, but count as they came."""

    def __init__(self, sequence: str, count: int) -> None:
        self.sequence, self.count = sequence, count
        self._known: list[int] = []

    def __getitem__(self, rank: int) -> int:
        while rank >= len(self._known):
            self._known += allotted(self.sequence, min(ALLOTTED, self.count - len(self._known)))
        return self._known[rank]


class Teller:
    """Stores stories in batches. Those with a held-out text become examination tickets."""

    def __init__(
        self, rng: random.Random, calendar: Calendar, house: House, articles: Mapping[str, Article], count: int
    ) -> None:
        self.calendar, self.house, self.articles = calendar, house, articles
        self.readers = Readers(rng, articles)
        self.keys, self.numbers = Keys("tickets_ticket_id_seq", count), Keys("tickets_number", count)

    @transaction.atomic
    def store(self, stories: Sequence[Story]) -> None:
        moments = {story.person.email: self.calendar.moment(story.since) for story in stories}
        known = customers([(story.person, moments[story.person.email]) for story in stories])
        book = BulkBook()
        told: list[Ticket] = []
        outcomes: list[Outcome] = []
        for story in stories:
            teller = _Telling(self, book, story, known[story.person.email])
            told.append(teller.ticket)
            teller.tell()
            outcomes += teller.outcomes.values()
        book.store()
        give_keys(outcomes)
        copy(outcomes)
        copy([Exam(ticket=ticket) for ticket, story in zip(told, stories, strict=True) if story.draft.held_out])
        self.readers.store([(story, self.calendar.moment(story.at)) for story in stories])


class _Telling:
    """One story, its ticket and what came of the articles that were used."""

    def __init__(self, teller: Teller, book: BulkBook, story: Story, customer: Customer) -> None:
        self.teller, self.book, self.story, self.customer = teller, book, story, customer
        self.outcomes: dict[str, Outcome] = {}
        draft = story.draft
        at = teller.calendar.moment(story.at)
        words = Incoming(channel=story.channel, customer=customer, subject=draft.subject, text=draft.body, at=at)
        self.ticket: Ticket = receive_in_bulk(words, book)
        self.ticket.pk, self.ticket.number = teller.keys[story.rank], teller.numbers[story.rank]

    def tell(self) -> None:
        with writing_in(self.book):
            for act in self.story.acts:
                self.book.clock = self.teller.calendar.moment(act.at)
                getattr(self, f"_{act.verb}")(act, **act.told)

    def _by(self, act: Act) -> By:
        if act.who == CUSTOMER:
            return self.customer
        return {MODEL: TRIAGE, SYSTEM: DESK}.get(act.who) or self._user(act)

    def _user(self, act: Act) -> User:
        return self.teller.house.staff[act.who]

    def _sort(self, act: Act, *, category: str, team: str, priority: str, confidence: float | None) -> None:
        by = self._by(act)
        self.ticket.categorise(self.teller.house.categories[category], by=by, confidence=confidence)
        self.ticket.send_to(self.teller.house.teams[team], by=by)
        self.ticket.set_priority(Priority.from_slug(priority), by=by)

    def _recategorise(self, act: Act, *, category: str) -> None:
        self.ticket.categorise(self.teller.house.categories[category], by=self._by(act))

    def _send(self, act: Act, *, team: str) -> None:
        self.ticket.send_to(self.teller.house.teams[team], by=self._by(act))

    def _assign(self, act: Act) -> None:
        self.ticket.assign(self._user(act), by=self._user(act))

    def _tag(self, act: Act, *, tags: Sequence[str]) -> None:
        self.ticket.set_tags(tags, by=self._by(act))

    def _set(self, act: Act, *, status: str) -> None:
        self.ticket.set_status(status, by=self._by(act))

    def _note(self, act: Act, *, text: str) -> None:
        self.ticket.note(text, by=self._by(act))

    def _reply(self, act: Act, *, text: str, then: str, article: str) -> None:
        if article:
            text = _pointing(text, article, self.story.draft.language)
        self.ticket.reply(text, by=self._by(act), then=then)

    def _answer(self, act: Act, *, text: str, channel: str) -> None:
        self.ticket.answer(text, by=self.customer, channel=channel)

    def _use(self, act: Act, *, article: str) -> None:
        if article not in self.outcomes:
            self.outcomes[article] = self._outcome(article, self._user(act), self.book.clock)
            self.ticket.record("solution_used", by=self._user(act), **self.outcomes[article].subject)

    def _solve(self, act: Act, *, article: str) -> None:
        outcome = self.outcomes[article]
        if outcome.solved_at is None:
            outcome.solved_at = self.book.clock
            self.ticket.record("solution_worked", by=self._user(act), **outcome.subject)

    def _ask_opinion(self, act: Act) -> None:
        self.ticket.ask_opinion(by=self._by(act))

    def _rate(self, act: Act, *, score: int, comment: str) -> None:
        self.ticket.rate(score, comment, by=self.customer)

    def _outcome(self, slug: str, user: User, at: datetime) -> Outcome:
        return Outcome(ticket=self.ticket, article=self.teller.articles[slug], user=user, shown_at=at, used_at=at)


def _pointing(text: str, article: str, language: str) -> str:
    """The answer with the article named before its farewell, as an inserted solution names it."""
    body, _gap, farewell = text.rpartition("\n\n")
    return f"{body}\n\n{_pointer(article, language)}\n\n{farewell}"


@cache
def _pointer(article: str, language: str) -> str:
    known: Any = next(known for known in shelves().solutions if known.slug == article)
    url = settings.SITE_URL + reverse("knowledge:article", args=[Language(language), article])
    return POINTERS[language].format(title=known.texts[language].title, url=url)
