"""From a solved ticket to the mail with five faces, and from a low score to the colleague who should know."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import transaction

from channels import outgoing
from channels.mail import receive
from channels.models import Delivery, Notice
from people.models import Customer
from tests.channels.letters import answering, bounce_of, last_message, written
from tests.conftest import member, opened_by
from tickets import links, surveys
from tickets.actors import SYSTEM
from tickets.models import Pending, Survey, SurveySettings, Ticket
from tickets.work import work_off

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def solved(time_machine, network_team, alice, dana) -> Ticket:
    """Solved at noon; the receipt is out of the way."""
    time_machine.move_to(NOON, tick=False)
    ticket = opened_by(dana, "Wi-Fi drops every evening")
    ticket.send_to(network_team, by=alice)
    work_off("deliver")
    Delivery.objects.all().delete()
    ticket.resolve(by=alice)
    return ticket


@pytest.fixture
def asked(solved) -> Ticket:
    """Dana has the mail with the faces, as far as we know."""
    solved.ask_opinion(by=SYSTEM)
    work_off("deliver")
    Notice.objects.update(state="sent")
    return solved


def house_works() -> None:
    """What beat and the workers do within a minute."""
    surveys.ask_due()
    work_off("deliver")
    outgoing.send_due()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


class TestTheSurvey:
    def test_an_hour_later_dana_has_one_mail_with_five_faces(self, solved, dana, postbox, time_machine):
        house_works()
        assert not postbox.taken

        time_machine.shift(timedelta(hours=1))
        house_works()

        (mail,) = postbox.taken
        assert mail["To"] == "dana@example.com"
        assert mail["Subject"] == f"How did we do? [#{solved.number}]"
        address = re.escape(links.rating_url(solved, dana))
        for kind in ("plain", "html"):
            assert re.findall(rf"{address}\?score=(\d)", text_of(mail, kind)) == list("12345")
            for word in ("Very bad", "Bad", "So-so", "Good", "Very good"):
                assert word in text_of(mail, kind)

    def test_however_often_the_house_works_there_is_one(self, solved, alice, postbox, time_machine):
        for _ in range(3):
            time_machine.shift(timedelta(hours=1))
            house_works()
            solved.reopen(by=alice)
            solved.resolve(by=alice)
        assert len(postbox.taken) == 1

    def test_it_says_that_a_machine_wrote_it_and_can_be_answered(self, solved, postbox, time_machine):
        time_machine.shift(timedelta(hours=1))
        house_works()
        (mail,) = postbox.taken
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["X-Auto-Response-Suppress"] == "All"
        assert mail["X-Helpdesk-Loop"] == "support.localhost"

        inbound = receive(
            written(
                "Not solved!", to=str(mail["Reply-To"]), In_Reply_To=mail["Message-ID"], References=mail["Message-ID"]
            )
        )

        assert inbound.ticket == solved
        assert last_message(solved).text == "Not solved!"

    def test_mail_programs_show_it_in_the_conversation(self, solved, alice, postbox, time_machine):
        receive(answering(solved, "Hello?", Message_ID="<hello@example.com>"))
        solved.reply("Fixed.", by=alice, then="resolved")
        time_machine.shift(timedelta(hours=1))
        house_works()
        reply, survey = sorted(postbox.taken, key=lambda mail: str(mail["Subject"]), reverse=True)
        assert survey["In-Reply-To"] == reply["Message-ID"]
        assert survey["References"].split() == ["<hello@example.com>", reply["Message-ID"]]
        assert survey["Message-ID"] != reply["Message-ID"]

    def test_no_word_of_the_submitters_stands_in_it(self, alice, postbox):
        victim = Customer.with_address("victim@example.com", name="BUY PILLS at spam.example")
        ticket = opened_by(victim, "CHEAP PILLS", "Visit https://spam.example now")
        ticket.resolve(by=alice)
        ticket.ask_opinion(by=SYSTEM)
        house_works()
        for mail in postbox.taken:
            assert "PILLS" not in mail.as_string() + text_of(mail) + text_of(mail, "html")

    def test_wei_reads_it_in_chinese(self, alice, postbox):
        wei = Customer.with_address("wei@example.cn", language="zh-hans")
        ticket = opened_by(wei, "网络断线", "晚上断线")
        ticket.resolve(by=alice)
        ticket.ask_opinion(by=SYSTEM)
        house_works()
        survey = next(mail for mail in postbox.taken if "/rate/" in text_of(mail))
        assert '<html lang="zh-hans">' in text_of(survey, "html")
        assert Survey.objects.get(ticket=ticket).language == "zh-hans"

    @pytest.mark.parametrize(
        "address", ["no-reply@shop.example", "mailer-daemon@mx.example", "support@support.localhost"]
    )
    def test_where_nobody_reads_nobody_was_asked(self, address, alice, postbox):
        ticket = opened_by(Customer.with_address(address))
        ticket.resolve(by=alice)
        ticket.ask_opinion(by=SYSTEM)
        house_works()
        assert not postbox.taken
        assert not Survey.objects.asked().exists()

    def test_revoked_links_are_not_mailed_but_the_new_ones(self, solved, dana, alice, postbox, time_machine):
        old = links.rating_url(solved, dana)
        solved.ask_opinion(by=SYSTEM)
        work_off("deliver")
        solved.revoke_links(by=alice)
        outgoing.send_due()
        (mail,) = postbox.taken
        assert old not in text_of(mail)
        assert links.rating_url(solved, dana) in text_of(mail)

    def test_a_bounce_stands_in_the_history(self, asked):
        notice = Notice.objects.get()
        inbound = receive(bounce_of(notice.mail_id))
        notice.refresh_from_db()
        assert (notice.state, inbound.rule, inbound.ticket) == ("failed", "bounce", asked)
        assert "5.1.1" in asked.events.get(kind="delivery_failed").data["error"]


class TestCrashes:
    def test_between_the_event_and_the_mails_row(self, solved, postbox, time_machine):
        time_machine.shift(timedelta(hours=1))
        surveys.ask_due()
        with transaction.atomic():  # the consumer's transaction, lost
            outgoing.post(solved.events.get(kind="survey_asked"))
            transaction.set_rollback(True)
        assert Pending.objects.filter(event__kind="survey_asked", consumer="deliver").exists()
        house_works()
        house_works()
        assert len(postbox.taken) == 1

    def test_the_event_delivered_twice_is_one_row(self, solved, postbox):
        event = solved.ask_opinion(by=SYSTEM)
        outgoing.post(event)
        outgoing.post(event)
        house_works()
        assert Notice.objects.count() == len(postbox.taken) == 1

    def test_between_the_row_and_the_sending(self, solved, postbox, time_machine):
        solved.ask_opinion(by=SYSTEM)
        work_off("deliver")
        assert Notice.claim() is not None  # by a sender that died
        outgoing.send_due()
        assert not postbox.taken
        time_machine.shift(Notice.LEASE)
        outgoing.send_due()
        outgoing.send_due()
        assert len(postbox.taken) == 1

    def test_a_mail_server_that_is_away_gets_the_same_mail_later(self, solved, postbox, time_machine):
        solved.ask_opinion(by=SYSTEM)
        work_off("deliver")
        postbox.answers = ["451 try again later"]
        outgoing.send_due()
        time_machine.shift(timedelta(minutes=1))
        outgoing.send_due()
        (mail,) = postbox.taken
        assert mail["Message-ID"] == Notice.objects.get().mail_id


class TestAnUnhappyCustomer:
    def news(self, postbox, time_machine) -> list[EmailMessage]:
        """What the staff is mailed, after the minutes that second thoughts may take."""
        time_machine.shift(timedelta(minutes=2))
        house_works()
        return [mail for mail in postbox.taken if "Unhappy" in mail["Subject"]]

    def test_the_assignee_is_told_with_her_words(self, asked, alice, bob, dana, postbox, time_machine):
        asked.assign(bob, by=alice)
        asked.rate(1, by=dana)
        work_off("deliver")
        asked.rate(1, "A week without an answer. <b>Never again</b>", by=dana)
        (mail,) = self.news(postbox, time_machine)
        assert mail["To"] == "bob@desk.example"
        assert mail["Subject"] == f"Unhappy customer: Wi-Fi drops every evening [#{asked.number}]"
        assert "1/5 · Very bad" in text_of(mail)
        assert "A week without an answer. <b>Never again</b>" in text_of(mail)
        assert "&lt;b&gt;Never again&lt;/b&gt;" in text_of(mail, "html")
        assert f"/inbox/{asked.number}/" in text_of(mail)
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_without_an_assignee_the_team_is_told_and_nobody_else(
        self, asked, alice, bob, charlie, dana, postbox, time_machine
    ):
        gone = member("gone", asked.team, is_active=False)
        asked.rate(2, by=dana)
        told = {mail["To"] for mail in self.news(postbox, time_machine)}
        assert told == {"alice@desk.example", "bob@desk.example"}
        assert gone.email not in told

    def test_once_for_a_ticket_however_often_she_changes_it(self, asked, alice, dana, postbox, time_machine):
        asked.assign(alice, by=alice)
        asked.rate(2, by=dana)
        self.news(postbox, time_machine)
        asked.rate(1, by=dana)
        assert len(self.news(postbox, time_machine)) == 1

    def test_a_slip_of_the_finger_alarms_nobody(self, asked, alice, dana, postbox, time_machine):
        asked.assign(alice, by=alice)
        asked.rate(1, by=dana)
        work_off("deliver")
        asked.rate(5, by=dana)
        assert self.news(postbox, time_machine) == []

    @pytest.mark.parametrize(("low_score", "told"), [(0, 0), (2, 0), (3, 1)])
    def test_what_is_low_the_house_decides(self, asked, alice, dana, postbox, time_machine, low_score, told):
        SurveySettings(low_score=low_score).save()
        asked.assign(alice, by=alice)
        asked.rate(3, by=dana)
        assert len(self.news(postbox, time_machine)) == told

    def test_nothing_in_a_subject_becomes_a_header(self, asked, alice, dana, postbox, time_machine):
        Ticket.objects.filter(pk=asked.pk).update(subject="Hi\r\nBcc: spy@evil.example\x0b\x85")
        asked.assign(alice, by=alice)
        asked.rate(1, by=dana)
        (mail,) = self.news(postbox, time_machine)
        assert "Bcc" not in mail

    def test_a_failed_notice_can_be_tried_again_by_the_administrator(self, asked, ada_client, postbox):
        notice = Notice.objects.get()
        notice.state, notice.attempts = "failed", 8
        notice.save()
        words = {"action": "try_again", "_selected_action": [notice.pk]}
        assert ada_client.post("/admin/channels/notice/", words).status_code == 302
        outgoing.send_due()
        assert len(postbox.taken) == 1
