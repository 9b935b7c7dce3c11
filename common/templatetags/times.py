from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def ago(at: datetime | None) -> SafeString | str:
    """Relative, with the exact moment on hover, in the reader's zone."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        date_format(local, "DATETIME_FORMAT"),
        relative(timezone.now() - at, local),
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
    return date_format(local, "MONTH_DAY_FORMAT" if age.days < 300 else "DATE_FORMAT")
