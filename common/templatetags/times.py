from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def ago(at: datetime | None) -> SafeString | str:
    """Relative, with the exact moment on hover, in the reader's zone."""
    return teller()(at)


@register.simple_tag
def day(at: datetime) -> SafeString:
    """The date, with the exact moment on hover, in the reader's zone."""
    zone = timezone.get_current_timezone()
    start = _start(at.astimezone(UTC), zone, get_language())
    return format_html("{}{}</time>", start, date_format(at.astimezone(zone), "DATE_FORMAT"))


def teller() -> Callable[[datetime | None], SafeString | str]:
    """`ago` for many times on one page: asks only once for the moment, the zone and the language."""
    now, zone, language = timezone.now(), timezone.get_current_timezone(), get_language()

    def told(at: datetime | None) -> SafeString | str:
        if at is None:
            return ""
        start = _start(at.astimezone(UTC), zone, language)
        return format_html("{}{}</time>", start, relative(now - at, at.astimezone(zone)))

    return told


@lru_cache(maxsize=10_000)
def _start(at: datetime, zone: tzinfo, language: str | None) -> SafeString:
    """The opening tag, as it is in that zone and language. Lists show the same times again and again."""
    local = at.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}">', local.isoformat(timespec="seconds"), date_format(local, "DATETIME_FORMAT")
    )


@register.simple_tag
def now_in(zone: str) -> str:
    """The time of day there, with the zone's name; nothing for an unknown zone."""
    try:
        there = timezone.now().astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return f"{there:%H:%M} ({zone.rsplit('/', 1)[-1].replace('_', ' ')})"


def relative(age: timedelta, local: datetime) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)d h", "%(n)d h", minutes // 60) % {"n": minutes // 60}
    if minutes < 7 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    # Django's own Chinese month and day would be 02月5日.
    month_and_day = pgettext("date format of a month and a day", "F j")
    return date_format(local, month_and_day if age.days < 300 else "DATE_FORMAT")
