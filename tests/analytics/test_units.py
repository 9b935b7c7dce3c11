"""Figures as a reader sees them."""

import pytest
from django.utils import translation

from analytics.units import Unit, shown


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, Unit.COUNT, "–"),
        (0, Unit.COUNT, "0"),
        (12345, Unit.COUNT, "12,345"),
        (0.75, Unit.SHARE, "75 %"),
        (0.0423, Unit.SHARE, "4.2 %"),
        (0.0999, Unit.SHARE, "10 %"),
        (0, Unit.SHARE, "0 %"),
        (1, Unit.SHARE, "100 %"),
        (4.2, Unit.SCORE, "4.20"),
        (0.5, Unit.RATIO, "0.50"),
        (-0.25, Unit.RATIO, "-0.25"),
        (45, Unit.SECONDS, "45 s"),
        (306, Unit.SECONDS, "5.1 min"),
        (720, Unit.SECONDS, "12 min"),
        (3599, Unit.SECONDS, "1 h"),
        (3600, Unit.SECONDS, "1 h"),
        (9000, Unit.SECONDS, "2.5 h"),
        (3 * 86400, Unit.SECONDS, "3 d"),
        (0, Unit.SECONDS, "0 s"),
        (50, Unit.PER_HOUR, "50 per hour"),
        (0.0416, Unit.PER_HOUR, "0.042 per hour"),
        (0, Unit.PER_HOUR, "0 per hour"),
    ],
)
def test_a_value_is_shown_with_the_digits_that_matter(value, unit, words):
    with translation.override("en"):
        assert shown(value, unit) == words


def test_a_chinese_reader_sees_the_same_digits():
    with translation.override("zh-hans"):
        assert shown(0.75, Unit.SHARE).startswith("75")
        assert shown(4.2, Unit.SCORE) == "4.20"
