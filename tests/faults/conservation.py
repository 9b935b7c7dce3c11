"""Nothing accepted is lost, nothing is done twice: asked of the database after every fault."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from channels.models import Delivery, Inbound
from tests.faults.customers import Form
from tickets.models import Event, Message, Pending, Ticket
from triage.models import Suggestion

FINAL = {"ticketed", "appended", "quarantined", "dropped"}


def seconds_until(condition: Callable[[], object], patience: float) -> float:
    """How long it took to come true; an AssertionError after `patience` seconds."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < patience, f"not within {patience:.0f} s: {_state()}"
        time.sleep(0.1)
    return time.monotonic() - started


def is_settled() -> bool:
    """Every raw message is read, every debt of history paid, every mail out."""
    waiting = Delivery.objects.filter(state__in=["queued", "sending"])
    return not (Inbound.objects.unfinished().exists() or Pending.objects.exists() or waiting.exists())


def assert_conserved(forms: Iterable[Form], mails: Iterable[bytes] = ()) -> None:
    """Every accepted form and mail is a ticket of its own, nothing else is, and no debt is older than a minute.

    What an import brought in does not count.
    """
    forms, mails = set(forms), set(mails)
    states = Counter(Inbound.objects.values_list("state", flat=True))
    assert set(states) <= FINAL, states
    tickets = Ticket.objects.filter(channel__in=["form", "mail"])
    assert states["ticketed"] == tickets.count() == Event.objects.filter(kind="opened", ticket__in=tickets).count()
    said = Message.objects.filter(author="customer", ticket__in=tickets)
    assert said.count() == states["ticketed"] + states["appended"]
    taken = Inbound.objects.filter(state="ticketed", ticket__isnull=False)
    assert {form.key for form in forms} <= set(taken.filter(channel="form").values_list("key", flat=True))
    digests = {hashlib.sha256(raw).hexdigest() for raw in mails}
    assert digests <= set(taken.filter(channel="mail").values_list("digest", flat=True))
    assert states["ticketed"] == len(forms) + len(mails)
    assert not Pending.objects.filter(event__at__lt=timezone.now() - timedelta(seconds=60)).exists()


def assert_triaged_and_told() -> None:
    """Triage looked at every ticket once, and one receipt went out for each."""
    tickets = Ticket.objects.count()
    assert Suggestion.objects.filter(target="category").count() == tickets
    assert Delivery.objects.filter(state="sent", kind="receipt").count() == tickets


def _state() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT consumer, attempts, error FROM tickets_pending LIMIT 5")
        pending = cursor.fetchall()
    return f"{Pending.objects.count()} pending, such as {pending}"
