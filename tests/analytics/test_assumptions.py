"""What the administrator sets, and what holds where nobody has set anything."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from analytics.models import Assumptions, Target
from tickets.choices import Priority


@pytest.fixture
def first_day(db):
    """What the migration left, also where another test has emptied the house."""
    Target.objects.all().delete()
    import_module("analytics.migrations.0002_usual_targets").fill(apps, None)


def test_every_priority_has_a_target_from_the_first_day(first_day):
    assert set(Target.objects.values_list("priority", flat=True)) == set(Priority)


def test_a_missing_target_is_the_usual_one(db):
    Target.objects.all().delete()
    urgent = Target.by_priority()[Priority.URGENT]
    assert (urgent.first_response, urgent.resolution) == (30, 240)


def test_a_stored_target_counts(first_day):
    Target.objects.filter(priority=Priority.LOW).update(first_response=5)
    assert Target.by_priority()[Priority.LOW].first_response == 5


def test_assumptions_hold_from_their_day_on(db):
    assert Assumptions.at(date(2026, 3, 1)).pk is None
    old = Assumptions.objects.create(valid_from=date(2026, 1, 1))
    new = Assumptions.objects.create(valid_from=date(2026, 3, 1))
    assert Assumptions.at(date(2026, 2, 28)) == old
    assert Assumptions.at(date(2026, 3, 1)) == new
    assert Assumptions.at(date(2025, 12, 31)) == old


def test_the_administrator_changes_targets_and_adds_none(first_day, ada_client):
    page = ada_client.get("/admin/analytics/target/")
    assert page.status_code == 200
    assert ada_client.get("/admin/analytics/target/add/").status_code == 403
    known = Target.objects.get(priority=Priority.HIGH)
    words = {"first_response": 90, "resolution": 600}
    assert ada_client.post(f"/admin/analytics/target/{known.pk}/change/", words).status_code == 302
    assert Target.by_priority()[Priority.HIGH].first_response == 90


def test_the_administrator_dates_assumptions(ada_client):
    page = ada_client.get("/admin/analytics/assumptions/add/")
    assert page.status_code == 200
    words = {name: page.context["adminform"].form[name].value() for name in page.context["adminform"].form.fields}
    ada_client.post("/admin/analytics/assumptions/add/", words | {"valid_from": "2026-03-01", "desk_hours": "62.5"})
    assert Assumptions.at(date(2026, 3, 2)).desk_hours == 62.5
