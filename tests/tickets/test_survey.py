"""After the resolution: when Dana is asked, how she answers, and what a low score sets off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from people.models import Customer
from tests.conftest import member, opened_by
from tests.tickets.test_customer_pages import session_of
from tickets import surveys
from tickets.actors import SYSTEM
from tickets.choices import Score, Status
from tickets.errors import ScoreRefused, SurveyClosed
from tickets.intake import Incoming, receive
from tickets.links import page_token, rating_token
from tickets.models import Message, Survey, SurveySettings, Ticket
from tickets.quiet_hours import after_quiet, is_quiet

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def asked(ticket, alice) -> Ticket:
    """Solved by Alice, and Dana was asked."""
    ticket.resolve(by=alice)
    ticket.ask_opinion(by=SYSTEM)
    return ticket


@pytest.fixture
def address(asked, dana) -> str:
    return f"/rate/{rating_token(asked, dana)}/"


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("pk").values_list("kind", flat=True))


def survey_of(ticket: Ticket) -> Survey:
    return Survey.objects.get(ticket=ticket)


def an_hour_later(clock, hours: float = 1) -> int:
    clock.shift(timedelta(hours=hours))
    return surveys.ask_due()


class TestWhenDanaIsAsked:
    def test_she_is_asked_an_hour_after_the_resolution(self, clock, ticket, alice):
        ticket.resolve(by=alice)
        assert survey_of(ticket).state == "waiting"
        assert an_hour_later(clock, 0.9) == 0
        an_hour_later(clock, 0.1)
        survey = survey_of(ticket)
        assert (survey.state, survey.asked_at) == ("asked", NOON + timedelta(hours=1))
        assert kinds(ticket)[-1] == "survey_asked"

    def test_a_ticket_opened_again_in_time_is_not_asked_about(self, clock, ticket, alice, dana):
        ticket.resolve(by=alice)
        ticket.answer("It is back.", by=dana, channel="page")
        assert survey_of(ticket).state == "cancelled"
        an_hour_later(clock)
        assert "survey_asked" not in kinds(ticket)

    def test_solved_again_the_hour_begins_anew(self, clock, ticket, alice):
        ticket.resolve(by=alice)
        ticket.reopen(by=alice)
        clock.shift(timedelta(minutes=50))
        ticket.resolve(by=alice)
        assert survey_of(ticket).due_at == NOON + timedelta(minutes=110)

    def test_nobody_is_asked_twice(self, clock, asked, alice):
        asked.reopen(by=alice)
        asked.resolve(by=alice)
        asked.ask_opinion(by=SYSTEM)
        an_hour_later(clock)
        assert kinds(asked).count("survey_asked") == 1

    def test_who_has_rated_is_not_asked(self, clock, ticket, alice, dana):
        ticket.resolve(by=alice)
        ticket.rate(5, by=dana)
        an_hour_later(clock)
        assert "survey_asked" not in kinds(ticket)
        assert survey_of(ticket).asked_at is None

    def test_a_reply_that_solves_is_followed_by_a_survey(self, ticket, alice):
        ticket.reply("Done.", by=alice, then=Status.RESOLVED)
        assert survey_of(ticket).state == "waiting"

    def test_closing_without_solving_asks_nothing(self, ticket, alice):
        ticket.set_status(Status.CLOSED, by=alice)
        assert not Survey.objects.exists()

    def test_closing_what_is_solved_still_asks(self, clock, ticket, alice):
        ticket.resolve(by=alice)
        ticket.set_status(Status.CLOSED, by=alice)
        an_hour_later(clock)
        assert survey_of(ticket).state == "asked"

    def test_an_open_ticket_cannot_be_asked_about(self, ticket):
        assert ticket.ask_opinion(by=SYSTEM) is None

    def test_a_house_that_asks_nobody(self, clock, ticket, alice):
        ticket.resolve(by=alice)
        SurveySettings(is_on=False).save()
        an_hour_later(clock)
        assert survey_of(ticket).state == "cancelled"
        other = opened_by(ticket.customer)
        other.resolve(by=alice)
        assert not Survey.objects.filter(ticket=other).exists()


class TestWhoIsNeverAsked:
    def not_asked(self, clock, ticket, alice) -> None:
        ticket.resolve(by=alice)
        an_hour_later(clock)
        assert survey_of(ticket).state == "cancelled"
        assert "survey_asked" not in kinds(ticket)

    def test_a_customer_without_an_address(self, clock, alice):
        self.not_asked(clock, opened_by(Customer.objects.create(name="Walk-in")), alice)

    def test_one_of_ours(self, clock, alice):
        bob = member("Bob")
        self.not_asked(clock, opened_by(Customer.with_address(bob.email.upper())), alice)

    def test_spam(self, clock, ticket, alice):
        ticket.set_tags(["spam"], by=alice)
        self.not_asked(clock, ticket, alice)

    def test_an_imported_ticket(self, clock, dana, alice):
        imported = receive(Incoming("form", dana, "Old", "Old words.", source="sheet", external_id="7"))
        self.not_asked(clock, imported, alice)

    @pytest.mark.parametrize("quiet", ["automatic", "released"])
    def test_a_machine_and_what_was_in_quarantine(self, clock, dana, alice, quiet):
        odd = receive(Incoming("mail", dana, "Report", "Nightly report.", extra={"quiet": quiet}))
        self.not_asked(clock, odd, alice)


class TestQuietHours:
    def test_in_the_evening_she_is_asked_next_morning(self, clock, ticket, alice, dana):
        Customer.objects.filter(pk=dana.pk).update(time_zone="Asia/Shanghai")
        ticket.resolve(by=alice)  # eight in the evening there
        an_hour_later(clock)
        assert survey_of(ticket).due_at == datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
        an_hour_later(clock, 10.9)
        assert "survey_asked" not in kinds(ticket)
        an_hour_later(clock, 0.1)
        assert kinds(ticket)[-1] == "survey_asked"

    def test_a_house_clock_stands_in_for_an_unknown_one(self, clock, ticket, alice, dana):
        Customer.objects.filter(pk=dana.pk).update(time_zone="Moon/Base")
        ticket.resolve(by=alice)
        an_hour_later(clock)
        assert survey_of(ticket).state == "asked"

    @pytest.mark.parametrize(
        ("at", "zone", "hours", "expected"),
        [
            ("2026-03-10 20:59", "Europe/Berlin", (21, 8), "2026-03-10 20:59"),
            ("2026-03-10 21:00", "Europe/Berlin", (21, 8), "2026-03-11 08:00"),
            ("2026-03-10 00:30", "Europe/Berlin", (21, 8), "2026-03-10 08:00"),
            ("2026-03-10 08:00", "Europe/Berlin", (21, 8), "2026-03-10 08:00"),
            ("2026-12-31 23:59", "Europe/Berlin", (21, 8), "2027-01-01 08:00"),
            ("2026-03-10 13:15", "Europe/Berlin", (12, 14), "2026-03-10 14:00"),
            ("2026-03-10 03:00", "Europe/Berlin", (5, 5), "2026-03-10 03:00"),
            ("2026-03-10 23:10", "Europe/Berlin", (22, 0), "2026-03-11 00:00"),
            # The night of the change has 23 hours, and 25.
            ("2026-03-28 22:00", "Europe/Berlin", (21, 8), "2026-03-29 08:00"),
            ("2026-10-24 22:00", "Europe/Berlin", (21, 8), "2026-10-25 08:00"),
            # Two o'clock does not exist: the clocks go from 1:59 to 3:00.
            ("2026-03-29 00:30", "Europe/Berlin", (21, 2), "2026-03-29 03:00"),
        ],
    )
    def test_the_end_of_quiet_hours_on_the_local_clock(self, at, zone, hours, expected):
        there = ZoneInfo(zone)
        local = datetime.fromisoformat(at).replace(tzinfo=there)
        ends = after_quiet(local.astimezone(UTC), there, *hours)
        assert f"{ends.astimezone(there):%Y-%m-%d %H:%M}" == expected

    def test_the_night_with_two_oclock_twice_ends_after_the_quiet_hour_not_in_it(self):
        berlin = ZoneInfo("Europe/Berlin")
        for fold in (0, 1):
            local = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold)
            ends = after_quiet(local.astimezone(UTC), berlin, 21, 3)
            assert ends == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)

    @given(
        st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
        st.timezones(),
        st.integers(0, 23),
        st.integers(0, 23),
    )
    def test_whenever_it_is_the_mail_goes_out_within_a_day_and_not_in_quiet_hours(self, at, zone, begin, end):
        ends = after_quiet(at, zone, begin, end)
        assert at <= ends <= at + timedelta(hours=49)
        gap = ends.astimezone(zone).hour != end and ends != at  # the clocks skipped the hour
        assert gap or not is_quiet(ends.astimezone(zone), begin, end)


class TestCrashes:
    def test_a_crash_before_the_commit_leaves_the_survey_waiting(self, clock, ticket, alice):
        ticket.resolve(by=alice)
        clock.shift(timedelta(hours=1))
        with transaction.atomic():
            surveys.ask_due()
            transaction.set_rollback(True)
        assert survey_of(ticket).state == "waiting"
        assert surveys.ask_due() == 1
        assert surveys.ask_due() == 0
        assert kinds(ticket).count("survey_asked") == 1

    def test_one_broken_ticket_does_not_stop_the_others(self, clock, ticket, alice, dana, erik):
        broken, sound = opened_by(dana), opened_by(erik)
        for each in (broken, sound):
            each.resolve(by=alice)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE tickets_event ADD CHECK (ticket_id <> {broken.pk}) NOT VALID")
        an_hour_later(clock)
        assert survey_of(sound).state == "asked"
        assert survey_of(broken).due_at == NOON + timedelta(hours=2)

    def test_a_waiting_row_that_was_asked_already_is_laid_aside(self, clock, ticket, alice):
        ticket.resolve(by=alice)
        Survey.objects.filter(ticket=ticket).update(asked_at=NOON)
        assert an_hour_later(clock) == 1
        assert survey_of(ticket).state == "cancelled"

    @pytest.mark.django_db(transaction=True)
    def test_many_sweepers_at_once_ask_each_customer_once(self, clock, dana, alice):
        tickets = [opened_by(dana) for _ in range(6)]
        for ticket in tickets:
            ticket.resolve(by=alice)
        clock.shift(timedelta(hours=1))

        def sweep(_: int) -> int:
            try:
                return surveys.ask_due()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(sweep, range(4)))
        surveys.ask_due()
        assert [kinds(ticket).count("survey_asked") for ticket in tickets] == [1] * 6


class TestTheScore:
    def test_dana_rates_and_history_tells(self, asked, dana):
        event = asked.rate(4, " Quick.\x00 ", by=dana)
        assert event.data == {"score": 4, "comment": "Quick."}
        survey = survey_of(asked)
        assert (survey.state, survey.score, survey.comment, survey.face) == ("answered", 4, "Quick.", Score.GOOD)

    def test_the_same_again_is_once(self, asked, dana):
        asked.rate(4, "Quick.", by=dana)
        assert asked.rate(4, "Quick.", by=dana) is None
        assert kinds(asked).count("rated") == 1

    def test_another_score_takes_the_place_of_the_first(self, clock, asked, dana):
        asked.rate(4, by=dana)
        clock.shift(timedelta(days=2))
        asked.rate(2, by=dana)
        survey = survey_of(asked)
        assert (survey.score, survey.answered_at) == (2, NOON)
        assert [event.data["score"] for event in asked.events.filter(kind="rated").order_by("pk")] == [4, 2]

    @pytest.mark.parametrize("score", [0, 6, -1, "x", "5", None, True, 4.5])
    def test_only_one_to_five_is_a_score(self, asked, dana, score):
        with pytest.raises(ScoreRefused, match=r"from 1 .* to 5"):
            asked.rate(score, by=dana)
        assert survey_of(asked).score is None
        assert "rated" not in kinds(asked)

    def test_the_database_knows_it_too(self, asked):
        with pytest.raises(IntegrityError), transaction.atomic():
            Survey.objects.filter(ticket=asked).update(score=6, state="answered", answered_at=NOON)

    def test_after_30_days_it_is_settled(self, clock, asked, dana):
        asked.rate(4, by=dana)
        clock.shift(timedelta(days=29, hours=23))
        asked.rate(5, by=dana)
        clock.shift(timedelta(hours=1))
        with pytest.raises(SurveyClosed, match="closed"):
            asked.rate(1, by=dana)

    def test_what_is_not_solved_cannot_be_rated(self, ticket, dana):
        with pytest.raises(SurveyClosed, match="not solved yet"):
            ticket.rate(5, by=dana)

    def test_the_response_rate_counts_those_who_were_asked(self, asked, alice, dana, erik):
        unasked = opened_by(erik)
        unasked.resolve(by=alice)
        unasked.rate(5, by=erik)
        silent = opened_by(erik)
        silent.resolve(by=alice)
        silent.ask_opinion(by=SYSTEM)
        asked.rate(3, by=dana)
        assert Survey.objects.asked().count() == 2
        assert Survey.objects.asked().answered().count() == 1
        assert Survey.objects.answered().count() == 2

    def test_a_low_score_with_a_word_reopens_where_the_house_wants_it(self, asked, dana):
        SurveySettings(reopens=True).save()
        surveys.take(asked, 1, "", by=dana)
        assert asked.is_done
        surveys.take(asked, 1, "It is still broken.", by=dana)
        surveys.take(asked, 1, "It is still broken.", by=dana)
        assert asked.status == Status.OPEN
        assert Message.objects.filter(ticket=asked, text="It is still broken.").count() == 1

    def test_otherwise_the_ticket_stays_solved(self, asked, dana):
        surveys.take(asked, 1, "It is still broken.", by=dana)
        assert asked.status == Status.RESOLVED


class TestTheMailedPage:
    def test_a_scanner_that_opens_every_link_records_nothing(self, client, asked, address):
        for score in range(1, 6):
            assert client.get(f"{address}?score={score}").status_code == 200
            assert client.head(f"{address}?score={score}").status_code in (200, 405)
        assert survey_of(asked).score is None
        assert "rated" not in kinds(asked)

    def test_the_face_she_clicked_is_chosen(self, client, address):
        page = client.get(f"{address}?score=4").content.decode()
        assert 'value="4" checked' in page
        assert page.count("checked") == 1

    @pytest.mark.parametrize("word", ["0", "6", "x", "4 ", "٤", ""])
    def test_any_other_word_in_the_address_chooses_nothing(self, client, address, word):
        response = client.get(address, {"score": word})
        assert response.status_code == 200
        assert "checked" not in response.content.decode()

    def test_she_sends_it_without_signing_in_and_is_thanked(self, client, asked, address):
        response = client.post(address, {"score": "5", "comment": "Great."}, follow=True)
        page = response.content.decode()
        assert "Thank you" in page
        assert "Very good" in page
        assert 'value="5" checked' in page
        assert "Great.</textarea>" in page
        assert survey_of(asked).score == 5

    def test_sent_twice_is_once_and_a_word_can_be_added(self, client, asked, address):
        for _ in range(2):
            client.post(address, {"score": "5", "comment": ""})
        client.post(address, {"score": "5", "comment": "And friendly."})
        assert [event.data for event in asked.events.filter(kind="rated").order_by("pk")] == [
            {"score": 5},
            {"score": 5, "comment": "And friendly."},
        ]

    @pytest.mark.parametrize("score", ["", "0", "6", "x", "4.5"])
    def test_a_form_without_a_face_says_what_to_do_and_keeps_her_words(self, client, asked, address, score):
        response = client.post(address, {"score": score, "comment": "My long words."})
        assert response.status_code == 422
        assert "Choose one of the five faces." in response.content.decode()
        assert "My long words.</textarea>" in response.content.decode()
        assert survey_of(asked).score is None

    def test_a_comment_as_long_as_a_book_is_refused(self, client, address):
        response = client.post(address, {"score": "5", "comment": "x" * 2001})
        assert response.status_code == 422
        assert "2,000 characters" in response.content.decode()

    def test_her_words_are_text_and_nothing_else(self, client, alice_client, asked, address):
        evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
        client.post(address, {"score": "1", "comment": evil})
        for reader, page in [(client, address), (alice_client, f"/inbox/{asked.number}/")]:
            told = reader.get(page).content.decode()
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told
            assert "<script>alert(1)" not in told
            assert "<img src=x" not in told

    def test_another_token_opens_nothing(self, client, asked, erik, dana, address):
        foreign = opened_by(erik)
        for token in [
            page_token(asked, dana),
            rating_token(asked, erik),
            rating_token(foreign, erik).replace(str(foreign.number), str(asked.number), 1),
            "nonsense",
        ]:
            for response in (client.get(f"/rate/{token}/"), client.post(f"/rate/{token}/", {"score": "1"})):
                assert response.status_code == 404
                assert "This link no longer works" in response.content.decode()
        assert survey_of(asked).score is None

    def test_the_rating_token_opens_nothing_but_the_rating(self, client, asked, dana):
        assert client.get(f"/t/{rating_token(asked, dana)}/").status_code == 404

    def test_revoked_links_are_over(self, client, asked, address, alice):
        asked.revoke_links(by=alice)
        assert client.get(address).status_code == 404
        assert client.post(address, {"score": "5"}).status_code == 404

    def test_after_30_days_the_page_says_so(self, clock, client, asked, address):
        clock.shift(timedelta(days=30))
        for response in (client.get(address), client.post(address, {"score": "5"})):
            assert response.status_code == 410
            assert "This survey is closed." in response.content.decode()

    def test_it_speaks_her_language_unless_her_browser_chose_another(self, client, address, dana):
        Customer.objects.filter(pk=dana.pk).update(language="zh-hans")
        response = client.get(address)
        assert '<html lang="zh-hans"' in response.content.decode()
        assert response["Content-Language"] == "zh-hans"
        client.cookies["django_language"] = "en"
        assert '<html lang="en"' in client.get(address).content.decode()

    def test_no_other_site_can_send_her_form(self, address):
        assert Client(enforce_csrf_checks=True).post(address, {"score": "1"}).status_code == 403

    def test_the_page_is_for_one_reader(self, client, address):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"

    def test_who_changes_all_the_time_is_slowed_down(self, client, asked, address):
        codes = [client.post(address, {"score": str(1 + n % 5)}).status_code for n in range(21)]
        assert codes == [302] * 20 + [429]
        assert kinds(asked).count("rated") == 20


class TestTheTicketsOwnPage:
    @pytest.fixture(params=["link", "session"])
    def door(self, request, ticket, dana) -> tuple[Client, str]:
        if request.param == "link":
            return Client(), f"/t/{page_token(ticket, dana)}/"
        return session_of(dana), f"/my/{ticket.number}/"

    def test_a_solved_ticket_can_be_rated_there(self, door, ticket, alice):
        client, page = door
        assert "How did we do?" not in client.get(page).content.decode()
        ticket.resolve(by=alice)
        assert "How did we do?" in client.get(page).content.decode()
        assert client.post(f"{page}rate/", {"score": "2"})["Location"] == f"{page}#opinion"
        assert "You rated this: <strong>Bad</strong>" in client.get(page).content.decode()
        assert survey_of(ticket).score == 2

    def test_without_a_face_the_form_comes_back(self, door, ticket, alice):
        client, page = door
        ticket.resolve(by=alice)
        response = client.post(f"{page}rate/", {"comment": "Hm."})
        assert response.status_code == 422
        assert f'action="{page}rate/"' in response.content.decode()

    def test_an_open_page_shows_the_card_when_the_ticket_is_solved(self, door, ticket, alice):
        client, page = door
        last = ticket.events.latest("pk").pk
        ticket.reply("Fixed.", by=alice, then=Status.RESOLVED)
        assert "How did we do?" in client.get(f"{page}news/?after={last}").content.decode()

    def test_a_house_that_asks_nobody_shows_no_card(self, door, ticket, alice):
        client, page = door
        SurveySettings(is_on=False).save()
        ticket.resolve(by=alice)
        assert "How did we do?" not in client.get(page).content.decode()


class TestWhatTheStaffSees:
    def test_face_and_words_in_head_side_and_history(self, alice_client, asked, dana):
        page = f"/inbox/{asked.number}/"
        assert "Asked, no answer yet" in alice_client.get(page).content.decode()
        asked.rate(2, "Took a week.", by=dana)
        told = alice_client.get(page).content.decode()
        assert "2/5" in told
        assert "rated it 2 of 5 (Bad): “Took a week.”" in told
        assert '<blockquote class="small said">Took a week.</blockquote>' in told

    def test_an_open_page_learns_of_it(self, alice_client, asked, dana):
        last = asked.events.latest("pk").pk
        asked.rate(5, "Thanks!", by=dana)
        told = alice_client.get(f"/inbox/{asked.number}/tail/?after={last}").content.decode()
        assert 'id="survey" hx-swap-oob="true"' in told
        assert "5/5" in told

    def test_another_team_sees_nothing_of_it(self, charlie_client, asked, dana):
        asked.rate(2, "Took a week.", by=dana)
        assert charlie_client.get(f"/inbox/{asked.number}/").status_code == 404

    def test_a_score_costs_the_ticket_page_no_statement(self, alice_client, ticket, alice, dana):
        page = f"/inbox/{ticket.number}/"
        alice_client.get(page)
        with CaptureQueriesContext(connection) as without:
            alice_client.get(page)
        ticket.resolve(by=alice)
        ticket.rate(2, "Slow.", by=dana)
        with CaptureQueriesContext(connection) as rated:
            alice_client.get(page)
        assert len(rated) == len(without)


class TestTheApi:
    def test_a_program_reads_score_and_words_of_one_ticket(self, alice_client, asked, dana):
        address = f"/api/v1/tickets/{asked.number}/"
        told = alice_client.get(address).json()
        assert (told["score"], told["score_comment"]) == (None, "")
        asked.rate(2, "Slow.", by=dana)
        told = alice_client.get(address).json()
        assert (told["score"], told["score_comment"]) == (2, "Slow.")

    def test_a_ticket_without_a_survey_has_none(self, alice_client, ticket):
        assert alice_client.get(f"/api/v1/tickets/{ticket.number}/").json()["score"] is None


class TestSettings:
    def test_there_is_one_row(self, ada_client):
        add = reverse("admin:tickets_surveysettings_add")
        words = {
            "is_on": "on",
            "delay": "5",
            "quiet_from": "22",
            "quiet_to": "7",
            "low_score": "1",
            "never_tags": "spam",
        }
        assert ada_client.post(add, words).status_code == 302
        assert SurveySettings.current().delay == 5
        assert ada_client.get(add).status_code == 403
        SurveySettings(delay=9).save()
        assert SurveySettings.objects.get().delay == 9

    @pytest.mark.parametrize("wrong", [{"delay": "50000"}, {"quiet_from": "24"}, {"low_score": "5"}, {"delay": "-1"}])
    def test_nonsense_is_refused_in_words(self, ada_client, wrong):
        words = {
            "is_on": "on",
            "delay": "5",
            "quiet_from": "22",
            "quiet_to": "7",
            "low_score": "1",
            "never_tags": "spam",
        }
        response = ada_client.post(reverse("admin:tickets_surveysettings_add"), words | wrong)
        assert "Ensure this value" in response.content.decode()
        assert not SurveySettings.objects.exists()
