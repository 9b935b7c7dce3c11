"""Facts are what the history amounts to, however often, in whatever order and by whichever way they are made."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import facts, tasks
from analytics.models import Fact
from knowledge.models import Article, Section
from tests.conftest import opened_by
from tickets.actors import MODEL, SYSTEM
from tickets.book import BulkBook, writing_in
from tickets.choices import DONE_STATUSES, Priority, Status
from tickets.errors import DomainError
from tickets.intake import Incoming, receive_in_bulk
from tickets.models import Event, Pending, Ticket
from triage.models import Outcome


def owed():
    return Pending.objects.filter(consumer=facts.CONSUMER)


def rows():
    """All facts, with every column."""
    return list(Fact.objects.order_by("pk").values())


def fact_of(ticket) -> Fact:
    return Fact.objects.get(pk=ticket.pk)


def test_a_new_ticket_gets_its_fact(ticket, network_team):
    tasks.keep_facts()
    fact = fact_of(ticket)
    assert (fact.created_at, fact.channel, fact.team, fact.customer_messages) == (
        ticket.created_at,
        "form",
        network_team,
        1,
    )
    assert fact.resolved_at is None
    assert not owed().exists()


def test_a_fact_follows_its_ticket(ticket, alice, dana, categories):
    ticket.categorise(categories["wifi"], by=MODEL, confidence=0.9)
    ticket.reply("Please restart it.", by=alice)
    tasks.keep_facts()
    assert fact_of(ticket).resolved_at is None
    ticket.categorise(categories["outage"], by=alice)
    ticket.resolve(by=alice)
    ticket.ask_opinion(by=SYSTEM)
    ticket.rate(5, by=dana)
    tasks.keep_facts()
    fact = fact_of(ticket)
    assert (fact.replies, fact.agent, fact.score, fact.resolved_at) == (1, alice, 5, ticket.resolved_at)
    assert (fact.category, fact.sorted_by_model, fact.overridden) == (categories["outage"], True, True)


def test_a_note_owes_no_fact_anything(ticket, alice):
    tasks.keep_facts()
    ticket.note("Looks like the firmware.", by=alice)
    assert not owed().exists()


def test_a_ticket_that_is_gone_takes_its_fact_along(ticket):
    tasks.keep_facts()
    ticket.delete()
    tasks.keep_facts()
    assert rows() == []


# --- Many at once


def statements(run):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        run()
    return len(captured)


def test_thirty_owed_events_cost_what_three_do(alice, dana):
    def live(count):
        for _ in range(count):
            opened_by(dana).reply("We look into it.", by=alice)

    live(3)
    few = statements(tasks.keep_facts)
    live(30)
    assert owed().count() > 60
    assert statements(tasks.keep_facts) == few <= 10
    assert Fact.objects.count() == 33


def test_rebuilding_thirty_costs_what_three_do(dana):
    tickets = [opened_by(dana) for _ in range(30)]
    few = statements(lambda: facts.rebuild(Ticket.objects.filter(pk__in=[one.pk for one in tickets[:3]])))
    assert statements(facts.rebuild) == few
    assert Fact.objects.count() == 30


def test_more_than_a_batch_is_worked_off(monkeypatch, dana):
    monkeypatch.setattr(facts, "BATCH", 4)
    for _ in range(6):
        opened_by(dana)
    tasks.keep_facts()
    assert Fact.objects.count() == 6
    Fact.objects.all().delete()
    assert facts.rebuild() == 6
    assert Fact.objects.count() == 6


def test_one_broken_event_does_not_stop_the_others(ticket, dana):
    broken = Event.objects.create(ticket=ticket, kind="rated", actor="customer", data={})  # no score
    Pending.objects.create(event=broken, consumer=facts.CONSUMER)
    healthy = opened_by(dana)
    tasks.keep_facts()
    assert fact_of(healthy)
    assert "KeyError" in owed().first().error
    assert not Fact.objects.filter(pk=ticket.pk).exists()


def test_tickets_stored_in_bulk_get_their_facts_by_the_sweeper(dana, alice):
    book = BulkBook()
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for _ in range(3):
        old = receive_in_bulk(Incoming(channel="mail", customer=dana, subject="Old", text="Old.", at=at), book)
        with writing_in(book):
            old.reply("Done.", by=alice, then=Status.RESOLVED)
    book.store()
    assert not owed().exists()
    assert facts.fill_gaps() == 3
    assert facts.fill_gaps() == 0
    assert {fact.agent for fact in Fact.objects.all()} == {alice}


def test_the_command_makes_all_facts_anew(ticket, capsys):
    call_command("rebuild_facts")
    assert "1 facts made." in capsys.readouterr().out
    assert fact_of(ticket)


@pytest.mark.django_db(transaction=True)
def test_what_another_process_is_at_is_left_to_it(ticket):
    waiting = threading.Event()
    started = threading.Event()

    def hold():
        with transaction.atomic():
            facts._wait_for_others()
            started.set()
            waiting.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        started.wait(10)
        tasks.keep_facts()
        assert owed().exists()
    finally:
        waiting.set()
        holder.join()
    tasks.keep_facts()
    assert not owed().exists()
    assert fact_of(ticket)


# --- Rebuilt or kept: the same, whatever happens and in whatever order it is heard of

VERBS = """
    open reply answer note assign unassign sort decide confirm send urgent resolve close reopen ask rate
    use work withdraw consume
""".split()  # noqa: SIM905  a list of twenty quoted words reads worse
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(0, 2),
        st.integers(0, 4),
    ),
    max_size=25,
)


class Day:
    """Verbs by name, on three tickets; `consume` hears of some of what is owed, in an order of its own."""

    def __init__(self, alice, charlie, dana, categories, teams, article: Model) -> None:
        self.alice, self.charlie, self.dana = alice, charlie, dana
        self.categories, self.teams, self.code = list(categories.values()), teams, f"a{article.pk}"
        self.tickets = [opened_by(dana)]

    def do(self, step: str, which: int, how: int) -> None:
        ticket = self.tickets[which % len(self.tickets)]
        by = (self.alice, self.charlie)[how % 2]
        with suppress(DomainError):
            match step:
                case "open":
                    self.tickets.append(opened_by(self.dana))
                case "reply":
                    ticket.reply("We look into it.", by=by, then=list(Status)[how])
                case "answer":
                    ticket.answer("Still slow.", by=self.dana, channel="mail")
                case "note":
                    ticket.note("Hm.", by=by)
                case "assign":
                    ticket.assign(by, by=by)
                case "unassign":
                    ticket.assign(None, by=by)
                case "sort":
                    ticket.categorise(self.categories[how], by=MODEL, confidence=0.9)
                case "decide":
                    ticket.categorise(self.categories[how], by=by)
                case "confirm":
                    ticket.categorise(ticket.category, by=by)
                case "send":
                    ticket.send_to(self.teams[how % 2], by=by)
                case "urgent":
                    ticket.set_priority(list(Priority)[how % 4], by=by)
                case "resolve":
                    ticket.resolve(by=by)
                case "close":
                    ticket.set_status(DONE_STATUSES[1], by=by)
                case "reopen":
                    ticket.reopen(by=by)
                case "ask":
                    ticket.ask_opinion(by=SYSTEM)
                case "rate":
                    ticket.rate(how + 1, by=self.dana)
                case "use":
                    Outcome.use(ticket, self.code, by=by)
                case "work":
                    Outcome.solve(ticket, self.code, by=by)
                case "withdraw":
                    Outcome.withdraw(ticket, self.code, by=by)
                case "consume":
                    for pending in owed().order_by("?")[: how + 1]:
                        facts.handle(pending.event)
                        pending.delete()


@given(steps=STEPS, order=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_facts_kept_in_any_order_are_facts_rebuilt(
    alice, charlie, dana, categories, network_team, billing_team, steps, order
):
    with transaction.atomic():
        article = Article.objects.create(section=Section.objects.create(slug="lines"), slug="slow-line")
        day = Day(alice, charlie, dana, categories, [network_team, billing_team], article)
        for step in steps:
            day.do(*step)
        events = [pending.event for pending in owed().select_related("event")]
        heard = events + order.choices(events, k=len(events)) if events else []
        order.shuffle(heard)
        for event in heard:
            facts.handle(event)
        kept = rows()
        assert len(kept) == len(day.tickets)
        assert facts.rebuild() == len(kept)
        assert rows() == kept
        transaction.set_rollback(True)
