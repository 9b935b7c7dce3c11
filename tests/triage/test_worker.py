"""Triage and training in real worker processes."""

import time
from collections.abc import Callable

import pytest

from tests.conftest import opened_by
from tests.processes import Worker, environment
from triage.models import LearnedModel, Run, Suggestion

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("processes")]


def seconds_until(done: Callable[[], bool], patience: float = 30) -> float:
    started = time.monotonic()
    while not done():
        assert time.monotonic() - started < patience, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - started


def read(dana) -> float:
    ticket = opened_by(dana, "The Wi-Fi drops in the kitchen", "My laptop loses the wireless network every evening.")
    taken = seconds_until(lambda: Suggestion.objects.filter(ticket=ticket, target="category").exists())
    ticket.refresh_from_db()
    assert ticket.category
    assert ticket.category.slug == "wifi"
    seconds_until(lambda: Suggestion.objects.filter(ticket=ticket, target="similar").exists())
    return taken


def test_an_idle_worker_has_read_a_ticket_within_a_second(transactional_db, models, history, dana):
    with Worker(environment()):
        read(dana)  # the first one loads scikit-learn and the model
        times = sorted(read(dana) for _ in range(5))
    print(f"seconds from commit to stored triage: median {times[2]:.3f}, worst {times[-1]:.3f}")
    assert times[2] < 1


def test_the_trainer_trains_what_was_ordered_on_the_page(transactional_db, history, mona_client):
    with Worker(environment(), queues="training"):
        mona_client.post("/triage/model/runs/", {"kind": "train"})
        seconds_until(lambda: Run.objects.get().is_over, patience=90)
    assert Run.objects.get().state == "done"
    assert LearnedModel.objects.active().count() == 2
