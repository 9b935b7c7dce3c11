"""A database full of tickets to measure on, at the size of `--tickets`.

    DATABASE_URL=postgres://…/bench python manage.py migrate
    DATABASE_URL=postgres://…/bench python -m benchmarks.fill --tickets 100000 [--corpus …/corpus.py]

With `--corpus` (by default `bench/corpus.py` of the shared data, if that is there) the tickets are those that other
products are loaded with, so that all are measured on the same text; without, the demo company's simulated past.
"""

import argparse
import importlib.util
import itertools
import os
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from tqdm import tqdm  # noqa: E402

from analytics import facts  # noqa: E402
from demo.company import establish  # noqa: E402
from knowledge.choices import State  # noqa: E402
from knowledge.models import Article, Section, Version  # noqa: E402
from people.models import Customer, Identity, Role, Team, User  # noqa: E402
from tests.shared import SHARED  # noqa: E402
from tickets.book import BulkBook, writing_in  # noqa: E402
from tickets.choices import Priority, Status  # noqa: E402
from tickets.intake import Incoming, receive_in_bulk  # noqa: E402
from tickets.models import Category, Ticket  # noqa: E402

BATCH = 2000
PASSWORD = "load-Test-1"
PRIORITIES = {1: Priority.URGENT, 2: Priority.HIGH, 3: Priority.NORMAL, 4: Priority.LOW, 5: Priority.LOW}
ENDS = {"resolved": Status.RESOLVED, "closed": Status.CLOSED, "duplicate": Status.CLOSED}


class Filler:
    """Puts the corpus' people, teams, articles and tickets into this house."""

    def __init__(self, corpus: ModuleType) -> None:
        self.corpus = corpus
        self.teams = [
            Team.objects.get_or_create(slug=f"q{n}", defaults={"name_en": name})[0]
            for n, name in enumerate(corpus.QUEUES)
        ]
        self.categories = [
            Category.objects.get_or_create(slug=f"q{n}", defaults={"name_en": name, "team": team})[0]
            for n, (name, team) in enumerate(zip(corpus.QUEUES, self.teams, strict=True))
        ]
        password = make_password(PASSWORD)
        self.agents = [self._employed(corpus.agent(n), password) for n in range(corpus.AGENTS)]
        self.customers: dict[str, Customer] = {}

    def _employed(self, who: Mapping[str, str], password: str) -> User:
        """Managers, because the peers' agents see every ticket and every report."""
        known = {"email": who["email"], "first_name": who["first"], "last_name": who["last"], "password": password}
        user, is_new = User.objects.get_or_create(username=who["username"], defaults={**known, "role": Role.MANAGER})
        if is_new:
            user.teams.set(self.teams)
        return user

    def articles(self) -> None:
        for shelf in self.corpus.kb():
            section, _ = Section.objects.get_or_create(slug=shelf["slug"], defaults={"name_en": shelf["title"]})
            for n, told in enumerate(shelf["articles"]):
                article, is_new = Article.objects.get_or_create(
                    slug=f"{shelf['slug']}-{n}", defaults={"section": section, "position": n}
                )
                if is_new:
                    body = f"{told['question']}\n\n{told['answer']}"
                    Version.write(article, "en", title=told["title"], body=body)
                    article.set_state(State.PUBLISHED)

    def tickets(self, count: int) -> None:
        told = iter(self.corpus.tickets(count))
        with tqdm(total=count, unit=" tickets", disable=None) as bar:
            while batch := list(itertools.islice(told, BATCH)):
                self._meet(one["requester"] for one in batch)
                book = BulkBook()
                for one in batch:
                    self._tell(one, book)
                book.store()
                bar.update(len(batch))

    def _meet(self, people: Iterable[Mapping[str, str]]) -> None:
        new = {who["email"]: Customer(name=who["name"]) for who in people if who["email"] not in self.customers}
        Customer.objects.bulk_create(new.values())
        Identity.objects.bulk_create([Identity(customer=customer, value=mail) for mail, customer in new.items()])
        self.customers |= new

    def _tell(self, one: Mapping[str, Any], book: BulkBook) -> None:
        customer = self.customers[one["requester"]["email"]]
        incoming = Incoming(
            channel="mail",
            customer=customer,
            subject=one["subject"],
            text=one["body"],
            priority=PRIORITIES[one["priority"]],
            at=one["created"],
        )
        ticket = receive_in_bulk(incoming, book)
        first = self.agents[one["agent"] or 0]
        with writing_in(book):
            ticket.categorise(self.categories[one["queue"]], by=first)
            ticket.send_to(self.teams[one["queue"]], by=first)
            if one["agent"] is not None:
                ticket.assign(first, by=first)
            for reply in one["replies"]:
                book.clock = reply["at"]
                self._say(ticket, reply, customer)
            book.clock += timedelta(minutes=1)
            ticket.set_status(ENDS.get(one["status"], Status.OPEN), by=first)
            if one["agent"] is None:
                ticket.assign(None, by=first)

    def _say(self, ticket: Ticket, reply: Mapping[str, Any], customer: Customer) -> None:
        if reply["agent"] is None:
            ticket.answer(reply["body"], by=customer, channel="mail")
        elif reply["public"]:
            ticket.reply(reply["body"], by=self.agents[reply["agent"]])
        else:
            ticket.note(reply["body"], by=self.agents[reply["agent"]])


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--corpus", type=Path, default=SHARED / "bench" / "corpus.py")
    asked = parser.parse_args()
    if Ticket.objects.exists():
        raise SystemExit("This database has tickets already: give DATABASE_URL an empty, migrated one.")
    start = time.perf_counter()
    if asked.corpus.exists():
        filler = Filler(loaded(asked.corpus))
        filler.articles()
        filler.tickets(asked.tickets)
    else:
        establish()
        call_command("simulate", tickets=asked.tickets, days=400)
    written = time.perf_counter() - start
    facts.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{Ticket.objects.count()} tickets in {written:.0f} s, with facts {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
