"""Times as people read them: relative, exact on hover, in their zone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from common.templatetags.times import ago, day, now_in

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False), translation.override("en"), timezone.override("UTC"):
        yield


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=6, hours=23), "6 days"),
        (timedelta(days=7), "November 15"),
        (timedelta(days=400), "Oct. 18, 2025"),
    ],
)
def test_the_older_the_coarser(age, words):
    assert f">{words}</time>" in ago(NOON - age)


def test_a_chinese_date_is_written_without_zeros():
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        assert ">2月5日</time>" in ago(datetime(2026, 2, 5, tzinfo=UTC))
        assert ">2026年2月5日</time>" in day(datetime(2026, 2, 4, 20, tzinfo=UTC))


def test_the_exact_moment_stands_on_hover_in_the_readers_zone():
    with timezone.override("Asia/Shanghai"):
        shown = ago(NOON - timedelta(hours=2))
    assert 'datetime="2026-11-22T18:00:00+08:00"' in shown
    assert 'title="Nov. 22, 2026, 6 p.m."' in shown


def test_no_moment_is_nothing():
    assert ago(None) == ""


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Shanghai", "20:00 (Shanghai)"),
        ("America/New_York", "07:00 (New York)"),
        ("Nowhere/Else", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_the_time_of_day_elsewhere(zone, shown):
    assert now_in(zone) == shown
