"""What an agent sees and does about triage on a ticket."""

import pytest

from tests.conftest import opened_by, signed_in
from tickets.choices import ActorKind, Priority
from tickets.models import Ticket
from tickets.names import Names
from triage.models import Suggestion

CLEAR = ("The Wi-Fi drops in the kitchen", "My laptop loses the wireless network every evening.")
VAGUE = ("Wi-Fi refund", "The Wi-Fi drops in the bedroom, I want my money back. Refund please.")


def address(ticket: Ticket, part: str = "panel") -> str:
    return f"/triage/tickets/{ticket.number}/{part}/"


def state(ticket: Ticket, target: str = "category") -> str:
    return ticket.suggestions.get(target=target).state


def test_alice_sees_what_how_sure_and_why(models, arrive, alice_client):
    ticket = arrive(*CLEAR)
    page = alice_client.get(address(ticket)).content.decode()
    assert "Network › Wi-Fi" in page
    assert f"{round(100 * ticket.category_confidence)}%" in page
    assert ">wireless</mark>" in page
    assert "set by triage" in page


def test_a_chinese_reader_sees_it_in_chinese_names(models, arrive, alice):
    alice.language = "zh-hans"
    alice.save()
    page = signed_in(alice).get(address(arrive(*CLEAR))).content.decode()
    assert "网络 › 无线网络" in page


def test_below_the_threshold_it_says_that_it_is_not_sure(models, arrive, alice_client):
    ticket = arrive(*VAGUE)
    page = alice_client.get(address(ticket)).content.decode()
    assert "Not sure" in page
    for slug, _ in ticket.suggestions.get(target="category").ranked[:2]:
        assert f'value="{slug}"' in page


def test_charlie_of_another_team_finds_nothing(models, arrive, charlie_client):
    ticket = arrive(*CLEAR)
    assert charlie_client.get(address(ticket)).status_code == 404
    for part in ("category", "priority", "team", "assignee"):
        assert charlie_client.post(address(ticket, part), {part: "wifi"}).status_code == 404
    ticket.refresh_from_db()
    assert ticket.category_by == ActorKind.MODEL


def test_strangers_are_asked_to_sign_in(ticket, client):
    for part in ("panel", "category", "priority", "team", "assignee"):
        response = client.get(address(ticket, part))
        assert (response.status_code, "/login/" in response.url) == (302, True)


def test_alice_confirms_by_one_click(models, arrive, alice_client, alice):
    ticket = arrive(*CLEAR)
    response = alice_client.post(address(ticket, "category"), {"category": "wifi"})
    ticket.refresh_from_db()
    assert (ticket.category.slug, ticket.category_by) == ("wifi", ActorKind.PERSON)
    assert ticket.events.get(kind="category_confirmed").user == alice
    assert state(ticket) == "accepted"
    assert "ticket-changed" in response["HX-Trigger"]
    assert "decided" in response.content.decode()


def test_alice_corrects_and_the_ticket_goes_to_the_right_team(models, arrive, alice_client, billing_team):
    ticket = arrive(*CLEAR)
    page = alice_client.post(address(ticket, "category"), {"category": "refund"}).content.decode()
    ticket.refresh_from_db()
    assert (ticket.category.slug, ticket.category_by) == ("refund", ActorKind.PERSON)
    assert state(ticket) == "corrected"
    assert ticket.team == billing_team
    assert "Triage thought of Network › Wi-Fi" in page


def test_accepting_twice_is_accepting_once(models, arrive, alice_client):
    ticket = arrive(*CLEAR)
    for _ in range(2):
        alice_client.post(address(ticket, "category"), {"category": "wifi"})
    assert ticket.events.filter(kind="category_confirmed").count() == 1


def test_alice_takes_one_of_two_rivals(models, arrive, alice_client):
    ticket = arrive(*VAGUE)
    (_, _), (second, _) = ticket.suggestions.get(target="category").ranked[:2]
    alice_client.post(address(ticket, "category"), {"category": second})
    ticket.refresh_from_db()
    assert ticket.category.slug == second


@pytest.mark.parametrize("part", ["category", "priority", "team", "assignee"])
@pytest.mark.parametrize("value", ["", "no-such-thing", "999999"])
def test_a_choice_that_is_not_on_offer_is_refused_in_words(part, value, models, arrive, alice_client):
    ticket = arrive(*CLEAR)
    before = ticket.events.count()
    response = alice_client.post(address(ticket, part), {part: value}, headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "no longer on offer" in response.content.decode()
    assert ticket.events.count() == before


def test_a_priority_is_confirmed_or_corrected(models, arrive, alice_client):
    ticket = arrive("Complete outage in our street", "The red light blinks, my neighbours have no connection either.")
    alice_client.post(address(ticket, "priority"), {"priority": "high"})
    assert state(ticket, "priority") == "accepted"
    alice_client.post(address(ticket, "priority"), {"priority": "urgent"})
    ticket.refresh_from_db()
    assert (ticket.priority, state(ticket, "priority")) == (Priority.URGENT, "corrected")


def test_alice_assigns_the_suggested_person(models, arrive, alice_client, alice):
    ticket = arrive(*CLEAR)
    suggestion = ticket.suggestions.get(target="assignee")
    alice_client.post(address(ticket, "assignee"), {"assignee": suggestion.user_id})
    ticket.refresh_from_db()
    assert ticket.assignee == suggestion.user
    assert ticket.events.get(kind="assignee").user == alice
    assert state(ticket, "assignee") == "accepted"


def test_alice_sends_a_vague_ticket_to_the_suggested_team(models, arrive, alice_client):
    ticket = arrive(*VAGUE)
    suggestion = ticket.suggestions.get(target="team")
    assert suggestion.state == "suggested"
    response = alice_client.post(address(ticket, "team"), {"team": suggestion.team_id})
    ticket.refresh_from_db()
    assert (response.status_code, ticket.team_id) == (200, suggestion.team_id)


def test_similar_tickets_come_with_their_answer_and_only_those_alice_may_see(
    models, arrive, alice_client, mona_client, history
):
    ticket = arrive(*VAGUE)
    ticket.send_to(None, by=history[0].customer)
    found = {pk for pk, _ in ticket.suggestions.get(target="similar").ranked}
    numbers = {one.number: one.team.slug for one in Ticket.objects.filter(pk__in=found).select_related("team")}
    assert set(numbers.values()) == {"network", "billing"}
    page = alice_client.get(address(ticket)).content.decode()
    assert "We took care of it: wifi." in page
    shown = {number for number in numbers if f"/inbox/{number}/" in page}
    assert shown
    assert {numbers[number] for number in shown} == {"network"}
    assert "We took care of it: refund." not in page
    assert "We took care of it: refund." in mona_client.get(address(ticket)).content.decode()


def test_a_ticket_that_triage_has_not_read_yet_asks_again(dana, alice_client):
    ticket = opened_by(dana, *CLEAR)
    page = alice_client.get(address(ticket)).content.decode()
    assert "Triage is reading this ticket" in page
    assert "every 2s" in page


def test_an_old_ticket_without_suggestions_says_so_and_can_be_put_into_a_category(history, alice_client):
    ticket = next(one for one in history if one.category.slug == "wifi")
    page = alice_client.get(address(ticket)).content.decode()
    assert "every 2s" not in page
    assert 'name="category"' in page


def test_an_open_page_is_answered_only_when_something_changed(models, arrive, alice_client, alice):
    ticket = arrive(*CLEAR)
    page = alice_client.get(address(ticket)).content.decode()
    seen = page.split("?seen=")[1].split('"')[0]
    assert alice_client.get(address(ticket), {"seen": seen}).status_code == 204
    ticket.set_priority(Priority.URGENT, by=alice)
    assert alice_client.get(address(ticket), {"seen": seen}).status_code == 200


def test_the_panel_costs_the_same_whatever_it_shows(
    models, arrive, alice_client, history, django_assert_max_num_queries
):
    from triage.suggest import suggestions_of

    full, plain = arrive(*CLEAR), arrive(*VAGUE)
    Suggestion.objects.filter(ticket=plain).exclude(target="category").delete()
    viewer = full.assignee or history[0].assignee
    names = Names()
    viewer.team_ids, names.users  # noqa: B018  the page knows them already
    for ticket in (full, plain):
        fresh = Ticket.objects.with_people().get(pk=ticket.pk)
        with django_assert_max_num_queries(4):
            panel = suggestions_of(fresh, viewer, names)
            assert panel.fingerprint
            assert panel.category
            assert bool(panel.similar) == (ticket is full)


def test_the_panel_shows_no_markup_of_a_customer(models, arrive, alice_client, history):
    old = history[0]
    Ticket.objects.filter(pk=old.pk).update(subject="<script>alert(1)</script> Wi-Fi drops in the kitchen")
    page = alice_client.get(address(arrive(*CLEAR))).content.decode()
    assert "<script>" not in page
