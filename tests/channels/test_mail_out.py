"""From an agent's reply to a mail in the customer's postbox, by a real SMTP server."""

import smtplib
from email.message import EmailMessage

import pytest
from django.test import override_settings
from django.utils import timezone

from channels import outgoing
from channels.mail import receive
from channels.models import Delivery, Inbound, Letter
from people.models import Customer, Identity
from tests.channels.letters import answering, last_message, written
from tests.conftest import opened_by
from tests.processes import free_port
from tickets import links
from tickets.models import Ticket
from tickets.uploads import upload
from tickets.work import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet_ticket(ticket) -> Ticket:
    """Dana's ticket whose receipt is out of the way."""
    work_off("deliver")
    Delivery.objects.all().delete()
    return ticket


def send() -> None:
    work_off("deliver")
    outgoing.send_due()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


def test_alices_reply_reaches_dana_with_her_words_and_the_link(quiet_ticket, alice, dana, postbox):
    quiet_ticket.reply("Please restart the router.", by=alice)

    send()

    (mail,) = postbox.taken
    assert mail["To"] == "dana@example.com"
    assert mail["Subject"] == f"Re: Wi-Fi drops every evening [#{quiet_ticket.number}]"
    assert mail["From"] == "Alice · Helpdesk <support@support.localhost>"
    assert "Please restart the router." in text_of(mail)
    assert links.page_url(quiet_ticket, dana) in text_of(mail)
    assert links.page_url(quiet_ticket, dana) in text_of(mail, "html")
    assert Delivery.objects.get().state == "sent"


def test_the_reply_carries_its_files(quiet_ticket, alice, postbox):
    quiet_ticket.reply("See the plan.", by=alice, files=[upload("plan.txt", b"step one")])

    send()

    (file,) = postbox.taken[0].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("plan.txt", "step one")


def test_a_mail_program_can_thread_the_conversation(alice, postbox, network_team):
    inbound = receive(written(Message_ID="<first@example.com>"))
    inbound.ticket.reply("One.", by=alice)
    send()
    receive(answering(inbound.ticket, "Two.", Message_ID="<second@example.com>"))
    inbound.ticket.reply("Three.", by=alice)

    send()

    receipt, first, second = sorted(postbox.taken, key=lambda mail: len(mail.get("References", "").split()))
    assert receipt["In-Reply-To"] == "<first@example.com>"
    assert first["In-Reply-To"] in ("<first@example.com>", receipt["Message-ID"])
    assert second["In-Reply-To"] == "<second@example.com>"
    assert second["References"].split()[-2:] == [first["Message-ID"], "<second@example.com>"]
    assert len({receipt["Message-ID"], first["Message-ID"], second["Message-ID"]}) == 3


def test_an_answer_to_the_mail_that_was_sent_finds_its_ticket(quiet_ticket, alice, postbox):
    quiet_ticket.reply("Please restart the router.", by=alice)
    send()
    mail = postbox.taken[0]

    inbound = receive(
        written("Done.", to=str(mail["Reply-To"]), In_Reply_To=mail["Message-ID"], References=mail["Message-ID"])
    )

    assert inbound.ticket == quiet_ticket
    assert last_message(quiet_ticket).text == "Done."


def test_a_customer_who_reads_chinese_gets_a_chinese_mail(alice, postbox):
    wei = Customer.with_address("wei@example.cn", language="zh-hans")
    opened_by(wei, "网络断线", "晚上断线")

    send()

    (mail,) = postbox.taken
    assert '<html lang="zh-hans">' in text_of(mail, "html")


def test_notes_stay_in_the_house(quiet_ticket, alice, postbox):
    quiet_ticket.note("She is upset.", by=alice)

    send()

    assert not postbox.taken
    assert not Delivery.objects.exists()


def test_a_customer_without_a_mail_address_is_sent_nothing(alice, postbox):
    ticket = opened_by(Customer.objects.create(name="Walk-in"))
    ticket.reply("Hello.", by=alice)

    send()

    assert not Delivery.objects.exists()


def test_nothing_in_a_name_or_subject_becomes_a_header(alice, postbox):
    alice.first_name, alice.last_name = "Alice\r\nBcc: spy@evil.example", '"<x@evil.example>'
    alice.save()
    ticket = opened_by(Customer.with_address("dana@example.com"))
    Ticket.objects.filter(pk=ticket.pk).update(subject="Hi\r\nBcc: spy@evil.example\x0b\x85")
    ticket.refresh_from_db()
    ticket.reply("Hello.", by=alice)

    send()

    for mail in postbox.taken:
        assert "Bcc" not in mail
        assert [address.addr_spec for address in mail["From"].addresses] == ["support@support.localhost"]
    assert len(postbox.taken) == 2


def test_a_strangers_message_id_cannot_break_our_headers(alice, postbox):
    inbound = receive(written())
    Inbound.objects.filter(pk=inbound.pk).update(external_id="a@b>\r\nBcc: <spy@evil.example")
    inbound.ticket.reply("Hello.", by=alice)

    send()

    assert len(postbox.taken) == 2
    assert all("Bcc" not in mail and "spy@evil" not in str(mail["References"]) for mail in postbox.taken)


class TestReceipts:
    def test_a_new_ticket_is_acknowledged_without_a_word_of_the_submitters(self, postbox):
        victim = Customer.with_address("victim@example.com", name="BUY PILLS at spam.example")
        ticket = opened_by(victim, "CHEAP PILLS", "Visit https://spam.example now")

        send()

        (mail,) = postbox.taken
        whole = mail.as_string() + text_of(mail) + text_of(mail, "html")
        assert "spam.example" not in whole
        assert "PILLS" not in whole
        assert f"#{ticket.number}" in mail["Subject"]
        assert links.page_url(ticket, victim) in text_of(mail)

    def test_it_says_that_a_machine_wrote_it(self, ticket, postbox):
        send()

        (mail,) = postbox.taken
        assert mail["Auto-Submitted"] == "auto-replied"
        assert mail["X-Auto-Response-Suppress"] == "All"
        assert mail["X-Helpdesk-Loop"] == "support.localhost"

    def test_a_reply_by_a_person_does_not(self, quiet_ticket, alice, postbox):
        quiet_ticket.reply("Hello.", by=alice)
        send()

        assert "Auto-Submitted" not in postbox.taken[0]

    def test_an_unverified_address_gets_three_an_hour_however_many_tickets_name_it(self, postbox):
        for _ in range(20):
            opened_by(Customer.with_address("victim@example.com"))

        send()

        assert len(postbox.taken) == 3

    @pytest.mark.parametrize(
        "headers",
        [{"Auto_Submitted": "auto-generated"}, {"List_Id": "<l.example.com>"}, {"Precedence": "bulk"}],
    )
    def test_automatic_mail_gets_none(self, headers, postbox):
        receive(written(**headers))

        send()

        assert not postbox.taken

    def test_our_receipt_coming_back_opens_nothing_and_is_not_answered(self, ticket, postbox):
        send()
        receive(postbox.taken[0].as_bytes())

        send()

        assert len(postbox.taken) == 1
        assert Ticket.objects.count() == 1

    @pytest.mark.parametrize("address", ["no-reply@shop.example", "mailer-daemon@mx.example"])
    def test_robots_get_none(self, address, postbox):
        opened_by(Customer.with_address(address))

        send()

        assert not postbox.taken

    def test_our_own_address_typed_into_the_form_gets_none(self, postbox):
        opened_by(Customer.with_address("support@support.localhost"))

        send()

        assert not Delivery.objects.exists()


class TestFailures:
    @pytest.fixture
    def replied(self, quiet_ticket, alice) -> Delivery:
        quiet_ticket.reply("Please restart the router.", by=alice)
        work_off("deliver")
        return Delivery.objects.get()

    def test_a_greylisting_server_is_asked_again_later_with_the_same_message_id(self, replied, postbox, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        postbox.answers = ["451 try again later"]
        outgoing.send_due()
        replied.refresh_from_db()
        assert (replied.state, replied.attempts) == ("queued", 1)
        assert "451" in replied.error
        outgoing.send_due()
        assert not postbox.taken, "not before its time"

        time_machine.shift(60)
        outgoing.send_due()

        (mail,) = postbox.taken
        assert mail["Message-ID"] == replied.mail_id

    @pytest.mark.parametrize("answer", ["550 no such mailbox", "554 rejected as spam"])
    def test_a_refused_mail_is_told_on_the_ticket_and_not_tried_again(self, replied, postbox, answer):
        postbox.answers = [answer]
        outgoing.send_due()

        replied.refresh_from_db()
        event = replied.message.ticket.events.get(kind="delivery_failed")
        assert (replied.state, event.data["address"]) == ("failed", "dana@example.com")
        assert answer in event.data["error"]
        assert outgoing.send_due() == 0

    def test_the_failure_is_a_line_of_its_own_below_the_reply(self, replied, postbox, alice_client):
        postbox.refuses = {"dana@example.com": "550 5.1.1 user unknown"}
        outgoing.send_due()

        page = alice_client.get(f"/inbox/{replied.message.ticket.number}/").content.decode()
        assert page.count("Please restart the router.</p>") == 1
        assert "could not deliver the message to dana@example.com: " in page

    def test_a_refused_recipient_is_told_on_the_ticket(self, replied, postbox):
        postbox.refuses = {"dana@example.com": "550 5.1.1 user unknown"}
        outgoing.send_due()

        assert replied.message.ticket.events.filter(kind="delivery_failed").exists()

    def test_a_recipient_refused_for_now_is_tried_again(self, replied, postbox):
        postbox.refuses = {"dana@example.com": "452 mailbox full"}
        outgoing.send_due()

        replied.refresh_from_db()
        assert replied.state == "queued"

    def test_a_server_that_is_away_loses_nothing(self, replied):
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port()):
            outgoing.send_due()

        replied.refresh_from_db()
        assert replied.state == "queued"
        assert "ConnectionRefusedError" in replied.error

    def test_after_eight_tries_in_about_a_day_the_ticket_says_so(self, replied, postbox, time_machine):
        start = timezone.now()
        time_machine.move_to(start, tick=False)
        postbox.answers = ["451 not now"] * 8
        tries = 0
        while replied.state == "queued":
            time_machine.move_to(replied.due_at, tick=False)
            tries += outgoing.send_due()
            replied.refresh_from_db()

        assert tries == 8
        assert 20 < (timezone.now() - start).total_seconds() / 3600 < 28
        assert replied.message.ticket.events.filter(kind="delivery_failed").count() == 1

    def test_an_address_no_server_can_write_to_fails_at_once(self, quiet_ticket, alice, postbox):
        Identity.objects.filter(value="dana@example.com").update(value="no address at all@@")
        quiet_ticket = Ticket.objects.get(pk=quiet_ticket.pk)
        quiet_ticket.reply("Hello.", by=alice)
        send()

        assert Delivery.objects.get().state == "failed"

    def test_one_broken_mail_does_not_stop_the_next(self, quiet_ticket, alice, erik, postbox):
        event = quiet_ticket.reply("See the plan.", by=alice, files=[upload("plan.txt", b"one")])
        event.message.attachments.get().file.delete(save=False)
        opened_by(erik)

        send()

        assert [mail["To"] for mail in postbox.taken] == ["erik@example.com"]
        assert event.message.deliveries.get().state == "queued"

    def test_what_a_dead_sender_held_is_sent_once_its_lease_is_over(self, replied, postbox, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        Delivery.claim()  # and then the process was killed
        outgoing.send_due()
        assert not postbox.taken

        time_machine.shift(Delivery.LEASE.total_seconds() + 1)
        outgoing.send_due()

        assert len(postbox.taken) == 1

    def test_a_missing_sign_in_at_our_own_server_is_no_fault_of_the_mail(self):
        error = smtplib.SMTPSenderRefused(530, b"sign in first", "support@support.localhost")

        assert outgoing._judged(error, error.smtp_code, error.smtp_error) is error


class TestSignInLetter:
    def test_it_carries_the_link_in_the_customers_language_and_then_forgets_it(self, dana, postbox):
        letter = outgoing.send_sign_in_link(dana.identities.get(), "https://desk.example/my/secret/")

        outgoing.send_due()

        (mail,) = postbox.taken
        assert mail["To"] == "dana@example.com"
        assert "https://desk.example/my/secret/" in text_of(mail)
        assert "https://desk.example/my/secret/" in text_of(mail, "html")
        letter.refresh_from_db()
        assert (letter.state, letter.url) == ("sent", "")

    def test_one_whose_link_has_expired_is_not_sent(self, dana, postbox):
        letter = outgoing.send_sign_in_link(dana.identities.get(), "https://desk.example/my/secret/")
        Letter.objects.update(created_at=timezone.now() - Letter.LIFE * 2)

        outgoing.send_due()

        letter.refresh_from_db()
        assert (postbox.taken, letter.state, letter.url) == ([], "failed", "")
