"""A simulated past in the database: the verbs' own history, numbered as customers came, owing nobody anything."""

from datetime import UTC, datetime

import pytest

from analytics.facts import rebuild
from demo.company import House, establish
from demo.simulation import simulate
from knowledge.models import Article, Deflection, Feedback
from tickets.models import Event, Message, Pending, Survey, Ticket
from tickets.search import search
from triage.corpus import examples
from triage.models import Exam, Outcome, Target

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    house = establish()
    simulate(house, tickets=250, days=60, seed=3, until=UNTIL)
    return house


def test_tickets_are_numbered_in_the_order_in_which_customers_wrote(house):
    tickets = list(Ticket.objects.order_by("pk").values_list("created_at", "number"))
    assert len(tickets) == 250
    assert tickets == sorted(tickets)
    assert tickets[-1][0] < UNTIL


def test_each_ticket_has_its_history_in_order_and_nobody_is_owed_anything(house):
    assert not Pending.objects.exists()
    for ticket in Ticket.objects.prefetch_related("events", "messages"):
        events = sorted(ticket.events.all(), key=lambda event: event.pk)
        assert events[0].kind == "opened"
        assert [event.at for event in events] == sorted(event.at for event in events)
        said = sorted(message.created_at for message in ticket.messages.all() if message.is_public)
        assert ticket.last_message_at == said[-1]


def test_the_past_has_all_that_a_desk_does(house):
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"category", "team", "assignee", "status", "replied", "answered", "noted", "survey_asked", "rated"} <= kinds
    assert {"solution_used", "solution_worked"} <= kinds
    assert set(Survey.objects.values_list("state", flat=True)) == {"asked", "answered"}
    assert set(Deflection.objects.values_list("state", flat=True)) == {"maybe", "confirmed", "wrote"}
    assert set(Feedback.objects.values_list("is_helpful", flat=True)) == {True, False}


def test_an_answer_that_makes_use_of_an_article_names_it(house):
    outcome = Outcome.objects.filter(used_at__isnull=False).select_related("article").first()
    assert outcome
    texts = outcome.ticket.messages.filter(is_public=True, user__isnull=False).values_list("text", flat=True)
    assert any(outcome.article.slug in text for text in texts)
    assert outcome.solved_at is None or outcome.solved_at >= outcome.used_at


def test_stories_held_out_are_examined_and_never_learned_from(house):
    exams = Exam.objects.select_related("ticket")
    assert exams
    bodies = {message.text for message in Message.objects.filter(ticket__exam__isnull=False)}
    assert not bodies & {example.body for example in examples(Target.CATEGORY)}


def test_what_was_simulated_is_found_and_reckoned(house):
    manager = next(user for user in house.staff.values() if user.role == "manager")
    assert search("router", manager).found
    assert rebuild() == 250


def test_a_second_past_goes_beside_the_first_and_regular_customers_stay_one(house):
    articles = Article.objects.count()
    simulate(house, tickets=60, days=20, seed=4, until=UNTIL)
    assert Ticket.objects.count() == 310
    assert Article.objects.count() == articles


def test_articles_are_older_than_what_is_said_of_them(house):
    assert not Article.objects.filter(published_at__gt=Ticket.objects.earliest("created_at").created_at).exists()
