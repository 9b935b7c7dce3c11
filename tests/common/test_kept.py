"""A query that is built once answers as one that is built anew, for everyone who asks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common.kept import Given, Kept, among, fill
from people.models import Customer, Identity, Team


def of_customer() -> Kept[Identity]:
    return Kept(lambda: Identity.objects.filter(customer=Given("customer")).select_related("customer"))


def test_it_finds_what_the_plain_query_finds_for_each_value(dana, erik):
    kept = of_customer()
    for customer in (dana, erik, dana):
        assert kept(customer=customer.pk) == list(customer.identities.all())
    assert kept(customer=0) == []


def test_later_changes_are_seen(dana):
    kept = of_customer()
    assert len(kept(customer=dana.pk)) == 1
    Identity.objects.create(customer=dana, kind="phone", value="+49 30 1234")
    assert [identity.value for identity in kept(customer=dana.pk)] == ["dana@example.com", "+49301234"]


def test_one_asking_is_one_statement_and_brings_the_joined_row(dana, django_assert_num_queries):
    kept = of_customer()
    with django_assert_num_queries(1):
        assert kept(customer=dana.pk)[0].customer.name == "Dana Fields"


def test_rows_are_new_objects_that_can_be_saved(dana):
    kept = of_customer()
    first, again = kept.first(customer=dana.pk), kept.first(customer=dana.pk)
    assert first is not again
    first.verified_at = None
    first.save()
    assert kept.first(customer=dana.pk).verified_at is None


def test_what_is_prefetched_belongs_to_the_row_that_was_asked_for(dana, erik):
    kept = Kept(lambda: Customer.objects.filter(pk=Given("customer")).prefetch_related("identities"))
    assert kept.first(customer=dana.pk).address == "dana@example.com"
    assert kept.first(customer=erik.pk).address == "erik@example.com"


def test_values_can_be_kept_as_well(network_team, billing_team):
    kept = Kept(lambda: Team.objects.filter(pk=Given("team")).values_list("slug", flat=True))
    assert [kept(team=team.pk) for team in (billing_team, network_team)] == [["billing"], ["network"]]


def test_a_value_is_never_part_of_the_statement(dana):
    from django.db.models import CharField

    kept = Kept(lambda: Identity.objects.filter(value=Given("value", CharField())))
    assert kept(value="dana@example.com' OR '1'='1") == []
    assert [identity.customer for identity in kept(value="dana@example.com")] == [dana]


def test_what_can_never_be_found_asks_nothing(dana, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Kept(lambda: Identity.objects.none())() == []


def test_a_missing_value_is_a_fault_of_the_program(dana):
    with pytest.raises(KeyError, match="customer"):
        of_customer()(cust=dana.pk)


def test_many_ids_are_given_at_once(dana, erik):
    kept = Kept(lambda: Identity.objects.filter(among("customer", "customers")).order_by("pk"))
    assert kept(customers=[dana.pk, erik.pk]) == [*dana.identities.all(), *erik.identities.all()]
    assert kept(customers=[]) == []


def test_what_was_filled_in_is_there_without_asking_and_narrows_as_ever(dana, erik, django_assert_num_queries):
    own = list(dana.identities.all())
    fresh = Customer.objects.get(pk=dana.pk)
    with django_assert_num_queries(0):
        fill(fresh, "identities", own)
        assert list(fresh.identities.all()) == own
        assert own[0].customer is fresh
    assert list(fresh.identities.filter(kind="mail")) == own, "and nobody else's"


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_the_same_time_each_by_its_own_connection():
    people = [Customer.with_address(f"{n}@example.com", name=str(n)) for n in range(8)]
    kept = of_customer()
    kept(customer=people[0].pk)

    def ask(customer: Customer) -> tuple[list[str], int]:
        try:
            values = {tuple(one.value for one in kept(customer=customer.pk)) for _ in range(20)}
            return sorted(value for (value,) in values), connection.connection.info.backend_pid
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, people))
    assert [values for values, _pid in found] == [[f"{n}@example.com"] for n in range(8)]
    assert connection.connection.info.backend_pid not in {pid for _values, pid in found}
