"""Minutes since the beginning of a simulated past, and what hour that is for whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True)
class Calendar:
    """A past of `days` days that ends at `until`. Moments are minutes, 0 to `length`."""

    until: datetime
    days: int

    @property
    def length(self) -> int:
        return self.days * DAY

    @cached_property
    def beginning(self) -> datetime:
        return self.until - timedelta(days=self.days)

    def moment(self, minute: float) -> datetime:
        return self.beginning + timedelta(seconds=round(minute * 60))

    def minute(self, moment: datetime) -> float:
        return (moment - self.beginning).total_seconds() / 60

    def day(self, minute: float) -> date:
        return self.moment(minute).date()

    def hour(self, minute: float, zone: str) -> float:
        """Of the day in that zone, 0 to 24."""
        local = self.moment(minute).astimezone(ZoneInfo(zone))
        return local.hour + local.minute / 60 + local.second / 3600

    def awake(self, minute: float, zone: str, *, first: int = 7, last: int = 22) -> float:
        """The moment itself, or the next one at which people in that zone are up: from `first` to `last` o'clock."""
        local = self.moment(minute).astimezone(ZoneInfo(zone))
        if first <= local.hour < last:
            return minute
        morning = local.replace(hour=first, minute=0, second=0) + timedelta(days=local.hour >= first)
        return self.minute(morning)
