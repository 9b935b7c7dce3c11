"""The managers' page of mail that was set aside. Nothing there is ever deleted."""

import pytest
from django.test import override_settings
from django.urls import reverse

from channels.mail import receive
from channels.models import Inbound
from tests.channels.letters import answering, last_message, written
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def from_another(ticket) -> Inbound:
    """Erik's words to Dana's reply address."""
    return receive(answering(ticket, "I am her brother.", sender="Erik Holm <erik@example.com>"))


def address(name: str, inbound: Inbound) -> str:
    return reverse(f"channels:{name}", args=[inbound.pk])


def test_mona_sees_sender_subject_rule_and_first_words(mona_client, from_another):
    page = mona_client.get(reverse("channels:quarantine")).content.decode()

    assert "erik@example.com" in page
    assert "I am her brother." in page
    assert "It answers a ticket of someone else" in page


def test_the_list_costs_the_same_for_few_and_many(mona_client, django_assert_max_num_queries):
    for number in range(30):
        Inbound.objects.create(channel="mail", key=str(number), digest="", raw=b"", state="quarantined", rule="empty")

    with django_assert_max_num_queries(10):
        mona_client.get(reverse("channels:quarantine"))


def test_agents_and_strangers_find_no_quarantine(alice_client, client, from_another):
    for name in ("set_aside", "raw"):
        assert alice_client.get(address(name, from_another)).status_code == 404
        assert client.get(address(name, from_another)).status_code == 302
    for name in ("make_ticket", "append", "drop", "read_again"):
        assert alice_client.post(address(name, from_another)).status_code == 404
    assert alice_client.get(reverse("channels:quarantine")).status_code == 404


def test_mona_reads_one_without_its_scripts_and_remote_images(mona_client):
    raw = written(
        html='<p>hi</p><script>alert(1)</script><img src="https://spy.example/x">', Auto_Submitted="auto-replied"
    )
    inbound = receive(raw)

    page = mona_client.get(address("set_aside", inbound)).content.decode()

    assert "<p>hi</p>" in page
    assert "alert(1)" not in page
    assert "spy.example" not in page


def test_mona_makes_a_ticket_of_it_in_the_senders_name(mona_client, mona, from_another, ticket):
    response = mona_client.post(address("make_ticket", from_another))

    made = Ticket.objects.exclude(pk=ticket.pk).get()
    assert response.url == made.get_absolute_url()
    assert made.customer.address == "erik@example.com"
    from_another.refresh_from_db()
    assert (from_another.state, from_another.ticket, from_another.decided_by) == ("ticketed", made, mona)
    assert Event.objects.get(ticket=made, kind="opened").user == mona


def test_mona_adds_it_to_the_ticket_it_claims_under_the_name_of_who_sent_it(mona_client, from_another, ticket, erik):
    mona_client.post(address("append", from_another))

    assert last_message(ticket).text == "I am her brother."
    assert last_message(ticket).customer == erik


def test_what_claims_no_ticket_cannot_be_added_to_one(mona_client):
    inbound = receive(written(Auto_Submitted="auto-replied"))

    assert mona_client.post(address("append", inbound)).status_code == 409
    inbound.refresh_from_db()
    assert inbound.state == "quarantined"


def test_mona_drops_it_and_still_finds_it_among_the_dropped(mona_client, mona, from_another):
    mona_client.post(address("drop", from_another))

    from_another.refresh_from_db()
    assert (from_another.state, from_another.rule, from_another.decided_by) == ("dropped", "other_sender", mona)
    assert "erik@example.com" in mona_client.get(reverse("channels:quarantine") + "?state=dropped").content.decode()
    assert "erik@example.com" not in mona_client.get(reverse("channels:quarantine")).content.decode()


def test_a_mail_is_decided_once(mona_client, from_another):
    mona_client.post(address("make_ticket", from_another))

    assert mona_client.post(address("make_ticket", from_another)).status_code == 409
    assert Ticket.objects.count() == 2


def test_a_dropped_mail_may_become_a_ticket_after_all(mona_client):
    inbound = receive(written("Not ours after all.", X_Helpdesk_Loop="support.localhost"))

    mona_client.post(address("make_ticket", inbound))

    assert Ticket.objects.get().messages.get().text == "Not ours after all."


def test_a_mail_without_a_sender_becomes_a_ticket_of_a_nameless_customer(mona_client):
    inbound = receive(written("Who am I?").replace(b"From: Dana Fields <dana@example.com>\r\n", b""))

    mona_client.post(address("make_ticket", inbound))

    assert Ticket.objects.get().customer.address == ""


def test_the_original_comes_as_a_download_byte_for_byte(mona_client, from_another):
    response = mona_client.get(address("raw", from_another))

    assert response.content == bytes(from_another.raw)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_mail_that_was_too_large_is_not_read_in_the_page_but_can_be_read_again(mona_client):
    with override_settings(MAX_MAIL_BYTES=100):
        inbound = receive(written("Large."))
    assert mona_client.get(address("set_aside", inbound)).status_code == 200
    assert mona_client.post(address("make_ticket", inbound)).status_code == 409

    mona_client.post(address("read_again", inbound))

    inbound.refresh_from_db()
    assert (inbound.state, inbound.attempts) == ("stored", 0)


def test_mail_that_went_its_way_is_not_in_the_quarantine(mona_client):
    inbound = receive(written())

    assert mona_client.get(address("set_aside", inbound)).status_code == 404
    assert mona_client.get(address("raw", inbound)).status_code == 404


def test_a_released_mail_is_not_answered_by_itself(mona_client, from_another):
    mona_client.post(address("make_ticket", from_another))

    assert Event.objects.filter(kind="opened").latest("pk").data == {"quiet": "released"}
