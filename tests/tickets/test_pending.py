"""What rooms owe an event is done once, whatever dies in between."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from tests.conftest import opened_by
from tickets.consumers import Consumer, consumers
from tickets.models import Pending, Ticket
from tickets.work import work_off


@pytest.fixture
def tagging():
    """A consumer that marks each opened ticket, and can be told to fail."""
    state = SimpleNamespace(fails=False, done=[])

    def handle(event):
        if state.fails:
            raise RuntimeError("no paper")
        event.ticket.set_tags([*event.ticket.tags, "handled"], by=event.customer)
        state.done.append(event.pk)

    consumers.register(Consumer("tagging", frozenset({"opened"}), "tests.none", handle))
    yield state
    del consumers._entries["tagging"]


def owed():
    return Pending.objects.filter(consumer="tagging")


def test_an_event_is_owed_only_to_those_who_asked_for_its_kind(tagging, ticket):
    assert [pending.event.kind for pending in owed()] == ["opened"]


def test_work_and_its_row_end_together(tagging, ticket):
    assert work_off("tagging") == 1
    assert not owed().exists()
    assert Ticket.objects.get(pk=ticket.pk).tags == ["handled"]
    assert work_off("tagging") == 0


def test_a_failure_is_kept_with_its_reason_and_tried_later(tagging, ticket):
    tagging.fails = True
    work_off("tagging")
    pending = owed().get()
    assert (pending.attempts, pending.error) == (1, "RuntimeError: no paper")
    assert pending.due_at > timezone.now()
    assert Ticket.objects.get(pk=ticket.pk).tags == []
    tagging.fails = False
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        assert work_off("tagging") == 1
    assert not owed().exists()


def test_one_broken_event_does_not_stop_the_others(tagging, ticket, erik):
    tagging.fails = True
    work_off("tagging")
    tagging.fails = False
    second = opened_by(erik)
    work_off("tagging")
    assert Ticket.objects.get(pk=second.pk).tags == ["handled"]
    assert owed().count() == 1


def test_after_eight_tries_it_rests_until_someone_looks(tagging, ticket):
    owed().update(attempts=Pending.MOST_ATTEMPTS)
    assert work_off("tagging") == 0
    assert owed().given_up().count() == 1


def test_what_a_dead_worker_had_claimed_is_taken_over_after_the_lease(tagging, ticket):
    from tickets.work import LEASE, _claim

    assert _claim(consumers["tagging"])
    assert work_off("tagging") == 0
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert work_off("tagging") == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_do_it_once(tagging, dana):
    tickets = [opened_by(dana) for _ in range(12)]

    def work():
        work_off("tagging")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tagging.done) == sorted(t.events.get(kind="opened").pk for t in tickets)
    assert not owed().exists()


@pytest.fixture
def following(tagging):
    """A consumer whose work comes after that of `tagging`."""
    done = []
    kinds = frozenset({"opened"})
    consumers.register(
        Consumer("following", kinds, "tests.none", lambda event: done.append(event.pk), rings=False, after="tagging")
    )
    yield done
    del consumers._entries["following"]


def test_what_comes_after_waits_until_the_first_owes_nothing(following, ticket):
    assert work_off("following") == 0
    work_off("tagging")
    assert work_off("following") == 1
    assert following == [ticket.events.get(kind="opened").pk]


def test_a_broken_first_does_not_hold_up_what_comes_after(tagging, following, ticket):
    tagging.fails = True
    work_off("tagging")
    assert work_off("following") == 1
