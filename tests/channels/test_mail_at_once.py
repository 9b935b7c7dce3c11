"""The same mail at many doors at one moment, with real connections and real commits."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from channels.mail import receive
from channels.models import Inbound
from tests.channels.letters import answering, with_route, written
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def received_at_once(mails: Sequence[bytes]) -> list[Inbound]:
    together = Barrier(len(mails))

    def take(raw: bytes) -> Inbound:
        try:
            together.wait(timeout=30)
            return receive(raw)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(mails)) as doors:
        return list(doors.map(take, mails))


def test_one_mail_delivered_twenty_times_in_parallel_is_one_ticket_with_one_message():
    received_at_once([written()] * 20)

    assert Ticket.objects.count() == Message.objects.count() == Inbound.objects.count() == 1
    assert Inbound.objects.get().state == "ticketed"


def test_twenty_copies_by_twenty_ways_are_one_ticket_with_one_message():
    raw = written()

    received_at_once([with_route(raw, f"hop{number}.example") for number in range(20)])

    assert Ticket.objects.count() == Message.objects.count() == 1
    assert Inbound.objects.filter(rule="duplicate", state="dropped").count() == 19


def test_an_answer_delivered_twenty_times_in_parallel_is_one_message(ticket):
    raw = answering(ticket, "Once is enough.")

    received_at_once([with_route(raw, f"hop{number}.example") for number in range(10)] + [raw] * 10)

    assert ticket.messages.filter(text="Once is enough.").count() == 1


def test_twenty_strangers_at_once_are_twenty_tickets():
    mails = [written(sender=f"guest{number}@example.com") for number in range(20)]

    assert {inbound.state for inbound in received_at_once(mails)} == {"ticketed"}
    assert Ticket.objects.count() == 20
