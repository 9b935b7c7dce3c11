"""When a customer may be written to without being asked: pure arithmetic with time zones."""

from datetime import datetime, timedelta, tzinfo


def is_quiet(local: datetime, begin: int, end: int) -> bool:
    """Whether a local time lies in the quiet hours, which may cross midnight. `begin` equal to `end`: never quiet."""
    if begin <= end:
        return begin <= local.hour < end
    return local.hour >= begin or local.hour < end


def after_quiet(at: datetime, zone: tzinfo, begin: int, end: int) -> datetime:
    """`at` itself, or the next moment when the clock in `zone` shows `end` o'clock; aware, in the zone of `at`.

    `begin` and `end` are full hours, 0 to 23. Where the clocks skip that hour, it is the first moment after the gap.
    """
    local = at.astimezone(zone)
    if not is_quiet(local, begin, end):
        return at
    day = local.date() + timedelta(days=local.hour >= end)
    ends = datetime(day.year, day.month, day.day, end, tzinfo=zone)
    # On the night the clocks go back the hour comes twice, and the first may be over.
    ends = ends if ends.timestamp() > at.timestamp() else ends.replace(fold=1)
    return ends.astimezone(at.tzinfo)
