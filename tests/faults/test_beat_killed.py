"""Beat is killed and comes back: the sweeping goes on, and what fell due meanwhile is done."""

import time

from channels.mail import receive
from tests.faults.conservation import assert_conserved, assert_triaged_and_told, is_settled, seconds_until
from tests.faults.customers import letter
from tickets.models import Pending


def arrive() -> bytes:
    """A mail for which nobody rings where the worker listens: this process has another Redis."""
    mail = letter()
    receive(mail)
    assert Pending.objects.exists()
    return mail


def test_a_killed_beat_goes_on_where_it_stopped(worker, beat):
    mails = [arrive()]
    swept = seconds_until(is_settled, patience=20)

    beat.kill9()
    time.sleep(1)  # what it had sent is done
    mails.append(arrive())
    time.sleep(7)
    assert Pending.objects.exists()  # without beat nobody sweeps: the next lines prove something

    beat.start()
    swept_again = seconds_until(is_settled, patience=20)
    beat.kill9()
    beat.start()
    mails.append(arrive())
    seconds_until(is_settled, patience=20)
    assert_conserved([], mails)
    assert_triaged_and_told()
    print(f"swept within {swept:.1f} s; {swept_again:.1f} s after beat was back")
