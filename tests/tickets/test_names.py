"""The house's small tables are kept between pages, and yet are never old."""

import pytest
from django.db import transaction
from django.utils import translation

from people.models import Team, User
from tickets.models import Category, Ticket
from tickets.names import Names


def test_while_nothing_changes_a_page_asks_one_statement(alice, categories, django_assert_num_queries):
    assert Names().teams
    with django_assert_num_queries(1):
        names = Names()
        assert len(names.categories) == 6
        assert [team.slug for team in names.teams] == ["billing", "network"]
        assert names.user(alice.pk) == "Alice"


@pytest.mark.parametrize("change", ["save", "update", "delete", "insert"])
def test_any_change_is_seen_by_the_next_page(change, network_team, billing_team):
    before = [team.name for team in Names().teams]
    if change == "save":
        network_team.name_en = "Cables"
        network_team.save()
    elif change == "update":
        Team.objects.filter(pk=network_team.pk).update(name_en="Cables")
    elif change == "delete":
        network_team.delete()
    else:
        Team.objects.create(slug="sales", name_en="Sales")
    after = [team.name for team in Names().teams]
    assert before == ["Billing", "Network"]
    assert after == {"delete": ["Billing"], "insert": ["Billing", "Network", "Sales"]}.get(
        change, ["Billing", "Cables"]
    )


def test_two_changes_of_one_row_in_one_transaction_are_both_seen(network_team):
    for name in ["Cables", "Wires", "Network"]:
        Team.objects.filter(pk=network_team.pk).update(name_en=name)
        assert Names().team(network_team.pk) == name


def test_what_was_rolled_back_is_forgotten(network_team):
    with transaction.atomic():
        Team.objects.filter(pk=network_team.pk).update(name_en="Never")
        assert Names().team(network_team.pk) == "Never"
        transaction.set_rollback(True)
    assert Names().team(network_team.pk) == "Network"


def test_each_reader_gets_their_own_language(categories):
    wifi = categories["wifi"].pk
    for language, path in [("en", "Network › Wi-Fi"), ("zh-hans", "网络 › 无线网络"), ("en", "Network › Wi-Fi")]:
        with translation.override(language):
            assert Names().category(wifi) == path


def test_a_retired_category_still_has_a_name_and_is_not_offered(categories):
    Category.objects.filter(slug="refund").update(is_active=False)
    names = Names()
    assert names.category(categories["refund"].pk) == "Billing › Refund"
    assert "refund" not in [category.slug for category in names.categories]


def test_who_is_gone_is_told_so(alice):
    gone = alice.pk
    User.objects.filter(pk=gone).delete()
    assert Names().user(gone) == "someone who is gone"


def test_tickets_get_their_names_without_a_statement(ticket, alice, categories, django_assert_num_queries):
    ticket.assign(alice, by=alice)
    ticket.categorise(categories["outage"], by=alice)
    fresh, names = Ticket.objects.get(pk=ticket.pk), Names()
    assert names.teams
    with django_assert_num_queries(0):
        names.attach([fresh])
        assert (fresh.category.path, fresh.team.name, str(fresh.assignee)) == (
            "Network › Line outage",
            "Network",
            "Alice",
        )
