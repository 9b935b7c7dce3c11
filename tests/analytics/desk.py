"""Sixty tickets told by the verbs, and beside them, in plain records, what anybody would say happened to each.

The records are kept by the teller, not read from the database: figures reckoned from them owe nothing to the facts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from knowledge.models import Article, Deflection, Section
from people.models import Customer, Team, User
from tickets.actors import MODEL, SYSTEM
from tickets.book import BulkBook, writing_in
from tickets.choices import Priority
from tickets.intake import Incoming, receive_in_bulk
from tickets.models import Category, Ticket

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)  # a Wednesday
COUNT = 60
HOUR = timedelta(hours=1)
CATEGORIES = ("wifi", "outage", "refund", "invoice", None)
BRANCHES = {"wifi": "network", "outage": "network", "refund": "billing", "invoice": "billing", None: None}
WORDS = {"en": ("The line is slow", "It is slow every evening."), "zh-hans": ("网络很慢", "每天晚上网络都很慢。")}


@dataclass
class Life:
    """What happened to one ticket, up to `NOW`."""

    created: datetime
    channel: str
    language: str
    priority: int
    category: str | None = None
    team: str | None = None
    agent: str | None = None
    replies: int = 0
    first_reply: datetime | None = None
    resolved: datetime | None = None
    reopened: int = 0
    by_model: bool = False
    overridden: bool = False
    used: bool = False
    worked: bool = False
    asked: datetime | None = None
    rated: datetime | None = None
    score: int | None = None

    @property
    def branch(self) -> str | None:
        return BRANCHES[self.category]


@dataclass
class Desk:
    customer: Customer
    agents: dict[str, User]
    teams: dict[str, Team]
    categories: dict[str, Category]


class Present(Exception):
    """The story has come to now."""


class Teller:
    """Tells the n-th ticket by the verbs into a book, and keeps its record."""

    def __init__(self, desk: Desk, book: BulkBook, n: int) -> None:
        self.desk, self.book, self.n = desk, book, n
        language = "zh-hans" if n % 4 == 0 else "en"
        subject, text = WORDS[language]
        created, channel = NOW - HOUR * (9 + 37 * n), ("mail", "form", "api")[n % 3]
        incoming = Incoming(channel=channel, customer=desk.customer, subject=subject, text=text, at=created)
        self.ticket = receive_in_bulk(incoming, book)
        self.life = Life(created, channel, language, Priority.NORMAL)

    def tell(self) -> Life:
        with writing_in(self.book):
            try:
                self._sort()
                self._answer()
                self._resolve()
                self._ask()
            except Present:
                pass
        return self.life

    def _at(self, moment: datetime) -> datetime:
        if moment >= NOW:
            raise Present
        self.book.clock = moment
        return moment

    def _sort(self) -> None:
        n, ticket, life = self.n, self.ticket, self.life
        self._at(life.created + timedelta(minutes=2))
        slug = CATEGORIES[n % 5]
        if slug:
            life.by_model = n % 2 == 0
            by = MODEL if life.by_model else self.desk.agents["bob"]
            ticket.categorise(self.desk.categories[slug], by=by, confidence=0.9 if life.by_model else None)
            life.category, life.team = slug, BRANCHES[slug]
            if n % 6 == 0:
                life.category = "refund" if slug != "refund" else "invoice"
                life.overridden = life.by_model
                ticket.categorise(self.desk.categories[life.category], by=self.desk.agents["bob"])
            ticket.send_to(self.desk.teams[life.team], by=MODEL)
        life.priority = list(Priority)[n % 4]
        ticket.set_priority(life.priority, by=MODEL)

    def _answer(self) -> None:
        n, ticket, life = self.n, self.ticket, self.life
        if n % 9 == 0:
            raise Present  # nobody ever answered
        name = "charlie" if life.team == "billing" else ("alice", "bob")[n % 2]
        life.first_reply = self._at(life.created + timedelta(minutes=20 * (n * 7 % 50 + 1)))
        ticket.reply("Please restart the modem.", by=self.desk.agents[name])
        life.agent, life.replies = name, 1
        if n % 12 == 5:
            ticket.assign(None, by=self.desk.agents[name])
        if n % 4 == 1:
            self._at(life.first_reply + HOUR)
            ticket.answer("It is still slow.", by=self.desk.customer, channel="mail")
            ticket.reply("Then we send somebody.", by=self.desk.agents[name])
            life.replies = 2
        if n % 8 == 2:
            ticket.record("solution_used", by=self.desk.agents[name], article=1)
            life.used = True

    def _resolve(self) -> None:
        n, ticket, life = self.n, self.ticket, self.life
        if n % 7 == 0:
            raise Present  # still open
        moment = self._at(life.first_reply + HOUR * (n * 11 % 60 + 2))
        if n % 16 == 2:
            ticket.record("solution_worked", by=SYSTEM, article=1)
            life.worked = True
        ticket.resolve(by=self.desk.agents[life.agent])
        life.resolved = moment
        if n % 10 == 3:
            self._at(moment + 5 * HOUR)
            ticket.answer("It came back.", by=self.desk.customer, channel="mail")
            life.resolved, life.reopened = None, 1
            if n % 20 != 3:
                raise Present
            again = self._at(moment + 8 * HOUR)
            ticket.resolve(by=self.desk.agents[life.agent])
            life.resolved = again

    def _ask(self) -> None:
        n, ticket, life = self.n, self.ticket, self.life
        if n % 3 == 1:
            raise Present
        asked = self._at(life.resolved + HOUR)
        ticket.ask_opinion(by=SYSTEM)
        life.asked = asked
        if n % 5 == 2:
            raise Present  # silent
        rated = self._at(life.resolved + 30 * HOUR)
        ticket.rate(1 + n * 3 % 5, by=self.desk.customer)
        life.rated, life.score = rated, 1 + n * 3 % 5


def sixty(desk: Desk) -> list[Life]:
    """Stores the tickets and returns what happened, newest first."""
    book = BulkBook()
    lives = [Teller(desk, book, n).tell() for n in range(COUNT)]
    book.store()
    assert Ticket.objects.count() == COUNT
    return lives


@dataclass
class Reader:
    """Somebody who opened an article while writing to us."""

    at: datetime
    language: str
    state: str


def readers() -> list[Reader]:
    """Forty people who opened an article on the form, one every 30 hours."""
    article = Article.objects.create(section=Section.objects.create(slug="lines"), slug="slow-line")
    states = list(Deflection.State)
    found = [Reader(NOW - HOUR * (4 + 30 * n), ("en", "zh-hans")[n % 2], states[n % 3]) for n in range(40)]
    Deflection.objects.bulk_create(
        Deflection(key=uuid4(), article=article, language=each.language, state=each.state, at=each.at) for each in found
    )
    return found
