"""A believable past: tickets arrive, agents with skills and hours answer, customers come back, some stay open.

Every life is told with the verbs that people use, against a book with a clock of its own, and stored in bulk. The same
seed tells the same past. Nothing happens after `until`: what would have happened later is what is still open now.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.company import House, customers
from demo.texts.company import Staff, company
from demo.texts.customers import Person
from demo.texts.generator import Draft, Writer
from people.models import Customer, User
from tickets.book import BulkBook, writing_in
from tickets.choices import Priority, Status
from tickets.intake import Incoming, receive_in_bulk
from tickets.models import Ticket

BATCH = 1000
# Share of a day's tickets by hour of the customer's day, and of a week's by weekday (Monday first).
HOURS = (1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 19, 16, 13, 15, 16, 15, 13, 12, 13, 14, 12, 8, 4, 2)
WEEKDAYS = (21, 17, 15, 14, 14, 10, 9)
CHANNELS = {"mail": 55, "form": 40, "api": 5}
OPENS, CLOSES = 8, 19  # hours of the desk, UTC; closed on Sundays
TAGS = ("vip", "callback", "follow-up", "regulator", "bug")


class Over(Exception):
    """The story has come to the present: the rest has not happened yet."""


@dataclass(frozen=True, slots=True)
class Case:
    draft: Draft
    person: Person
    at: datetime


def simulate(
    house: House,
    *,
    tickets: int,
    days: int,
    seed: int,
    until: datetime,
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Writes `tickets` lives over the `days` before `until`; returns how many tickets there are now more."""
    rng = random.Random(seed)
    told = 0
    for cases in _batches(rng, tickets, days, until):
        known = customers([(case.person, case.at) for case in cases])
        book = BulkBook()
        for case in cases:
            Life(rng, house, book, until).tell(case, known[case.person.email])
        book.store()
        told += len(cases)
        progress(len(cases))
    return told


def _batches(rng: random.Random, tickets: int, days: int, until: datetime) -> Iterator[list[Case]]:
    """Cases in the order they arrive, by the thousand. A fifth of the customers has written before."""
    writer = Writer(rng, held_out=False)
    arrivals = sorted(_arrival(rng, days, until) for _ in range(tickets))
    regulars: list[Person] = []
    batch: list[Case] = []
    for at in arrivals:
        if regulars and rng.random() < 0.2:
            person = rng.choice(regulars)
        else:
            person = writer.customer(rng.choice(writer.languages))
            regulars.append(person)
        batch.append(Case(writer.ticket(customer=person, day=at.date()), person, at))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _arrival(rng: random.Random, days: int, until: datetime) -> datetime:
    """A moment of the past, by the habits of the week and the day."""
    while True:
        back = timedelta(days=rng.random() * days)
        at = until - back
        if rng.random() * max(WEEKDAYS) > WEEKDAYS[at.weekday()] or rng.random() * max(HOURS) > HOURS[at.hour]:
            continue
        return at


class Life:
    """One ticket from the first word to now."""

    def __init__(self, rng: random.Random, house: House, book: BulkBook, until: datetime) -> None:
        self.rng, self.house, self.book, self.until = rng, house, book, until
        self.writer = Writer(rng)

    def tell(self, case: Case, customer: Customer) -> None:
        draft = case.draft
        (channel,) = self.rng.choices(list(CHANNELS), list(CHANNELS.values()))
        incoming = Incoming(channel=channel, customer=customer, subject=draft.subject, text=draft.body, at=case.at)
        ticket = receive_in_bulk(incoming, self.book)
        agent, user = self._agent(draft)
        with writing_in(self.book):
            try:
                self._sort(ticket, draft, user)
                self._solve(ticket, draft, customer, agent, user)
            except Over:
                pass

    def _pass(self, minutes: float, *, working: bool = True) -> None:
        """Moves the clock on, for the staff to the next hour the desk is open; raises `Over` at the present."""
        at = self.book.clock + timedelta(minutes=minutes)
        while working and not (OPENS <= at.hour < CLOSES and at.weekday() != 6):
            at = (at + timedelta(hours=1)).replace(minute=self.rng.randrange(60))
        if at > self.until:
            raise Over
        self.book.clock = at

    def _about(self, minutes: float) -> float:
        """A waiting time around `minutes`, with the long tail that waiting has."""
        return minutes * self.rng.lognormvariate(0, 0.7)

    def _agent(self, draft: Draft) -> tuple[Staff, User]:
        """Someone who knows the matter and the language, mostly."""
        agents = company().agents
        weights = [
            (agent.skills.get(draft.category, 0.02) ** 2) * (1 if draft.language in agent.languages else 0.05) + 1e-6
            for agent in agents
        ]
        (agent,) = self.rng.choices(agents, weights)
        return agent, self.house.staff[agent.username]

    def _sort(self, ticket: Ticket, draft: Draft, user: User) -> None:
        """A colleague reads it, says what it is and who does it."""
        self._pass(self._about(40))
        category = self.house.categories[draft.category]
        ticket.categorise(category, by=user)
        team = next((node.team for node in reversed(category.line) if node.team), None)
        if team:
            ticket.send_to(team, by=user)
        ticket.set_priority(Priority.from_slug(draft.priority), by=user)
        if self.rng.random() < 0.06:
            ticket.set_tags([self.rng.choice(TAGS)], by=user)
        self._pass(self._about(10))
        if self.rng.random() < 0.8:
            ticket.assign(user, by=user)

    def _solve(self, ticket: Ticket, draft: Draft, customer: Customer, agent: Staff, user: User) -> None:
        urgency = {"urgent": 0.3, "high": 0.6, "normal": 1.0, "low": 1.8}[draft.priority]
        self._pass(self._about(240 * urgency / agent.speed))
        if self.rng.random() < 0.15:
            ticket.note(self.writer.note(draft), by=user)
            self._pass(self._about(15))
        ticket.reply(self.writer.answer(draft, user.first_name), by=user)
        helps = self.rng.random() < agent.quality
        for _ in range(3):
            if helps:
                break
            self._customer_says(ticket, self.writer.follow_up(draft), customer, hours=14)
            self._pass(self._about(120 * urgency / agent.speed))
            ticket.reply(self.writer.answer(draft, user.first_name), by=user)
            helps = self.rng.random() < 0.7
        self._end(ticket, draft, customer, user)

    def _customer_says(self, ticket: Ticket, text: str, customer: Customer, *, hours: float) -> None:
        self._pass(self._about(hours * 60), working=False)
        ticket.answer(text, by=customer, channel="mail")

    def _end(self, ticket: Ticket, draft: Draft, customer: Customer, user: User) -> None:
        """Thanks or silence, then the matter is closed; a few come back once."""
        if self.rng.random() < 0.45:
            self._customer_says(ticket, self.writer.thanks(draft), customer, hours=12)
            self._pass(self._about(40))
        else:
            self._pass(self._about(4 * 24 * 60))
        ticket.resolve(by=user)
        if self.rng.random() < 0.05:
            self._customer_says(ticket, self.writer.follow_up(draft), customer, hours=30)
            self._pass(self._about(90))
            ticket.reply(self.writer.answer(draft, user.first_name), by=user, then=Status.RESOLVED)


def now() -> datetime:
    """The present of a simulation, on the minute."""
    return datetime.now(tz=UTC).replace(second=0, microsecond=0)
