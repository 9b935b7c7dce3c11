"""What people do with a ticket, and what history keeps of it."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from tests.conftest import opened_by
from tickets.actors import MODEL
from tickets.choices import ActorKind, Priority, Status
from tickets.errors import EmptyMessage
from tickets.models import Ticket
from tickets.uploads import upload


def kinds(ticket):
    return list(ticket.events.order_by("pk").values_list("kind", flat=True))


def test_a_ticket_opens_with_its_first_message_and_its_history(dana):
    ticket = opened_by(dana, "No signal", "The router shows a red light.")
    assert (ticket.status, ticket.last_message_preview) == (Status.NEW, "The router shows a red light.")
    event = ticket.events.get()
    assert (event.kind, event.customer, event.message.text) == (
        "opened",
        dana,
        "The router shows a red light.",
    )


def test_numbers_come_from_a_sequence_and_are_not_the_primary_key(dana):
    first, second = opened_by(dana), opened_by(dana)
    assert second.number == first.number + 1
    assert first.number > 1000


def test_a_reply_waits_for_the_customer_and_takes_an_unassigned_ticket(ticket, alice):
    ticket.reply("Please restart it.", by=alice)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee, ticket.last_message_by) == (
        Status.WAITING,
        alice,
        ActorKind.PERSON,
    )
    assert kinds(ticket)[-3:] == ["replied", "status", "assignee"]


def test_a_reply_leaves_an_assigned_ticket_with_its_assignee(ticket, alice, bob):
    ticket.assign(bob, by=alice)
    ticket.reply("I looked into it for Bob.", by=alice)
    ticket.refresh_from_db()
    assert ticket.assignee == bob


def test_the_same_key_sends_a_reply_once(ticket, alice):
    key = uuid4()
    assert ticket.reply("Hello", by=alice, key=key)
    assert ticket.reply("Hello", by=alice, key=key) is None
    assert ticket.messages.filter(key=key).count() == 1


def test_an_empty_message_is_refused_with_what_to_do(ticket, alice):
    with pytest.raises(EmptyMessage, match="Write something"):
        ticket.reply("  \n ", by=alice)


def test_a_file_alone_is_a_message(ticket, alice):
    ticket.note("", by=alice, files=[upload("log.txt", b"12:00 link down")])
    attachment = ticket.messages.latest("pk").attachments.get()
    assert (attachment.name, attachment.content_type, attachment.size) == ("log.txt", "text/plain", 15)
    assert "log" not in attachment.file.name


def test_a_note_is_not_public_and_leaves_the_list_as_it_was(ticket, alice):
    before = ticket.last_message_preview
    ticket.note("He is a VIP.", by=alice)
    ticket.refresh_from_db()
    assert ticket.last_message_preview == before
    assert not ticket.messages.get(text="He is a VIP.").is_public


def test_the_customers_answer_reopens_what_was_resolved(ticket, alice, dana):
    ticket.resolve(by=alice)
    ticket.answer("It happens again.", by=dana, channel="mail")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolved_at) == (Status.OPEN, None)
    assert kinds(ticket)[-2:] == ["answered", "status"]


def test_the_customers_answer_leaves_a_ticket_on_hold_on_hold(ticket, alice, dana):
    ticket.set_status(Status.HOLD, by=alice)
    ticket.answer("Any news?", by=dana, channel="mail")
    ticket.refresh_from_db()
    assert ticket.status == Status.HOLD


def test_assigning_a_new_ticket_opens_it_and_twice_is_once(ticket, alice, bob):
    assert ticket.assign(bob, by=alice)
    assert ticket.assign(bob, by=alice) is None
    assert ticket.status == Status.OPEN
    assert kinds(ticket).count("assignee") == 1


def test_a_ticket_sent_to_another_team_leaves_its_assignee(ticket, alice, bob, billing_team):
    ticket.assign(bob, by=alice)
    ticket.send_to(billing_team, by=alice)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (billing_team, None)


def test_a_category_remembers_who_chose_it_and_how_sure_they_were(ticket, categories):
    event = ticket.categorise(categories["wifi"], by=MODEL, confidence=0.934)
    ticket.refresh_from_db()
    assert (ticket.category_by, ticket.category_confidence) == (ActorKind.MODEL, 0.934)
    assert (event.actor, event.data["confidence"]) == ("model", 0.934)


def test_choosing_what_the_model_chose_confirms_it(ticket, alice, categories):
    ticket.categorise(categories["wifi"], by=MODEL, confidence=0.8)
    event = ticket.categorise(categories["wifi"], by=alice)
    assert event.kind == "category_confirmed"
    assert Ticket.objects.get(pk=ticket.pk).category_by == ActorKind.PERSON


def test_priority_and_tags_are_kept_with_what_they_were_before(ticket, alice):
    assert ticket.set_priority(Priority.URGENT, by=alice).data == {"from": 2, "to": 4}
    ticket.set_tags(["vip", " wifi "], by=alice)
    assert ticket.set_tags(["vip"], by=alice).data == {"added": [], "removed": ["wifi"]}


def test_an_unknown_status_is_refused(ticket, alice):
    with pytest.raises(ValueError, match="paused"):
        ticket.set_status("paused", by=alice)


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_change_different_things_at_once_lose_nothing(dana, alice, bob):
    ticket = opened_by(dana)
    both = threading.Barrier(2)

    def act(change):
        mine = Ticket.objects.get(pk=ticket.pk)
        both.wait()
        change(mine)
        connection.close()

    threads = [
        threading.Thread(target=act, args=(lambda t: t.set_priority(Priority.HIGH, by=alice),)),
        threading.Thread(target=act, args=(lambda t: t.set_tags(["vip"], by=bob),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.tags) == (Priority.HIGH, ["vip"])


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_assign_at_once_leave_one_line_of_history(dana, alice, bob):
    ticket = opened_by(dana)
    both = threading.Barrier(2)

    def take():
        mine = Ticket.objects.get(pk=ticket.pk)
        both.wait()
        mine.assign(bob, by=alice)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds(ticket).count("assignee") == 1
