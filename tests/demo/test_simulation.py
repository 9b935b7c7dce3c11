"""The simulated desk by itself: the same every time, in order, staffed by people, and never drowned in work."""

import random
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from demo.simulation import invented
from demo.simulation.arrivals import FRESH
from demo.simulation.calendar import HOUR, Calendar
from demo.simulation.crew import Crew
from demo.simulation.story import Story
from demo.texts.company import company
from demo.texts.opinions import opinions

UNTIL = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)  # a Wednesday
CALENDAR = Calendar(UNTIL, 60)


def stories(tickets: int = 600, days: int = 60, seed: int = 1) -> list[Story]:
    return list(invented(Calendar(UNTIL, days), tickets=tickets, seed=seed))


@pytest.fixture(scope="module")
def past() -> list[Story]:
    return stories()


def status(story: Story) -> str:
    """As the acts leave it."""
    now = "new"
    for act in story.acts:
        if act.verb == "answer" or (act.verb == "assign" and now == "new"):
            now = "open"
        now = act.told.get("then") or act.told.get("status") or now
    return str(now)


def test_the_same_seed_tells_the_same_past_and_another_seed_another(past):
    assert stories() == past
    assert stories(seed=2) != past


def test_every_customer_who_wrote_has_a_story(past):
    assert sorted(story.rank for story in past) == list(range(600))


def test_what_happens_to_a_ticket_happens_in_order_and_never_after_the_present(past):
    for story in past:
        moments = [story.at, *(act.at for act in story.acts)]
        assert all(before <= after for before, after in pairwise(moments))
        assert moments[-1] <= CALENDAR.length


def test_customers_count_as_they_came(past):
    arrivals = [story.at for story in sorted(past, key=lambda story: story.rank)]
    assert arrivals == sorted(arrivals)


def test_the_last_customers_wrote_some_minutes_ago(past):
    last = sorted(CALENDAR.length - story.at for story in past)[: len(FRESH)]
    assert last == pytest.approx(FRESH)


def test_nobody_is_answered_before_somebody_was_at_work(past):
    known = {agent.username: agent for agent in company().agents}
    for story in past:
        for act in story.acts:
            if act.verb == "assign":
                hour = CALENDAR.hour(act.at, known[act.who].time_zone)
                assert 7.5 <= hour <= 21.5, act


def test_whoever_answers_speaks_the_language(past):
    known = {agent.username: agent for agent in company().agents}
    replies = [(story, act) for story in past for act in story.acts if act.verb == "reply"]
    assert all(story.draft.language in known[act.who].languages for story, act in replies)


@pytest.mark.parametrize(("tickets", "days"), [(150, 60), (1500, 60), (6000, 20)])
def test_few_tickets_are_open_at_the_end_whatever_their_number(tickets, days):
    a_day = tickets / days
    waiting = [story for story in stories(tickets, days) if status(story) != "resolved"]
    assert len(FRESH) <= len(waiting) < 12 + 4 * a_day


def test_a_customer_is_asked_for_an_opinion_once_and_in_daylight(past):
    asked = [(story, act) for story in past for act in story.acts if act.verb == "ask_opinion"]
    assert len({story.rank for story, _act in asked}) == len(asked)
    assert all(8 <= CALENDAR.hour(act.at, story.person.time_zone) < 21 for story, act in asked)


def test_few_customers_rate_and_the_moved_ones_more_often():
    asked = scores = 0
    low: list[float] = []
    high: list[float] = []
    for story in stories(3000, 60):
        asked += any(act.verb == "ask_opinion" for act in story.acts)
        for act in story.acts:
            if act.verb == "rate":
                scores += 1
                first = next(reply.at for reply in story.acts if reply.verb == "reply")
                (low if act.told["score"] <= 2 else high).append(first - story.at)
    assert 0.2 < scores / asked < 0.45
    assert sum(low) / len(low) > 1.3 * sum(high) / len(high)  # who waited longer is less content


def test_the_model_sorts_half_after_a_beginning_without_it_and_is_overruled_now_and_then():
    told = stories(2000)
    sorted_by_model = [story for story in told if any(act.verb == "sort" and act.who == "model" for act in story.acts)]
    assert not [story for story in sorted_by_model if story.at < 0.1 * CALENDAR.length]
    assert 0.4 < len(sorted_by_model) / len(told) < 0.7
    overruled = [story for story in sorted_by_model if any(act.verb == "recategorise" for act in story.acts)]
    assert 0.03 < len(overruled) / len(sorted_by_model) < 0.15


def test_some_stories_are_kept_for_examination(past):
    assert 0.05 < sum(story.draft.held_out for story in past) / len(past) < 0.2


def test_there_is_somebody_on_duty_for_either_language_on_most_weekends():
    crew = Crew.hired(random.Random(1), CALENDAR)
    saturdays = [day for day in range(60) if CALENDAR.day(day * 24 * HOUR + 1).weekday() == 5]
    for team in company().teams:
        for language in ("en", "zh-hans"):
            able = [agent for agent in crew.of(team.slug) if language in agent.staff.languages]
            staffed = sum(
                any(agent.shift_at(day * 24 * HOUR + at) for agent in able for at in range(0, 1440, 60))
                for day in saturdays
            )
            assert staffed >= len(saturdays) - 2, (team, language)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_the_calendar_knows_the_hour_of_every_zone_also_when_clocks_change(zone):
    for minute in range(0, CALENDAR.length, 777):
        known = CALENDAR.moment(minute).astimezone(ZoneInfo(zone))
        assert CALENDAR.hour(minute, zone) == pytest.approx(known.hour + known.minute / 60)
        awake = CALENDAR.awake(minute, zone)
        assert awake >= minute
        assert 6 <= CALENDAR.hour(awake, zone) < 23


def test_customers_have_many_words_for_each_reason_in_both_languages():
    for reasons in opinions().values():
        phrases = [phrase for some in reasons.values() for phrase in some]
        assert len(set(phrases)) == len(phrases) >= 40
    english, chinese = opinions().values()
    assert english.keys() == chinese.keys()
