"""A model is examined on tickets that it never learned from."""

import pytest

from tests.conftest import opened_by
from tests.triage.desk import texts
from tickets.actors import SYSTEM
from tickets.models import Ticket
from triage import training
from triage.models import Exam, LearnedModel, Run

# Said in words of their own: what the history repeats helps nobody here.
OTHER_WORDS = [
    ("Wireless keeps dropping on my tablet", "It disconnects in the bedroom."),
    ("手机的无线老是断开", "卧室里信号弱。"),
]


@pytest.fixture
def examined(dana, categories) -> list[Ticket]:
    """Sixty tickets of Dana's, thirty of them about refunds, all decided by import."""
    told = [("wifi", *OTHER_WORDS[number % 2]) for number in range(30)]
    told += [("refund", *texts("refund")[number % 20]) for number in range(30)]
    return [_examined(dana, subject, text, categories[slug]) for slug, subject, text in told]


def _examined(customer, subject, text, category) -> Ticket:
    ticket = opened_by(customer, subject, text)
    ticket.categorise(category, by=SYSTEM)
    Exam.objects.create(ticket=ticket)
    return ticket


def trained() -> LearnedModel:
    training.carry_out(Run.ask("train"))
    return LearnedModel.objects.active().get(target="category")


def test_the_report_tells_the_examination_beside_the_rest(history, examined):
    report = trained().report
    assert report["used"] == len(history)
    exam = report["exam"]
    assert exam["judged"] == 60
    assert 0.8 <= exam["accuracy"] <= 1
    assert {"macro_f1", "top3", "ece", "coverage", "precision"} <= exam.keys()


def test_a_wrong_examination_is_told_as_it_is(history, examined, categories):
    for ticket in examined:
        ticket.categorise(categories["invoice"], by=SYSTEM)
    assert trained().report["exam"]["accuracy"] < 0.1


def test_fifty_are_needed(history, examined):
    Exam.objects.filter(ticket__in=examined[:11]).delete()
    assert trained().report["exam"] is None


def test_the_page_shows_the_examination_first_and_calls_the_rest_optimistic(history, examined, mona_client):
    report = trained().report
    page = mona_client.get("/triage/model/").content.decode()
    assert "Examined on 60 tickets it never learned from" in page
    assert page.index("examination</th>") < page.index("while learning</th>") < page.index("baseline</th>")
    assert f"{100 * report['exam']['accuracy']:.1f}%" in page
    assert f"{100 * report['accuracy']:.1f}%" in page
