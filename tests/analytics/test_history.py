"""What a history amounts to: pure, so each rule is shown by a few events."""

from datetime import UTC, datetime, timedelta

from analytics.history import Happened, State, told
from tickets.choices import ActorKind

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALICE, BOB = 7, 8


def state(**more):
    usual = {
        "pk": 1,
        "created_at": START,
        "channel": "mail",
        "language": "en",
        "priority": 2,
        "category_id": None,
        "team_id": None,
        "assignee_id": None,
        "resolved_at": None,
    }
    return State(**usual | more)


def happened(kind, minutes=0, actor=ActorKind.PERSON, user=None, **data):
    return Happened(kind, actor, user, data, START + timedelta(minutes=minutes))


def test_the_first_reply_of_a_person_ends_the_wait():
    events = [
        happened("opened", actor=ActorKind.CUSTOMER),
        happened("replied", 1, actor=ActorKind.RULE),
        happened("replied", 10, user=ALICE),
        happened("replied", 20, user=BOB),
    ]
    fact = told(state(), events)
    assert fact["first_response_seconds"] == 600
    assert fact["replies"] == 3
    assert fact["agent_id"] == BOB


def test_who_holds_the_ticket_is_its_agent_whoever_replied():
    assert told(state(assignee_id=ALICE), [happened("replied", 10, user=BOB)])["agent_id"] == ALICE


def test_an_unanswered_ticket_has_no_wait_and_no_agent():
    fact = told(state(), [happened("opened", actor=ActorKind.CUSTOMER)])
    assert fact["first_response_seconds"] is None
    assert fact["agent_id"] is None
    assert fact["customer_messages"] == 1


def test_a_reopened_ticket_is_resolved_by_its_last_resolution():
    events = [
        happened("status", 10, **{"from": "open", "to": "resolved"}),
        happened("status", 30, **{"from": "resolved", "to": "open"}),
        happened("status", 60, **{"from": "open", "to": "resolved"}),
        happened("status", 90, **{"from": "resolved", "to": "closed"}),
    ]
    fact = told(state(resolved_at=START + timedelta(minutes=60)), events)
    assert fact["reopened"] == 1
    assert fact["resolution_seconds"] == 3600


def test_a_clock_that_went_backwards_makes_no_negative_wait():
    assert told(state(resolved_at=START - timedelta(minutes=5)), [])["resolution_seconds"] == 0


def test_a_category_that_triage_chose_and_a_person_changed_is_overridden():
    by_model = happened("category", 1, ActorKind.MODEL, **{"from": None, "to": 5})
    by_alice = happened("category", 2, user=ALICE, **{"from": 5, "to": 6})
    back = happened("category", 3, user=BOB, **{"from": 6, "to": 5})
    kept = told(state(category_id=5), [by_model])
    changed = told(state(category_id=6), [by_model, by_alice])
    returned = told(state(category_id=5), [by_model, by_alice, back])
    by_hand = told(state(category_id=6), [by_alice])
    columns = ("sorted_by_model", "overridden")
    assert [tuple(fact[column] for column in columns) for fact in (kept, changed, returned, by_hand)] == [
        (True, False),
        (True, True),
        (True, False),
        (False, False),
    ]


def test_the_last_verdict_counts_from_the_day_of_the_first():
    events = [happened("survey_asked", 10), happened("rated", 20, score=2), happened("rated", 30, score=4)]
    fact = told(state(), events)
    assert (fact["score"], fact["surveyed_at"], fact["rated_at"]) == (4, events[0].at, events[1].at)


def test_a_solution_that_was_taken_back_was_used_but_did_not_work():
    used, worked = happened("solution_used", 1, article=3), happened("solution_worked", 2, article=3)
    other = happened("solution_worked", 3, source=9)
    back = happened("solution_withdrawn", 4, article=3)
    assert told(state(), [used, worked, back])["solution_used"]
    assert not told(state(), [used, worked, back])["solution_worked"]
    assert told(state(), [used, worked, other, back])["solution_worked"]
