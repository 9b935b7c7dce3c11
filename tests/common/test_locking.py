"""A claimed row that a colleague holds for a moment is taken; one that somebody works on is left."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from common.locking import taken
from people.models import Customer

pytestmark = pytest.mark.django_db(transaction=True)


def find() -> Customer | None:
    return Customer.objects.select_for_update(skip_locked=True).first()


@pytest.mark.parametrize(("seconds", "is_taken"), [(0.04, True), (2.0, False)])
def test_a_row_that_is_locked_for_a_moment_is_asked_for_again(seconds, is_taken):
    Customer.with_address("dana@example.com")
    locked, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            assert find()
            locked.set()
            done.wait(seconds)
        connection.close()

    with ThreadPoolExecutor(1) as colleague:
        held = colleague.submit(hold)
        assert locked.wait(5)
        with transaction.atomic():
            assert (taken(find) is not None) == is_taken
        done.set()
        held.result()
