"""A period is the reader's own days, and is judged by the same stretch before it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from analytics.period import NAMED, Period, Stretch

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)  # a Wednesday


def at(*when, zone=UTC):
    return datetime(*when, tzinfo=zone)


def named(word, now=NOON, zone=UTC):
    return NAMED[word](now.astimezone(zone).date(), now, zone)


def test_the_last_seven_days_are_today_and_six_before_up_to_now():
    stretch = named("7d")
    assert stretch.period == Period(at(2026, 3, 12), NOON)
    assert stretch.before == Period(at(2026, 3, 5), at(2026, 3, 11, 12))


def test_days_begin_at_the_readers_midnight():
    assert named("7d", zone=SHANGHAI).period.start == at(2026, 3, 12, zone=SHANGHAI)


def test_a_day_with_a_change_of_clocks_is_a_day():
    stretch = Stretch.of_days(date(2026, 3, 29), date(2026, 3, 29), at(2026, 6, 1), BERLIN)
    assert stretch.period.hours == 23
    assert stretch.before.hours == 24


def test_this_month_is_judged_by_the_same_part_of_the_month_before():
    stretch = named("this-month")
    assert stretch.period == Period(at(2026, 3, 1), NOON)
    assert stretch.before == Period(at(2026, 2, 1), at(2026, 2, 18, 12))


def test_a_long_month_is_never_judged_by_more_than_a_month():
    assert named("this-month", now=at(2026, 3, 31, 12)).before == Period(at(2026, 2, 1), at(2026, 3, 1))


def test_last_month_is_whole_and_so_is_the_one_before():
    stretch = named("last-month")
    assert stretch.period == Period(at(2026, 2, 1), at(2026, 3, 1))
    assert stretch.before == Period(at(2026, 1, 1), at(2026, 2, 1))


def test_chosen_days_are_both_included():
    stretch = Stretch.of_days(date(2026, 2, 2), date(2026, 2, 8), NOON, UTC)
    assert stretch.period == Period(at(2026, 2, 2), at(2026, 2, 9))
    assert stretch.before == Period(at(2026, 1, 26), at(2026, 2, 2))


def test_the_future_is_empty_and_not_negative():
    stretch = Stretch.of_days(date(2027, 1, 1), date(2027, 1, 2), NOON, UTC)
    assert stretch.period.hours == 0


def test_a_period_knows_every_day_it_touches():
    days = Period(at(2026, 3, 12), at(2026, 3, 14, 1)).days(UTC)
    assert days == [date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 14)]
    assert Period(at(2026, 3, 12), at(2026, 3, 13)).days(UTC) == [date(2026, 3, 12)]
