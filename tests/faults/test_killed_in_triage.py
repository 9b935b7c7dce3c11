"""A worker killed while it thinks about a ticket leaves nothing half done; another does it, once."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, connections

from channels.mail import receive
from tests.channels.letters import written
from tests.faults.conservation import assert_conserved, seconds_until
from tests.processes import Worker
from tickets.models import Pending, Ticket
from triage.models import Suggestion


@pytest.fixture
def locks(transactional_db) -> Iterator["Locks"]:
    locks = Locks()
    yield locks
    locks.let_go()


class Locks:
    """Rows that somebody else holds: a worker that needs one waits in the middle of its work."""

    def __init__(self) -> None:
        self.connection = connections.create_connection("default")
        self.connection.set_autocommit(False)

    def take(self, row, strength: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT FROM {row._meta.db_table} WHERE id = %s FOR {strength}", [row.pk])

    def let_go(self) -> None:
        self.connection.close()


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def triaged(ticket: Ticket) -> bool:
    return Suggestion.objects.filter(ticket=ticket, target="category").exists()


def test_a_worker_killed_in_the_middle_and_at_the_end_of_triage(models, history, beat, environ, billing_team, locks):
    mails = [
        written("My wireless signal is weak.", subject="Wi-Fi disconnects every evening"),
        written("Refund the cancelled order.", subject="I want my money back", sender="erik@example.com"),
    ]
    wifi, refund = (receive(raw).ticket for raw in mails)
    locks.take(wifi, "NO KEY UPDATE")  # its triage and its similar tickets wait before the first line is written
    locks.take(billing_team, "UPDATE")  # the refund's waits in its COMMIT, which looks whether the team is there
    worker = Worker(environ, pool="prefork", concurrency=3)
    with worker:
        seconds_until(lambda: waiting_for_locks() == 3, patience=30)
        worker.kill9()
        killed = time.monotonic()
        locks.let_go()
        # PostgreSQL ends the COMMIT without its client: that one is done, and must not be done again.
        seconds_until(lambda: triaged(refund), patience=10)
        assert not triaged(wifi)
        worker.start()
        seconds_until(lambda: not Pending.objects.exists(), patience=60)
        taken = time.monotonic() - killed

    for ticket, category, team in [(wifi, "wifi", "network"), (refund, "refund", "billing")]:
        ticket.refresh_from_db()
        assert (ticket.category.slug, ticket.team.slug) == (category, team)
        assert Suggestion.objects.get(ticket=ticket, target="category").state == "applied"
        kinds = Counter(ticket.events.values_list("kind", flat=True))
        assert {"opened", "category", "team"} <= set(kinds)
        assert set(kinds.values()) == {1}, kinds
    assert taken < 60
    assert_conserved([], mails)
    print(f"triage after kill -9 of its worker: done after {taken:.1f} s")
