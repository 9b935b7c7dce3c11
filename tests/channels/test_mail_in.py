"""From raw bytes to a ticket, an answer, quarantine or the bin: each mail ends in exactly one state."""

import pytest
from django.test import override_settings

from channels import mail
from channels.mail import receive
from channels.models import Delivery, Inbound
from tests.channels.letters import answering, bounce_of, last_message, with_route, written
from tickets import links
from tickets.choices import Status
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db
State = Inbound.State


def test_a_strangers_mail_becomes_a_ticket_with_its_words_files_and_sender():
    inbound = receive(written("The Wi-Fi drops.", subject="Wi-Fi", files={"log.txt": b"10:00 down"}))

    assert inbound.state == State.TICKETED
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.channel, ticket.customer.address) == ("Wi-Fi", "mail", "dana@example.com")
    message = inbound.message
    assert message == ticket.messages.get()
    assert message.text == "The Wi-Fi drops."
    assert [(file.name, file.file.read()) for file in message.attachments.all()] == [("log.txt", b"10:00 down")]


def test_the_html_of_a_mail_is_cleaned_and_its_text_kept():
    raw = written("plain", html='<p>Hello <b>you</b></p><script>alert(1)</script><img src="https://spy.example/x.png">')

    message = receive(raw).message

    assert "<b>you</b>" in message.html
    assert "script" not in message.html
    assert "spy.example" not in message.html


def test_a_chinese_mail_makes_a_chinese_ticket_and_customer():
    inbound = receive(
        written("我的网络连接不稳定，晚上经常断线。", subject="网络断线", sender="张伟 <zhang@example.cn>")
    )

    assert inbound.ticket.language == inbound.ticket.customer.language == "zh-hans"
    assert inbound.ticket.customer.name == "张伟"


def test_the_bytes_are_kept_as_they_came():
    raw = written("Grüße").replace(b"\r\n", b"\n") + b"\x00\xff"

    inbound = receive(raw)

    assert bytes(Inbound.objects.get(pk=inbound.pk).raw) == raw


def test_danas_answer_to_the_signed_address_goes_into_her_ticket_and_reopens_it(ticket, alice):
    ticket.resolve(by=alice)

    inbound = receive(answering(ticket, "It is back again."))

    ticket.refresh_from_db()
    assert (inbound.state, inbound.ticket) == (State.APPENDED, ticket)
    assert last_message(ticket).text == "It is back again."
    assert last_message(ticket).channel == "mail"
    assert ticket.status == Status.OPEN


def test_danas_answer_is_recognised_by_our_message_id_alone(ticket, dana):
    ours = links.message_id(ticket.messages.get(), dana)

    inbound = receive(written("Yes, since Monday.", subject="Re: whatever", In_Reply_To=ours, References=ours))

    assert inbound.ticket == ticket


def test_quoted_words_of_ours_are_not_repeated_in_the_ticket(ticket):
    text = "Thanks, it works now.\n\nOn Mon, 2 Nov 2026 at 10:00, Alice <a@desk.example> wrote:\n> Please restart it."

    receive(answering(ticket, text))

    assert last_message(ticket).text == "Thanks, it works now."


def test_a_wrong_signature_opens_nothing_of_danas(ticket, dana):
    address = links.reply_address(ticket, dana)
    forged = address.replace(address.split("@")[0][-26:], "a" * 26)

    inbound = receive(answering(ticket, to=forged, sender="Mallory <mallory@evil.example>"))

    assert inbound.state == State.TICKETED
    assert inbound.ticket != ticket
    assert ticket.messages.count() == 1


def test_a_forged_message_id_with_the_right_ids_opens_nothing(ticket, dana):
    ours = links.message_id(ticket.messages.get(), dana)
    forged = ours[: ours.index("@") - 26] + "b" * 26 + ours[ours.index("@") :]

    inbound = receive(written(In_Reply_To=forged, References=forged))

    assert inbound.ticket != ticket


def test_a_ticket_number_in_a_subject_opens_nothing(ticket, erik):
    inbound = receive(written(sender="erik@example.com", subject=f"Re: hello [#{ticket.number}]"))

    assert inbound.state == State.TICKETED
    assert (inbound.ticket.customer, ticket.messages.count()) == (erik, 1)


def test_someone_else_who_holds_danas_reply_address_lands_in_quarantine(ticket):
    inbound = receive(answering(ticket, sender="no-reply@shop.example"))

    assert (inbound.state, inbound.rule) == (State.QUARANTINED, "other_sender")
    assert ticket.messages.count() == 1


def test_reply_to_and_sender_headers_say_nothing_about_who_wrote(dana):
    inbound = receive(written(sender="mallory@evil.example", Reply_To="dana@example.com", Sender="dana@example.com"))

    assert inbound.ticket.customer.address == "mallory@evil.example"


def test_after_a_manager_revoked_the_links_the_old_address_opens_nothing(ticket, mona):
    raw = answering(ticket)
    ticket.revoke_links(by=mona)

    assert receive(raw).ticket != ticket


def test_a_mail_that_our_server_calls_forged_waits_in_quarantine(ticket):
    told = "mx.desk.example; spf=pass smtp.mailfrom=x.example; dmarc=fail header.from=example.com"
    with override_settings(MAIL_AUTHSERV_ID="mx.desk.example"):
        inbound = receive(answering(ticket, Authentication_Results=told, Cc="spy@evil.example"))

    assert (inbound.state, inbound.rule) == (State.QUARANTINED, "spoofed")


def test_another_servers_word_on_forgery_counts_nothing(ticket):
    with override_settings(MAIL_AUTHSERV_ID="mx.desk.example"):
        inbound = receive(answering(ticket, Authentication_Results="mx.evil.example; dmarc=fail"))

    assert inbound.state == State.APPENDED


@pytest.mark.parametrize(
    "sender", ["", "undisclosed", "Dana <dana@example.com>, Erik <erik@example.com>", "d" * 400 + "@example.com"]
)
def test_a_mail_without_a_clear_sender_waits_in_quarantine(sender):
    inbound = receive(written().replace(b"From: Dana Fields <dana@example.com>", b"From: " + sender.encode()))

    assert inbound.state == State.QUARANTINED
    assert inbound.rule in ("no_sender", "doubtful_sender")


def test_our_own_mail_coming_back_is_dropped():
    inbound = receive(written(X_Helpdesk_Loop="support.localhost"))

    assert (inbound.state, inbound.rule) == (State.DROPPED, "loop")


@pytest.mark.parametrize("sender", ["support@support.localhost", "reply+1-2-x@support.localhost"])
def test_a_mail_that_claims_to_be_ours_is_dropped(sender):
    assert receive(written(sender=sender)).rule == "own_address"


def test_an_out_of_office_becomes_a_note_and_reopens_nothing(ticket, alice):
    ticket.resolve(by=alice)

    inbound = receive(answering(ticket, "I am away until Monday.", Auto_Submitted="auto-replied"))

    ticket.refresh_from_db()
    assert (inbound.state, ticket.status) == (State.APPENDED, Status.RESOLVED)
    assert not inbound.message.is_public
    assert "I am away until Monday." in inbound.message.text


def test_an_automatic_answer_to_nothing_of_ours_opens_no_ticket():
    inbound = receive(written(Auto_Submitted="auto-replied"))

    assert (inbound.state, inbound.rule) == (State.QUARANTINED, "auto_reply")
    assert not Ticket.objects.exists()


def test_a_mailing_list_may_open_a_ticket_that_gets_no_receipt():
    inbound = receive(written(List_Id="<friends.example.com>", Precedence="list"))

    assert inbound.state == State.TICKETED
    assert Event.objects.get(kind="opened").data == {"quiet": "automatic"}


def test_a_bounce_of_our_mail_is_told_on_its_ticket(ticket, dana, alice):
    message = ticket.reply("Please restart it.", by=alice).message
    delivery = Delivery.objects.create(
        message=message,
        customer=dana,
        address="dana@example.com",
        mail_id=links.message_id(message, dana),
        state="sent",
    )

    inbound = receive(bounce_of(delivery.mail_id))

    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert "5.1.1" in ticket.events.get(kind="delivery_failed").data["error"]
    assert (inbound.state, inbound.rule, inbound.ticket) == (State.APPENDED, "bounce", ticket)


def test_a_delayed_mail_is_no_failed_mail(ticket, dana, alice):
    message = ticket.reply("Please restart it.", by=alice).message
    delivery = Delivery.objects.create(
        message=message,
        customer=dana,
        address="dana@example.com",
        mail_id=links.message_id(message, dana),
        state="sent",
    )

    inbound = receive(bounce_of(delivery.mail_id, status="4.4.1"))

    delivery.refresh_from_db()
    assert (delivery.state, inbound.rule) == ("sent", "notice")


def test_a_bounce_of_a_mail_that_was_never_ours_is_dropped(ticket):
    inbound = receive(bounce_of("<m1.1001-1-aaaaaaaaaaaaaaaaaaaaaaaaaa@support.localhost>"))

    assert (inbound.state, inbound.rule) == (State.DROPPED, "foreign_bounce")
    assert not ticket.events.filter(kind="delivery_failed").exists()


def test_a_mail_that_says_nothing_waits_in_quarantine():
    assert receive(written("", subject="")).rule == "empty"


def test_an_empty_answer_waits_in_quarantine(ticket):
    assert receive(answering(ticket, "")).rule == "empty"


@override_settings(MAX_ATTACHMENT_BYTES=10, MAX_ATTACHMENTS=2)
def test_files_beyond_the_limits_are_named_and_stay_in_the_original():
    inbound = receive(written(files={"big.bin": b"x" * 11, "a.txt": b"a", "b.txt": b"b", "c.txt": b"c"}))

    message = inbound.message
    assert [file.name for file in message.attachments.all()] == ["a.txt", "b.txt"]
    assert "big.bin" in message.text
    assert "c.txt" in message.text
    assert b"big.bin" in bytes(inbound.raw)


@override_settings(MAX_MAIL_BYTES=2_000)
def test_a_mail_over_the_limit_is_stored_and_quarantined_unread():
    inbound = receive(written("x" * 3_000))

    assert (inbound.state, inbound.rule, inbound.sender) == (State.QUARANTINED, "too_large", "")
    assert len(inbound.raw) > 3_000


def test_the_same_bytes_twice_are_one_mail():
    raw = written()

    assert receive(raw) == receive(raw)
    assert Ticket.objects.count() == 1


def test_the_same_mail_by_another_way_is_dropped_as_a_duplicate():
    raw = written()
    receive(with_route(raw, "a.example"))

    again = receive(with_route(raw, "b.example"))

    assert (again.state, again.rule) == (State.DROPPED, "duplicate")
    assert Ticket.objects.count() == 1


def test_other_words_under_a_used_message_id_are_not_lost():
    receive(written("Ignore this.", sender="mallory@evil.example", Message_ID="<known@example.com>"))

    real = receive(written("My line is down.", Message_ID="<known@example.com>"))

    assert (real.state, real.rule) == (State.QUARANTINED, "message_id_reused")


def test_without_a_message_id_the_same_words_may_come_again_on_another_day(time_machine):
    raw = written(Message_ID="")
    time_machine.move_to("2026-11-20T12:00:00Z")
    assert receive(raw) == receive(raw)
    time_machine.move_to("2026-11-21T12:00:00Z")
    receive(raw)

    assert Ticket.objects.count() == 2


def test_hostile_names_never_become_headers_or_markup():
    inbound = receive(written(sender='"<script>alert(1)</script>" <eve@evil.example>', subject="<b>x</b>"))

    assert inbound.ticket.subject == "<b>x</b>"
    assert "\n" not in inbound.ticket.customer.name


def test_headers_of_ours_from_outside_change_nothing(ticket):
    inbound = receive(written(X_Helpdesk_Ticket=str(ticket.number), X_Helpdesk_Status="closed", X_Priority="1"))

    assert (inbound.ticket.status, inbound.ticket.priority) == (Status.NEW, 2)


class TestPoison:
    """A mail that breaks whoever reads it."""

    @pytest.fixture
    def stored(self) -> Inbound:
        raw = written()
        return Inbound.take(channel="mail", key=mail._key(raw), raw=raw)[0]

    @pytest.fixture
    def broken(self, settings, tmp_path):
        """The place for files is a file itself: storing an attachment raises an OSError."""
        (tmp_path / "media").write_text("")
        settings.MEDIA_ROOT = str(tmp_path / "media" / "below")

    def test_it_is_tried_three_times_and_then_waits_in_quarantine_with_the_reason(self, broken, time_machine):
        time_machine.move_to("2026-11-20T12:00:00Z", tick=False)
        inbound = receive(written(files={"a.txt": b"a"}))
        assert (inbound.state, inbound.attempts) == (State.STORED, 1)
        assert not Ticket.objects.exists()

        time_machine.shift(600)
        mail.process()
        time_machine.shift(600)
        mail.process()

        inbound.refresh_from_db()
        assert (inbound.state, inbound.rule, inbound.attempts) == (State.QUARANTINED, "unreadable", 3)
        assert "Error" in inbound.error

    def test_the_next_mail_goes_through_meanwhile(self, broken):
        receive(written(files={"a.txt": b"a"}))

        assert receive(written("no files")).state == State.TICKETED

    def test_one_whose_reader_dies_each_time_ends_in_quarantine_too(self, stored, time_machine):
        time_machine.move_to("2027-01-01T12:00:00Z", tick=False)
        for _ in range(Inbound.MOST_ATTEMPTS):  # readers that claimed it and were killed
            assert Inbound.claim(channel="mail") == stored
            assert Inbound.claim(channel="mail") is None, "it is held for the length of the lease"
            time_machine.shift(Inbound.LEASE.total_seconds() + 1)

        mail.process()

        stored.refresh_from_db()
        assert (stored.state, stored.rule) == (State.QUARANTINED, "unreadable")

    def test_one_whose_reader_died_once_is_read_by_the_sweeper(self, stored, time_machine):
        time_machine.move_to("2027-01-01T12:00:00Z", tick=False)
        Inbound.claim(channel="mail")
        time_machine.shift(Inbound.LEASE.total_seconds() + 1)

        assert mail.process()

        stored.refresh_from_db()
        assert stored.state == State.TICKETED
