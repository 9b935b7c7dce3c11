"""Several senders, and senders that die: each mail goes out once, by real connections and real processes."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal

import pytest
from django.db import connection
from django.utils import timezone

from channels import outgoing
from channels.models import Delivery
from helpdesk.embedded import BASE_DIR
from people.models import Customer
from tests.channels import smtp
from tests.conftest import opened_by
from tests.processes import environment
from tickets.work import work_off

pytestmark = pytest.mark.django_db(transaction=True)

SENDER = "import django; django.setup(); from channels import outgoing; outgoing.send_due()"


@pytest.fixture
def postbox():
    with smtp.running() as postbox:
        yield postbox


def send(_number: int = 0) -> int:
    try:
        return outgoing.send_due()
    finally:
        connection.close()


def wait_until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_eight_senders_send_each_of_twenty_mails_once(postbox):
    for number in range(20):
        opened_by(Customer.with_address(f"guest{number}@example.com"))
    work_off("deliver")

    with ThreadPoolExecutor(8) as senders:
        assert sum(senders.map(send, range(8))) == 20

    assert sorted(mail["To"] for mail in postbox.taken) == sorted(f"guest{number}@example.com" for number in range(20))


def test_a_sender_slower_than_its_lease_is_not_overtaken(postbox, ticket, monkeypatch):
    monkeypatch.setattr(Delivery, "LEASE", timedelta(0))
    work_off("deliver")
    postbox.pause = Signal()
    with ThreadPoolExecutor(1) as slow:
        first = slow.submit(send)
        wait_until(lambda: postbox.is_paused)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(send).result(timeout=10) == 0
        postbox.pause.set()
        assert first.result(timeout=20) == 1

    assert len(postbox.taken) == 1


def test_a_mail_whose_sender_was_killed_between_yes_and_commit_goes_out_again_under_the_same_id(
    postbox, ticket, settings
):
    work_off("deliver")
    delivery = Delivery.objects.get()
    postbox.pause = Signal()
    environ = environment(EMAIL_URL=f"smtp://127.0.0.1:{settings.EMAIL_PORT}")
    process = subprocess.Popen([sys.executable, "-c", SENDER], cwd=BASE_DIR, env=environ)
    wait_until(lambda: postbox.is_paused)
    process.kill()
    process.wait()
    postbox.pause.set()
    Delivery.objects.update(due_at=timezone.now())  # the lease is over

    assert send() == 1

    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert [mail["Message-ID"] for mail in postbox.taken] == [delivery.mail_id] * 2
