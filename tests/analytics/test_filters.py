"""A report's address says all it is about, and survives being wrong."""

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from analytics.filters import Choices, Filter

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


def asked(query):
    return Filter.asked_for(QueryDict(query), now=NOW)


def test_the_address_leads_to_the_same_question(categories, alice):
    query = "period=90d&team=network&agent=alice&category=wifi&channel=mail&language=zh-hans"
    wanted = asked(query)
    assert wanted.address == query
    assert asked(wanted.address) == wanted
    assert wanted.ignored == ()


def test_chosen_days_are_in_the_address(db):
    wanted = asked("period=custom&from=2026-02-02&to=2026-02-08")
    assert (wanted.first, wanted.last) == (date(2026, 2, 2), date(2026, 2, 8))
    assert asked(wanted.address) == wanted


def test_nothing_asked_means_the_last_thirty_days_of_everything(db):
    wanted = asked("")
    assert wanted.address == "period=30d"
    assert not wanted.words


@pytest.mark.parametrize(
    ("query", "lost"),
    [
        ("period=aeon", "aeon"),
        ("team=gone", "gone"),
        ("agent=nobody-we-know", "nobody-we-know"),
        ("category=gone", "gone"),
        ("language=klingon", "klingon"),
        ("period=custom&from=yesterday&to=2026-02-08", "yesterday – 2026-02-08"),
        ("period=custom&from=2026-02-08&to=2026-02-02", "2026-02-08 – 2026-02-02"),
        ("period=custom&from=1026-02-08&to=2026-02-02", "1026-02-08 – 2026-02-02"),
        ("period=custom&from=2001-01-01&to=2026-02-02", "2001-01-01 – 2026-02-02"),
        ("team=ne%00twork-x", "network-x"),
    ],
)
def test_an_unknown_word_is_left_out_and_named(network_team, query, lost):
    wanted = asked(query)
    assert wanted.address == "period=30d"
    assert wanted.ignored == (lost,)


def test_a_question_can_be_narrowed_and_widened_again(network_team, billing_team):
    wanted = asked("period=7d&team=network")
    assert wanted.narrowed(team="billing").address == "period=7d&team=billing"
    assert wanted.narrowed(team="").address == "period=7d"
    assert wanted.over(date(2026, 1, 1), date(2026, 1, 2)).period.start == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_branch_stands_for_everything_below_it(categories):
    choices = Choices()
    below = {categories[slug].pk for slug in ("network", "wifi", "outage")}
    assert set(choices.branch("network")) == below
    assert choices.branch("wifi") == [categories["wifi"].pk]


def test_a_retired_category_can_still_be_asked_for_but_is_not_offered(categories):
    categories["wifi"].is_active = False
    categories["wifi"].save()
    wanted = asked("category=wifi")
    assert wanted.said("category") == "Network › Wi-Fi"
    assert "wifi" not in dict(wanted.choices.options("category"))


def test_a_reader_sees_names_not_words(categories, alice):
    wanted = asked("team=network&agent=none&language=zh-hans&channel=mail")
    assert [wanted.said(name) for name in ("team", "agent", "channel", "category")] == ["Network", "nobody", "mail", ""]


def test_the_readers_time_zone_decides_where_a_day_begins(db):
    with timezone.override("Asia/Shanghai"):
        assert asked("period=7d").period.start == datetime(2026, 3, 11, 16, 0, tzinfo=UTC)


def test_choices_cost_one_statement(categories, alice, django_assert_num_queries):
    Choices().options("team")  # while nothing changes, the process keeps the names
    with django_assert_num_queries(1):
        choices = Choices()
        for name in ("team", "agent", "category", "channel", "language"):
            assert choices.options(name)
