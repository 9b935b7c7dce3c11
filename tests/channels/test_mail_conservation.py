"""Hundreds of real and hostile mails through the door: each is settled at the first try, and none is lost."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from channels.mail import receive
from channels.models import Delivery, Inbound
from tests.shared import shared_path
from tickets.models import Message, Ticket
from tickets.work import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> tuple[Path, list[dict]]:
    folder = shared_path("data/mail")
    rows = [json.loads(line) for line in (folder / "expectations.jsonl").read_text().splitlines()]
    return folder, [row for row in rows if row["input"] == "mime"]


def test_every_mail_of_the_corpus_ends_in_one_state(corpus):
    folder, rows = corpus
    mails = {row["file"]: (folder / row["file"]).read_bytes() for row in rows}
    assert len(mails) > 200

    settled, seconds = {}, {}
    for name, raw in mails.items():
        start = time.perf_counter()
        settled[name] = receive(raw)
        seconds[name] = time.perf_counter() - start

    assert {name: taken for name, taken in seconds.items() if taken > 5} == {}
    assert {name: mail.error for name, mail in settled.items() if mail.state == "stored" or mail.attempts > 1} == {}
    assert {name for name, mail in settled.items() if bytes(mail.raw) != mails[name]} == set()
    states = Counter(Inbound.objects.values_list("state", flat=True))
    assert sum(states.values()) == len(set(mails.values()))
    assert states["ticketed"] == Ticket.objects.count() == Message.objects.count()
    assert not Message.objects.filter(html__iregex=r"<(script|iframe|img|form|style)\b|javascript:").exists()


def test_no_mail_that_must_not_be_answered_gets_a_receipt(corpus, settings):
    settings.SUPPORT_ADDRESS = "support@example.com"  # some of them claim to be us
    folder, rows = corpus
    silent = [row["file"] for row in rows if row.get("must_not_autoreply")]
    assert silent

    for name in silent:
        receive((folder / name).read_bytes())
    work_off("deliver", most=1000)

    assert not Delivery.objects.exists()
