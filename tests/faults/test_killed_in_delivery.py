"""A worker killed while it talks to the mail server: the mail goes out later, once."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from channels.mail import receive
from channels.models import Delivery
from tests.channels.smtp import Postbox
from tests.faults.conservation import assert_conserved, is_settled, seconds_until
from tests.faults.customers import letter
from tests.processes import Worker, free_port


class SlowPostbox(Postbox):
    """Lets the first sender wait in the middle of its mail, until the test says otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.is_asked.set()
        await asyncio.to_thread(self.may_answer.wait, 60)
        return await super().handle_RCPT(server, session, envelope, address, options)


@pytest.fixture
def postbox(environ) -> Iterator[SlowPostbox]:
    postbox = SlowPostbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    environ["EMAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield postbox
    postbox.may_answer.set()
    controller.stop()


def test_a_mail_whose_sender_was_killed_before_the_servers_yes_arrives_once(postbox, beat, environ, alice):
    mail = letter()
    ticket = receive(mail).ticket
    ticket.reply("Please restart the router.", by=alice)
    worker = Worker(environ, queues="mail,default,triage", pool="prefork", concurrency=2)
    with worker:
        assert postbox.is_asked.wait(30)
        worker.kill9()
        killed = time.monotonic()
        postbox.may_answer.set()
        assert not postbox.taken
        worker.start()
        seconds_until(is_settled, patience=60)
        taken = time.monotonic() - killed

    sent = Delivery.objects.filter(message__ticket=ticket)
    assert sorted(sent.values_list("kind", "state")) == [("receipt", "sent"), ("reply", "sent")]
    arrived = [mail["Message-ID"] for mail in postbox.taken]
    assert sorted(arrived) == sorted(sent.values_list("mail_id", flat=True))
    assert taken < 60
    assert_conserved([], [mail])
    print(f"delivery after kill -9 of its worker: done after {taken:.1f} s")
