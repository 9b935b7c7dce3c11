"""Rows that COPY stores are the rows that save() stores."""

import pytest
from django.db import IntegrityError, transaction

from common.copying import allotted, copy, give_keys
from tickets.choices import Priority, Status
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db

HARD = "tab\there, line\nbreak, back\\slash, \\N, 'quote', 中文 😀"


def a_ticket(dana, **values: object) -> Ticket:
    return Ticket(customer=dana, channel="mail", subject=HARD[:200], tags=["a,b", 'c"d', "中文", "{x}"], **values)


def stored(ticket: Ticket) -> dict[str, object]:
    ticket = Ticket.objects.get(pk=ticket.pk)
    return {
        field.name: getattr(ticket, field.attname)
        for field in Ticket._meta.concrete_fields
        if field.name not in ("id", "number")
    }


def test_a_copied_row_is_the_saved_row(dana):
    values = {"status": Status.OPEN, "priority": Priority.HIGH, "category_confidence": 0.25}
    saved, copied = a_ticket(dana, **values), a_ticket(dana, **values)
    copied.created_at, copied.last_message_at = saved.created_at, saved.last_message_at
    saved.save()
    give_keys([copied])
    copied.number = allotted("tickets_number", 1)[0]
    copy([copied])
    assert stored(copied) == stored(saved)


def test_particulars_keep_their_shape(ticket):
    told = {"from": None, "to": [1, {"x": HARD}], "sure": 0.5, "yes": True}
    event = Event(ticket=ticket, kind="status", actor="system", data=told)
    give_keys([event])
    copy([event])
    assert Event.objects.get(pk=event.pk).data == told


def test_keys_are_the_sequence_s_own(ticket):
    events = [Event(ticket=ticket, kind="status", actor="system") for _ in range(3)]
    give_keys(events)
    copy(events)
    later = Event.objects.create(ticket=ticket, kind="status", actor="system")
    keys = [event.pk for event in events]
    assert keys == sorted(set(keys))
    assert later.pk > keys[-1]


def test_a_row_that_has_a_key_keeps_it(ticket):
    event = Event(ticket=ticket, kind="status", actor="system", pk=7_000_000)
    give_keys([event])
    assert event.pk == 7_000_000


def test_a_broken_rule_of_the_database_is_told_as_always(ticket):
    event = ticket.events.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy([event])


def test_nothing_to_store_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        give_keys([])
        copy([])
