"""Stretches of time a report may be about, in the reader's own days."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, not including, `end`; both aware."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        """Hours on the wall clock."""
        return (self.end - self.start).total_seconds() / 3600

    def days(self, zone: tzinfo) -> list[date]:
        """Every day it touches."""
        first, last = self.start.astimezone(zone).date(), (self.end - timedelta.resolution).astimezone(zone).date()
        return [first + DAY * n for n in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period and the same stretch before it, by which it is judged: both are cut at the same point."""

    period: Period
    before: Period

    @classmethod
    def of_days(cls, first: date, last: date, now: datetime, zone: tzinfo) -> "Stretch":
        """From the first to the last day, both included, and as many days before. Nothing after now counts."""
        length = (last - first).days + 1
        start = midnight(first, zone)
        end = max(start, min(midnight(last + DAY, zone), now))
        return cls(Period(start, end), Period(_back(start, length, zone), min(_back(end, length, zone), start)))

    @classmethod
    def of_month(cls, day: date, now: datetime, zone: tzinfo) -> "Stretch":
        """The month of the day up to now, and the month before it up to the same point."""
        first = day.replace(day=1)
        first_before = (first - DAY).replace(day=1)
        start, start_before = midnight(first, zone), midnight(first_before, zone)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        end = midnight(last + DAY, zone)
        if now >= end:
            return cls(Period(start, end), Period(start_before, start))
        return cls(Period(start, now), Period(start_before, min(start_before + (now - start), start)))


def midnight(day: date, zone: tzinfo) -> datetime:
    """In UTC: two moments of one zone would be subtracted without regard to a change of clocks between them."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _back(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time of day, days earlier: a day with a change of clocks is a day, too."""
    here = moment.astimezone(zone)
    return datetime.combine(here.date() - DAY * days, here.time(), tzinfo=zone).astimezone(UTC)


Named = Callable[[date, datetime, tzinfo], Stretch]

NAMED: dict[str, Named] = {
    "7d": lambda today, now, zone: Stretch.of_days(today - 6 * DAY, today, now, zone),
    "30d": lambda today, now, zone: Stretch.of_days(today - 29 * DAY, today, now, zone),
    "90d": lambda today, now, zone: Stretch.of_days(today - 89 * DAY, today, now, zone),
    "this-month": Stretch.of_month,
    "all": lambda today, now, zone: Stretch.of_days(today - (3 * 365 - 1) * DAY, today, now, zone),
    "last-month": lambda today, now, zone: Stretch.of_month(today.replace(day=1) - DAY, now, zone),
}
