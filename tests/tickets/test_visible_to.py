"""Who sees which ticket, in the database and on the stream alike."""

import pytest
from django.contrib.auth.models import AnonymousUser

from people.access import TicketPass, scope_of
from tests.conftest import opened_by
from tickets.models import Ticket


@pytest.fixture
def other_ticket(dana, billing_team, alice):
    ticket = opened_by(dana, "Charged twice")
    ticket.send_to(billing_team, by=alice)
    return ticket


def seen(viewer):
    return set(Ticket.objects.visible_to(viewer))


def test_agents_see_their_teams_tickets_and_those_without_a_team(ticket, other_ticket, alice, charlie, erik):
    unsorted = opened_by(erik)
    assert seen(alice) == {ticket, unsorted}
    assert seen(charlie) == {other_ticket, unsorted}


def test_an_agent_sees_what_is_assigned_to_them_in_any_team(other_ticket, alice, mona):
    other_ticket.assign(alice, by=mona)
    assert other_ticket in seen(alice)


def test_managers_see_everything(ticket, other_ticket, mona):
    assert seen(mona) == {ticket, other_ticket}


def test_a_setting_opens_everything_to_agents(ticket, charlie, settings):
    settings.AGENTS_SEE_ALL_TICKETS = True
    assert ticket in seen(charlie)


def test_customers_see_their_own(ticket, other_ticket, dana, erik):
    assert seen(dana) == {ticket, other_ticket}
    assert seen(erik) == set()


def test_a_link_opens_one_ticket_and_only_its_customers(ticket, other_ticket, dana, erik):
    assert seen(TicketPass(ticket.pk, dana)) == {ticket}
    assert seen(TicketPass(ticket.pk, erik)) == set()


def test_strangers_and_former_staff_see_nothing(ticket, alice):
    alice.is_active = False
    assert seen(AnonymousUser()) == seen(alice) == set()


@pytest.mark.parametrize("name", ["alice", "charlie", "mona"])
def test_the_stream_knows_the_same_as_the_database(name, request, ticket, other_ticket, erik):
    viewer = request.getfixturevalue(name)
    opened_by(erik)
    scope = scope_of(viewer)
    told = {t for t in Ticket.objects.all() if scope.includes(team_id=t.team_id, assignee_id=t.assignee_id)}
    assert told == seen(viewer)
