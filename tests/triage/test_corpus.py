"""Which tickets teach, and what."""

from tests.conftest import opened_by
from tickets.actors import MODEL, SYSTEM
from tickets.choices import Priority
from triage import corpus
from triage.models import Exam, Suggestion


def labels(target: str = "category") -> list[str]:
    return [example.label for example in corpus.examples(target)]


def test_what_a_person_decided_teaches(ticket, alice, categories):
    ticket.categorise(categories["wifi"], by=alice)
    (example,) = corpus.examples("category")
    assert (example.title, example.body, example.label) == (
        "Wi-Fi drops every evening",
        "Since Monday the Wi-Fi drops at eight.",
        "wifi",
    )
    assert example.at == ticket.created_at.timestamp()


def test_what_an_import_said_teaches(ticket, categories):
    ticket.categorise(categories["wifi"], by=SYSTEM)
    assert labels() == ["wifi"]


def test_the_model_does_not_learn_from_its_own_guesses(ticket, categories):
    ticket.categorise(categories["wifi"], by=MODEL, confidence=0.99)
    ticket.resolve(by=MODEL)
    assert labels() == []


def test_a_guess_that_an_agent_worked_with_to_the_end_teaches(ticket, alice, categories):
    ticket.categorise(categories["wifi"], by=MODEL, confidence=0.99)
    ticket.reply("Change the channel.", by=alice, then="resolved")
    assert labels() == ["wifi"]


def test_an_accepted_priority_teaches_although_nothing_changed(ticket):
    ticket.set_priority(Priority.HIGH, by=MODEL)
    assert labels("priority") == []
    Suggestion.objects.create(ticket=ticket, target="priority", label="high", state="accepted")
    assert labels("priority") == ["high"]


def test_the_usual_priority_of_an_open_ticket_says_nothing(ticket, alice):
    assert labels("priority") == []
    ticket.reply("Change the channel.", by=alice, then="resolved")
    assert labels("priority") == ["normal"]


def test_a_category_out_of_use_teaches_nothing(ticket, alice, categories):
    ticket.categorise(categories["wifi"], by=alice)
    categories["wifi"].is_active = False
    categories["wifi"].save()
    assert labels() == []


def test_only_the_customer_s_first_words_are_read(ticket, alice, dana):
    ticket.reply("Is it the invoice?", by=alice)
    ticket.answer("No, not the invoice.", by=dana, channel="mail")
    assert corpus.words_of(ticket) == ("Wi-Fi drops every evening", "Since Monday the Wi-Fi drops at eight.")


def test_the_newest_tickets_teach(dana, alice, categories, monkeypatch):
    monkeypatch.setattr(corpus, "MOST", 2)
    for slug in ("refund", "wifi", "outage"):
        opened_by(dana).categorise(categories[slug], by=alice)
    assert labels() == ["outage", "wifi"]


def test_the_tree_is_told_by_slugs(categories):
    assert corpus.parents()["wifi"] == "network"
    assert corpus.parents()["network"] is None


def test_solved_tickets_are_the_done_ones_newest_first(dana, alice, erik):
    first, second, _still_open = (opened_by(one, text=f"words of {one}") for one in (dana, erik, dana))
    first.resolve(by=alice)
    second.resolve(by=alice)
    ids, texts = corpus.solved()
    assert ids == [second.pk, first.pk]
    assert texts[1] == "Router is offline\nwords of Dana Fields"
    assert corpus.solved_since(first.resolved_at) == 1


def test_reading_the_corpus_costs_one_statement(history, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(corpus.examples("category")) == 108
    with django_assert_num_queries(1):
        assert len(corpus.solved()[0]) == 108


def test_an_examination_ticket_teaches_nothing_but_is_asked(ticket, alice, categories):
    ticket.categorise(categories["wifi"], by=alice)
    ticket.set_priority(Priority.HIGH, by=alice)
    ticket.resolve(by=alice)
    assert corpus.exam("category") == []
    Exam.objects.create(ticket=ticket)
    for target, label in (("category", "wifi"), ("priority", "high")):
        assert corpus.examples(target) == []
        assert [row.label for row in corpus.exam(target)] == [label]
    assert corpus.solved() == ([], [])
    assert corpus.solved_since(None) == 0
