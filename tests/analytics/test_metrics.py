"""Every metric, under every filter, by three ways: the registry's figure, the rows behind it, and plain reckoning."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import mean, quantiles

import pytest
from django.http import QueryDict
from django.utils import timezone

from analytics.facts import rebuild
from analytics.filters import Filter
from analytics.metric import Better, Compared, Figure, Share, metrics
from analytics.models import Assumptions, Target
from analytics.reckoning import Reckoning
from analytics.units import Unit
from knowledge.models import Deflection
from tickets.choices import Priority
from tickets.models import Ticket

from .desk import NOW, Desk, readers, sixty

HOURS = {  # first reply and resolution within
    Priority.URGENT: (1, 8),
    Priority.HIGH: (4, 24),
    Priority.NORMAL: (8, 48),
    Priority.LOW: (16, 72),
}


def day(month, date, hour=0):
    return datetime(2026, month, date, hour, tzinfo=UTC)


PERIODS = {
    "period=7d": (day(3, 12), NOW, day(3, 5), day(3, 11, 12)),
    "period=30d": (day(2, 17), NOW, day(1, 18), day(2, 16, 12)),
    "period=90d": (datetime(2025, 12, 19, tzinfo=UTC), NOW, None, None),
    "period=this-month": (day(3, 1), NOW, day(2, 1), day(2, 18, 12)),
    "period=last-month": (day(2, 1), day(3, 1), day(1, 1), day(2, 1)),
    "period=custom&from=2026-01-10&to=2026-03-05": (day(1, 10), day(3, 6), None, None),
}
PARTS = {
    "": lambda life: True,
    "team=network": lambda life: life.team == "network",
    "team=none": lambda life: life.team is None,
    "agent=charlie": lambda life: life.agent == "charlie",
    "agent=none": lambda life: life.agent is None,
    "category=billing": lambda life: life.branch == "billing",
    "category=wifi": lambda life: life.category == "wifi",
    "category=none": lambda life: life.category is None,
    "channel=mail": lambda life: life.channel == "mail",
    "language=zh-hans": lambda life: life.language == "zh-hans",
    "team=billing&channel=form&language=en": lambda life: (
        (life.team, life.channel, life.language) == ("billing", "form", "en")
    ),
}


# --- The plain reckoning


def seconds(since, until):
    return (until - since).total_seconds()


def quantile(values, fraction):
    """With interpolation between neighbours, as `percentile_cont` does."""
    if not values:
        return None
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=10, method="inclusive")[round(fraction * 10) - 1]


def share(rows, hits):
    return len([row for row in rows if hits(row)]) / len(rows) if rows else None


def in_time(rows, moment, number):
    """Service level: of those done or due, those done within the hours of their priority."""

    def allowed(life):
        return 3600 * HOURS[life.priority][number]

    judged = [r for r in rows if moment(r) or seconds(r.created, NOW) >= allowed(r)]
    hits = [r for r in judged if moment(r) and seconds(r.created, moment(r)) <= allowed(r)]
    return (len(hits) / len(judged) if judged else None), len(judged)


def expected_wait(rows):
    kinds, waits = defaultdict(list), []
    for life in rows:
        kinds[life.category].append(life)
        waits += [seconds(life.created, life.first_reply)] if life.first_reply else []
    if not waits:
        return None
    total = 0.0
    for members in kinds.values():
        answered = [seconds(life.created, life.first_reply) for life in members if life.first_reply]
        total += len(members) / len(rows) * mean(answered or waits)
    return total


def reckoned(lives, deflections, start, end):
    """Value and number of rows of each metric, from what happened."""
    created = [r for r in lives if start <= r.created < end]
    answered = [seconds(r.created, r.first_reply) for r in created if r.first_reply]
    resolved = [r for r in lives if r.resolved and start <= r.resolved < end]
    durations = [seconds(r.created, r.resolved) for r in resolved]
    is_open = [r for r in lives if r.created < end and not (r.resolved and r.resolved < end)]
    ages = [seconds(r.created, end) for r in is_open]
    ever = [r for r in created if r.resolved or r.reopened]
    asked = [r for r in lives if r.asked and start <= r.asked < end]
    rated = [r for r in lives if r.rated and start <= r.rated < end]
    by_model = [r for r in created if r.by_model]
    used = [r for r in resolved if r.used]
    read = [r for r in deflections if start <= r.at < end] if deflections is not None else None
    maybe = None if read is None else len([r for r in read if r.state == Deflection.State.MAYBE])
    confirmed = None if read is None else len([r for r in read if r.state == Deflection.State.CONFIRMED])
    cost = sum(r.replies for r in resolved) * 0.25 * 40 + len(resolved) * 3
    benefit = len(resolved) * 18 + (confirmed or 0) * 12
    return {
        "created": (len(created), len(created)),
        "resolved": (len(resolved), len(resolved)),
        "backlog": (len(is_open), len(is_open)),
        "backlog_age": (quantile(ages, 0.5), len(ages)),
        "backlog_age_p90": (quantile(ages, 0.9), len(ages)),
        "first_response": (quantile(answered, 0.5), len(answered)),
        "first_response_p90": (quantile(answered, 0.9), len(answered)),
        "resolution": (quantile(durations, 0.5), len(durations)),
        "resolution_p90": (quantile(durations, 0.9), len(durations)),
        "reopened": (share(ever, lambda r: r.reopened), len(ever)),
        "service_level_response": in_time(created, lambda r: r.first_reply, 0),
        "service_level_resolution": in_time(created, lambda r: r.resolved, 1),
        "satisfaction": (mean(r.score for r in rated) if rated else None, len(rated)),
        "low_scores": (share(rated, lambda r: r.score <= 2), len(rated)),
        "response_rate": (share(asked, lambda r: r.rated), len(asked)),
        "expected_response": (expected_wait(created), len(created)),
        "throughput": (len(resolved) / (seconds(start, end) / 3600 * 60 / 168), len(resolved)),
        "cost_benefit": ((benefit - cost) / cost if cost else None, len(resolved)),
        "coverage": (share(created, lambda r: r.by_model), len(created)),
        "overrides": (share(by_model, lambda r: r.overridden), len(by_model)),
        "solutions_used": (share(resolved, lambda r: r.used), len(resolved)),
        "solutions_worked": (share(used, lambda r: r.worked), len(used)),
        "deflected_maybe": (maybe, maybe or 0),
        "deflected_confirmed": (confirmed, confirmed or 0),
    }


# --- The desk


@pytest.fixture
def desk(dana, alice, bob, charlie, network_team, billing_team, categories):
    return Desk(
        dana,
        {"alice": alice, "bob": bob, "charlie": charlie},
        {"network": network_team, "billing": billing_team},
        categories,
    )


@pytest.fixture
def past(desk):
    """The sixty lives and forty readers, with facts, targets and assumptions."""
    lives, deflections = sixty(desk), readers()
    for priority, (first, last) in HOURS.items():
        minutes = {"first_response": 60 * first, "resolution": 60 * last}
        Target.objects.update_or_create(priority=priority, defaults=minutes)
    Assumptions.objects.create(
        valid_from=day(1, 1).date(),
        desk_hours=60,
        minutes_per_reply=15,
        cost_per_hour=40,
        cost_per_ticket=3,
        benefit_per_resolved=18,
        benefit_per_deflection=12,
    )
    rebuild()
    return lives, deflections


def reckoning(query):
    return Reckoning(Filter.asked_for(QueryDict(query), now=NOW))


def readable(deflections, part):
    """Of readers only the language is known: any other filter leaves nothing to tell."""
    if part == "":
        return deflections
    return [each for each in deflections if each.language == "zh-hans"] if part == "language=zh-hans" else None


@pytest.mark.parametrize("part", PARTS)
def test_every_metric_is_what_plain_reckoning_says_and_opens_the_rows_behind_it(past, part):
    lives, deflections = past
    mine = [life for life in lives if PARTS[part](life)]
    told = 0
    for period, (start, end, *_before) in PERIODS.items():
        found = reckoning(f"{period}&{part}")
        expected = reckoned(mine, readable(deflections, part), start, end)
        figures = found.figures(*metrics.names())
        assert set(expected) == set(metrics.names()), "a metric without a reckoning of its own"
        for name, (value, n) in expected.items():
            figure, where = figures[name].figure, f"{name}, {period}, {part}"
            assert figure.value == pytest.approx(value), where
            assert figure.n == n, where
            assert found.behind(name).count() == n, where
            told += value is not None
    assert told >= 50, "most figures must have something to tell"


@pytest.mark.parametrize("period", [period for period, when in PERIODS.items() if when[2]])
def test_every_metric_is_compared_with_the_stretch_before(past, period):
    lives, deflections = past
    _start, _end, start, end = PERIODS[period]
    figures = reckoning(period).figures(*metrics.names())
    for name, (value, n) in reckoned(lives, deflections, start, end).items():
        assert figures[name].before.value == pytest.approx(value), name
        assert figures[name].before.n == n, name


def test_the_rows_behind_a_figure_are_those_tickets_and_no_others(past):
    behind = reckoning("period=90d&team=billing").behind("low_scores")
    assert {fact.score for fact in behind} <= set(range(1, 6))
    unhappy = [life for life in past[0] if life.team == "billing" and life.rated]
    assert sorted(fact.created_at for fact in behind) == sorted(life.created for life in unhappy)


@pytest.mark.parametrize("name", [name for name in metrics.names() if isinstance(metrics[name], Share)])
def test_the_hits_of_a_share_and_the_others_are_all_its_rows(past, name):
    for part in PARTS:
        found = reckoning(f"period=90d&{part}")
        figure = found.figures(name)[name].figure
        hits, others = found.behind(name, hit=True), found.behind(name, hit=False)
        assert hits.count() == figure.inputs["S"]
        assert hits.count() + others.count() == figure.n
        assert not set(hits) & set(others)


def test_no_ticket_is_behind_a_figure_that_the_filter_cannot_be_asked_for(past):
    found = reckoning("period=90d&team=billing")
    figure = found.figures("deflected_confirmed")["deflected_confirmed"].figure
    assert (figure.value, figure.n, str(figure)) == (None, 0, "–")
    assert not found.behind("deflected_confirmed").exists()


# --- Side by side


@pytest.mark.parametrize("name", [n for n in metrics.names() if not metrics[n].split and not metrics[n].uses])
def test_the_groups_of_a_metric_add_up_to_it(past, name):
    found = reckoning("period=90d")
    whole = found.figures(name)[name].figure
    by = ["day", "week", "month", "weekday", "hour"] if metrics[name].cohort.at else []
    by += ["team", "agent", "category", "channel", "language", "priority"] if metrics[name].cohort.of_tickets else []
    for dimension in by:
        assert sum(group.figures[name].n for group in found.by(dimension, name)) == whole.n, dimension


def test_a_group_is_the_figure_of_its_own_filter(past):
    for dimension in ("team", "agent", "category", "channel", "language"):
        for group in reckoning("period=90d").by(dimension, "satisfaction", "created", "first_response"):
            if dimension == "category" and group.key:
                continue  # the filter takes the whole branch
            alone = reckoning(f"period=90d&{dimension}={group.word}").figures(*group.figures)
            assert {name: f.value for name, f in group.figures.items()} == {n: c.figure.value for n, c in alone.items()}


def test_days_have_no_gaps_and_open_their_tickets(past):
    found = reckoning("period=30d")
    days = found.by("day", "created", "resolved")
    assert len(days) == 30
    one = next(group for group in days if group.figures["created"].n)
    wanted = found.filter.over(one.key, one.key)
    assert Reckoning(wanted).behind("created").count() == one.figures["created"].n


def test_days_are_those_of_the_readers_clock(past):
    with timezone.override("Asia/Shanghai"):
        days = reckoning("period=7d").by("day", "created")
    expected = defaultdict(int)
    for life in past[0]:
        if life.created >= day(3, 11, 16):
            expected[(life.created + timedelta(hours=8)).date()] += 1
    assert {group.key: group.figures["created"].n for group in days if group.figures["created"].n} == expected


def test_the_largest_team_comes_first_and_says_its_name(past):
    groups = reckoning("period=90d").by("team", "created")
    sizes = [group.figures["created"].n for group in groups]
    assert sizes == sorted(sizes, reverse=True)
    assert {(group.word, group.label) for group in groups} == {
        ("network", "Network"),
        ("billing", "Billing"),
        ("none", "no team"),
    }


def test_the_terms_of_the_expected_wait_add_up_to_it(past):
    figure = reckoning("period=90d").figures("expected_response")["expected_response"].figure
    assert sum(part for _kind, part, _wait in figure.parts) == pytest.approx(1)
    assert sum(part * wait for _kind, part, wait in figure.parts) == pytest.approx(figure.value)


# --- How sure


def test_a_figure_of_few_cases_is_marked_and_a_count_never_is(past):
    figures = reckoning("period=7d").figures("satisfaction", "created")
    assert figures["satisfaction"].figure.is_small
    assert figures["satisfaction"].is_clear is None
    assert not figures["created"].figure.is_small


def test_an_interval_holds_its_value(past):
    for part in PARTS:
        for name, compared in reckoning(f"period=90d&{part}").figures(*metrics.names()).items():
            figure = compared.figure
            if figure.interval:
                assert figure.interval[0] <= figure.value <= figure.interval[1], (name, part)


def test_ten_times_the_tickets_are_more_than_noise_and_neither_good_nor_bad(past):
    compared = reckoning("period=custom&from=2026-02-01&to=2026-02-28").figures("created")["created"]
    assert compared.is_clear is False
    ten_times = Compared(Figure(metrics["created"], 180, 180), Figure(metrics["created"], 18, 18))
    assert ten_times.is_clear
    assert ten_times.is_better is None
    fewer = Compared(Figure(metrics["backlog"], 18, 18), Figure(metrics["backlog"], 180, 180))
    assert fewer.is_better


# --- The registry and its cost


@pytest.mark.parametrize("name", metrics.names())
def test_every_metric_says_what_it_is_in_both_languages(name):
    metric = metrics[name]
    assert str(metric.label)
    assert str(metric.hint).endswith(".")
    assert metric.unit in Unit
    assert metric.better in Better
    assert all(used in metrics for used in metric.uses)


@pytest.mark.parametrize("query", ["", "period=90d&team=billing&category=refund"])
def test_all_figures_together_cost_four_statements(past, query, django_assert_num_queries):
    wanted = Filter.asked_for(QueryDict(query), now=NOW)
    with django_assert_num_queries(4):  # targets, assumptions, edition of the facts, figures
        found = Reckoning(wanted)
        found.figures(*metrics.names())
    with django_assert_num_queries(2):
        found.by("day", "created", "resolved")


def test_figures_are_counted_again_only_when_a_fact_changed_or_the_minute_turned(past, django_assert_num_queries):
    def created(at=NOW):
        return Reckoning(Filter.asked_for(QueryDict("team=billing"), now=at)).figures("created")["created"].figure.n

    first = created()
    with django_assert_num_queries(4):
        assert created() == first
    with django_assert_num_queries(5):
        assert created(NOW + timedelta(minutes=1)) == first
    gone = Ticket.objects.filter(team__slug="billing", fact__created_at__range=(day(2, 17), NOW))[:1]
    Ticket.objects.filter(pk__in=gone).update(team=None)
    rebuild()
    assert created() == first - 1


def test_an_empty_desk_has_no_figures_and_no_errors(db):
    found = reckoning("")
    for name, compared in found.figures(*metrics.names()).items():
        assert compared.figure.value in (None, 0), name
        assert compared.figure.n == 0
        assert not found.behind(name).exists()
    assert len(found.by("day", "created")) == 30
    assert found.by("team", "created") == []
