"""Rings reach the queue after the commit, and a Redis that is away costs one short try."""

import time

import pytest
from django.db import transaction
from redis.exceptions import RedisError

from common import doorbell
from common.doorbell import quietly, ring
from common.redis import client

TASK = "tickets.tasks.sweep"


@pytest.fixture(autouse=True)
def not_silent(monkeypatch) -> None:
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)


def waiting() -> int:
    return int(client().llen("default"))


@pytest.fixture
def queue():
    client().delete("default")
    yield
    client().delete("default")


@pytest.mark.django_db(transaction=True)
def test_it_rings_after_the_commit(queue):
    with transaction.atomic():
        ring(TASK)
        assert waiting() == 0
    assert waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_rings_nobody(queue):
    with transaction.atomic():
        ring(TASK)
        transaction.set_rollback(True)
    assert waiting() == 0


class Publisher:
    def __init__(self) -> None:
        self.tries = 0

    def __call__(self) -> None:
        self.tries += 1
        client().publish("x", "y")


@pytest.fixture
def publisher(settings):
    """Speaks to a Redis that is not there."""
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    client.cache_clear()
    yield Publisher()
    client.cache_clear()


def test_redis_away_is_nobodys_error_and_is_not_tried_again_at_once(publisher):
    with pytest.raises(RedisError):
        publisher()
    started = time.monotonic()
    for _ in range(5):
        quietly(publisher)
    assert publisher.tries == 2
    assert time.monotonic() - started < 0.5


def test_after_the_pause_it_tries_again(publisher, monkeypatch):
    monkeypatch.setattr(doorbell, "PAUSE", 0.0)
    for _ in range(3):
        quietly(publisher)
    assert publisher.tries == 3


def test_our_own_faults_are_not_hushed():
    with pytest.raises(ZeroDivisionError):
        quietly(lambda: 1 // 0)
