"""Beat is killed and comes back: the sweeping goes on, and what fell due meanwhile is done."""

import time

from people.models import Customer
from tests.conftest import opened_by
from tests.faults.conservation import is_settled, seconds_until
from tickets.models import Pending


def arrive() -> None:
    """A ticket for which nobody rings where the worker listens: this process has another Redis."""
    opened_by(Customer.with_address("dana@example.com"))
    assert Pending.objects.exists()


def test_a_killed_beat_goes_on_where_it_stopped(worker, beat):
    arrive()
    swept = seconds_until(is_settled, patience=20)

    beat.kill9()
    time.sleep(1)  # what it had sent is done
    arrive()
    time.sleep(7)
    assert Pending.objects.exists()  # without beat nobody sweeps: the next lines prove something

    beat.start()
    swept_again = seconds_until(is_settled, patience=20)
    beat.kill9()
    beat.start()
    arrive()
    seconds_until(is_settled, patience=20)
    print(f"swept within {swept:.1f} s; {swept_again:.1f} s after beat was back")
