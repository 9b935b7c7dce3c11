"""How often someone may knock."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from common.limits import knock
from common.models import Hit
from common.tasks import tidy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_the_limit_is_the_last_that_passes():
    with time_machine.travel(NOON, tick=False):
        assert [knock("dana", limit=3, seconds=60) for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_each_key_is_counted_alone():
    with time_machine.travel(NOON, tick=False):
        assert knock("dana", limit=1, seconds=60)
        assert knock("erik", limit=1, seconds=60)
        assert not knock("dana", limit=1, seconds=60)


@pytest.mark.django_db
def test_a_new_window_begins_anew_and_the_old_one_is_forgotten():
    with time_machine.travel(NOON, tick=False) as clock:
        knock("dana", limit=1, seconds=60)
        clock.shift(timedelta(seconds=59))
        assert not knock("dana", limit=1, seconds=60)
        clock.shift(timedelta(seconds=1))
        assert knock("dana", limit=1, seconds=60)
        clock.shift(timedelta(seconds=1))
        tidy()
        assert Hit.objects.count() == 1


@pytest.mark.django_db
def test_a_very_long_key_is_counted_too():
    with time_machine.travel(NOON, tick=False):
        assert knock("k" * 5000, limit=1, seconds=60)
        assert not knock("k" * 5000, limit=1, seconds=60)


@pytest.mark.django_db(transaction=True)
def test_knocks_at_the_same_moment_are_all_counted():
    passed: list[bool] = []

    def visitor() -> None:
        passed.extend(knock("dana", limit=10, seconds=10**9) for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=visitor) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False] * 10 + [True] * 10
