"""Importer and simulator write many tickets at once, and history cannot tell."""

from datetime import UTC, datetime, timedelta

import time_machine

from tickets.actors import MODEL, SYSTEM
from tickets.book import BulkBook, writing_in
from tickets.choices import Priority, Status
from tickets.intake import Incoming, receive, receive_in_bulk
from tickets.models import Pending, Survey, Ticket
from tickets.search import search

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def life(ticket, at, *, dana, alice, bob, network_team, category):
    """One ticket's life told as steps; `at(minutes)` moves the clock."""
    at(1)
    ticket.categorise(category, by=MODEL, confidence=0.91)
    ticket.send_to(network_team, by=MODEL)
    ticket.set_priority(Priority.HIGH, by=MODEL)
    at(10)
    ticket.assign(bob, by=alice)
    ticket.note("Looks like the firmware.", by=bob)
    at(30)
    ticket.reply("Please update to 3.2.", by=bob)
    at(90)
    ticket.answer("That helped, 谢谢!", by=dana, channel="mail")
    at(95)
    ticket.set_tags(["firmware"], by=bob)
    ticket.resolve(by=bob)
    at(180)
    ticket.ask_opinion(by=SYSTEM)
    at(200)
    ticket.rate(4, by=dana)
    at(205)
    ticket.rate(4, "Quick help.", by=dana)


def told(ticket):
    """Everything history, the row and the survey say, without ids."""
    fields = [
        "status", "priority", "priority_by", "category_id", "category_by", "category_confidence", "team_id", "team_by",
        "assignee_id", "tags", "language", "resolved_at", "last_message_at", "last_message_preview", "last_message_by",
        "created_at", "subject", "channel",
    ]  # fmt: skip
    events = [
        (
            e.kind,
            e.actor,
            e.user_id,
            e.customer_id,
            e.data,
            e.at,
            e.message and (e.message.text, e.message.created_at),
        )
        for e in ticket.events.select_related("message").order_by("pk")
    ]
    survey = Survey.objects.filter(ticket=ticket).values(
        "state", "language", "asked_at", "score", "comment", "answered_at"
    )
    return {name: getattr(ticket, name) for name in fields}, events, list(survey)


def test_both_doors_leave_the_same_history(dana, alice, bob, network_team, categories):
    people = {
        "dana": dana,
        "alice": alice,
        "bob": bob,
        "network_team": network_team,
        "category": categories["wifi"],
    }
    words = {"channel": "mail", "customer": dana, "subject": "Drops", "text": "It drops at night."}
    with time_machine.travel(START, tick=False) as clock:
        live = receive(Incoming(**words))
        life(live, lambda minutes: clock.move_to(START + timedelta(minutes=minutes)), **people)

    book = BulkBook()
    bulk = receive_in_bulk(Incoming(**words, at=START), book)

    def at(minutes):
        book.clock = START + timedelta(minutes=minutes)

    with writing_in(book):
        life(bulk, at, **people)
    book.store()

    assert told(Ticket.objects.get(pk=bulk.pk)) == told(Ticket.objects.get(pk=live.pk))


def test_stored_histories_are_found_and_owe_nobody_anything(dana, alice):
    book = BulkBook()
    ticket = receive_in_bulk(
        Incoming(channel="import", customer=dana, subject="Old outage", text="光猫红灯", at=START), book
    )
    with writing_in(book):
        ticket.reply("Fixed the line.", by=alice, then=Status.RESOLVED)
    book.store()
    assert [hit.ticket.number for hit in search("光猫", alice).hits] == [ticket.number]
    assert not Pending.objects.exists()
    assert book.tickets == []
