"""What figures are counted in, and how a reader sees them."""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from math import floor, log10

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


class Unit(Enum):
    COUNT = "count"
    SHARE = "share"  # 0 to 1, shown in percent
    SECONDS = "seconds"
    SCORE = "score"  # 1 to 5
    PER_HOUR = "per hour"
    RATIO = "ratio"


def shown(value: float | None, unit: Unit) -> str:
    """The value with its unit in the reader's language; a dash where there is none."""
    return "–" if value is None else _SHOWN[unit](value)


def duration(seconds: float) -> str:
    """Two digits that matter: 45 s, 5.1 min, 12 min, 3.4 h, 2.5 d."""
    if round(seconds) < MINUTE:
        return _("%(n)s s") % {"n": decimal(seconds)}
    if round(seconds / MINUTE) < 60:
        return _("%(n)s min") % {"n": _brief(seconds / MINUTE)}
    if seconds < 2 * DAY:
        return _("%(n)s h") % {"n": _brief(seconds / HOUR)}
    return _("%(n)s d") % {"n": _brief(seconds / DAY)}


def decimal(value: float, decimals: int = 0) -> str:
    """Rounded: Django's own `number_format` cuts digits off."""
    return number_format(Decimal(f"{value:.{decimals}f}"), decimals, force_grouping=True)


def _brief(value: float) -> str:
    """With a decimal below ten, unless it is zero."""
    return decimal(value, int(value < 9.95 and round(value, 1) % 1 > 0))


def _percent(share: float) -> str:
    return _("%(n)s %%") % {"n": _brief(100 * share)}


def _per_hour(value: float) -> str:
    """Two digits that matter, also of very few."""
    decimals = 0 if value >= 9.95 or not value else min(4, 1 - floor(log10(value)))
    return _("%(n)s per hour") % {"n": decimal(value, decimals)}


_SHOWN: dict[Unit, Callable[[float], str]] = {
    Unit.COUNT: decimal,
    Unit.SHARE: _percent,
    Unit.SECONDS: duration,
    Unit.SCORE: lambda value: decimal(value, 2),
    Unit.PER_HOUR: _per_hour,
    Unit.RATIO: lambda value: decimal(value, 2),
}
