"""What happens to a ticket that comes in."""

import pytest

from tests.conftest import opened_by
from tests.triage.desk import texts
from tickets.choices import ActorKind, Priority
from tickets.models import Event, Pending, Skill, Ticket
from tickets.work import work_off
from triage import apply, store
from triage.learn.base import Example
from triage.learn.train import train
from triage.models import Suggestion

CLEAR = ("The Wi-Fi drops in the kitchen", "My laptop loses the wireless network every evening.")
VAGUE = ("Wi-Fi refund", "The Wi-Fi drops in the bedroom, I want my money back. Refund please.")


def rows(ticket: Ticket) -> dict[str, Suggestion]:
    return {row.target: row for row in ticket.suggestions.all()}


def test_a_clear_ticket_is_put_into_its_category_with_confidence_and_reasons(models, arrive, categories):
    ticket = arrive(*CLEAR)
    assert ticket.category == categories["wifi"]
    assert ticket.category_by == ActorKind.MODEL
    assert ticket.category_confidence >= models["category"].threshold
    suggestion = rows(ticket)["category"]
    assert (suggestion.state, suggestion.label, suggestion.sure) == ("applied", "wifi", True)
    assert {"Wi-Fi", "wireless"} & {reason["word"] for reason in suggestion.reasons}
    assert suggestion.model == models["category"]


def test_a_chinese_ticket_is_put_into_its_category_and_explained_in_chinese_words(models, arrive, categories):
    ticket = arrive("我要退款", "银行账户没有收到退款，请尽快处理。")
    assert ticket.category == categories["refund"]
    assert "退款" in {reason["word"] for reason in rows(ticket)["category"].reasons}


def test_the_team_follows_from_the_category(models, arrive, network_team):
    ticket = arrive(*CLEAR)
    assert (ticket.team, ticket.team_by) == (network_team, ActorKind.MODEL)
    suggestion = rows(ticket)["team"]
    assert suggestion.state == "applied"
    assert suggestion.confidence >= rows(ticket)["category"].confidence


def test_the_history_says_that_triage_did_it_and_how_sure_it_was(models, arrive, categories):
    ticket = arrive(*CLEAR)
    event = ticket.events.get(kind="category")
    assert event.actor == ActorKind.MODEL
    assert event.data["to"] == categories["wifi"].pk
    assert event.data["confidence"] == round(ticket.category_confidence, 4)


def test_a_vague_ticket_is_left_to_people_with_the_likeliest_kinds_suggested(models, arrive):
    ticket = arrive(*VAGUE)
    assert (ticket.category, ticket.team) == (None, None)
    suggestion = rows(ticket)["category"]
    assert (suggestion.state, suggestion.sure) == ("suggested", False)
    assert len(suggestion.ranked) == 4
    assert not ticket.events.filter(actor=ActorKind.MODEL).exists()


def test_the_priority_is_learned(models, arrive):
    ticket = arrive("Complete outage in our street", "The red light blinks, my neighbours have no connection either.")
    assert (ticket.priority, ticket.priority_by) == (Priority.HIGH, ActorKind.MODEL)


def test_without_a_sure_model_a_category_s_usual_priority_is_set(models, arrive, categories):
    models["priority"].delete()
    categories["wifi"].default_priority = Priority.URGENT
    categories["wifi"].save()
    ticket = arrive(*CLEAR)
    assert (ticket.priority, ticket.priority_by) == (Priority.URGENT, ActorKind.MODEL)
    assert rows(ticket)["priority"].reasons == [{"usual": "wifi"}]


def test_a_model_that_learned_nothing_but_what_is_usual_keeps_silent(models, arrive):
    only_normal = [Example(*text, "normal", at) for at, text in enumerate(texts("wifi"))]
    store.save("priority", train(only_normal))
    suggestion = rows(arrive(*CLEAR))["priority"]
    assert (suggestion.state, suggestion.silence) == ("silent", "unlearned")


def test_what_a_person_chose_is_never_overridden(models, dana, alice, categories, billing_team):
    ticket = opened_by(dana, *CLEAR)
    ticket.categorise(categories["invoice"], by=alice)
    ticket.set_priority(Priority.URGENT, by=alice)
    ticket.send_to(billing_team, by=alice)
    work_off("triage")
    ticket.refresh_from_db()
    assert (ticket.category, ticket.category_by) == (categories["invoice"], ActorKind.PERSON)
    assert (ticket.priority, ticket.team) == (Priority.URGENT, billing_team)
    assert rows(ticket)["category"].state == "corrected"


def test_a_priority_that_came_with_the_ticket_stays(models, dana):
    from tickets.intake import Incoming, receive

    ticket = receive(
        Incoming("api", dana, "My invoice is wrong", "The tax number is missing.", priority=Priority.URGENT)
    )
    work_off("triage")
    ticket.refresh_from_db()
    assert ticket.priority == Priority.URGENT


def test_a_ticket_in_somebody_s_hands_keeps_its_team(models, dana, charlie, billing_team):
    ticket = opened_by(dana, *CLEAR)
    ticket.assign(charlie, by=charlie)
    work_off("triage")
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (None, charlie)
    assert rows(ticket)["team"].state == "suggested"


def test_handling_an_event_twice_is_handling_it_once(models, arrive):
    ticket = arrive(*CLEAR)
    opened = ticket.events.get(kind="opened")
    before = [(row.target, row.state, row.code, row.confidence) for row in ticket.suggestions.order_by("target")]
    events = ticket.events.count()
    apply.handle(opened)
    assert [
        (row.target, row.state, row.code, row.confidence) for row in ticket.suggestions.order_by("target")
    ] == before
    assert ticket.events.count() == events


def test_nothing_stays_pending_and_nothing_failed(models, arrive):
    arrive(*CLEAR)
    work_off("triage")  # what triage did itself, seen as history
    assert not Pending.objects.filter(consumer__in=["triage", "similar"]).exists()


def test_the_best_person_of_the_team_is_suggested_and_the_score_is_kept_by_part(models, arrive, alice, bob, categories):
    Skill.objects.create(user=alice, category=categories["network"], level=0.9)
    Skill.objects.create(user=bob, category=categories["wifi"], level=0.2)
    alice.set_presence("online")
    bob.set_presence("online")
    ticket = arrive(*CLEAR)
    assert ticket.assignee is None
    suggestion = rows(ticket)["assignee"]
    assert suggestion.user == alice
    parts = {reason["part"]: reason["score"] for reason in suggestion.reasons}
    assert set(parts) == {"skill", "load", "presence", "continuity"}
    assert sum(parts.values()) == pytest.approx(suggestion.confidence, abs=0.001)
    assert [pk for pk, _ in suggestion.ranked] == [alice.pk, bob.pk]


def test_triage_assigns_where_the_company_allows_it(models, arrive, alice, settings):
    settings.TRIAGE_ASSIGNS = True
    alice.set_presence("online")
    ticket = arrive(*CLEAR)
    assert ticket.assignee == alice
    assert ticket.events.get(kind="assignee").actor == ActorKind.MODEL


def test_nobody_who_is_offline_is_assigned(models, arrive, alice, settings):
    settings.TRIAGE_ASSIGNS = True
    assert arrive(*CLEAR).assignee is None


def test_similar_solved_tickets_are_found(arrive, history):
    ticket = arrive(*CLEAR)
    found = rows(ticket)["similar"].ranked
    solved = {one.pk: one.category.slug for one in history}
    assert solved[found[0][0]] == "wifi"
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_ticket_solved_a_moment_ago_is_found_on_a_young_desk(arrive, alice):
    first = arrive("The printer eats labels", "It jams on every second label.")
    first.reply("Clean the roller with alcohol.", by=alice, then="resolved")
    second = arrive("Printer jams on labels again", "Every second label is eaten.")
    assert [pk for pk, _ in rows(second)["similar"].ranked] == [first.pk]


def test_a_correction_elsewhere_on_the_page_is_remembered_and_moves_the_ticket(
    models, arrive, alice, categories, billing_team
):
    ticket = arrive(*CLEAR)
    ticket.categorise(categories["refund"], by=alice)
    work_off("triage")
    ticket.refresh_from_db()
    assert rows(ticket)["category"].state == "corrected"
    assert ticket.team == billing_team


def test_a_person_s_word_outlives_a_second_reading(models, arrive, alice, categories):
    ticket = arrive(*CLEAR)
    ticket.categorise(categories["wifi"], by=alice)
    work_off("triage")
    apply.consider(ticket)
    assert rows(ticket)["category"].state == "accepted"


def test_a_huge_and_an_empty_text_are_read_too(models, dana):
    for text in ("", "wifi " * 50_000):
        ticket = opened_by(dana, "…", text)
        work_off("triage")
        assert rows(ticket)["category"].state in ("suggested", "applied")
    assert not Event.objects.filter(pending__attempts__gt=0).exists()
