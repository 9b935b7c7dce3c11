"""What the desk's pages need wherever they are."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from common.channels import Channel, channel
from people.models import Presence, User
from people.models.user import Theme

from ..inbox import counted
from ..names import Names
from ..views.desk import live_url

register = template.Library()


@register.inclusion_tag("_desk_nav.html", takes_context=True)
def desk_nav(context: RequestContext) -> dict[str, Any]:
    """The left column. A page that has counted its views already hands them over."""
    user = context["request"].user
    views = context.get("views") or counted(user, Names().teams)
    return {
        "views": views,
        "current": context.get("view"),
        "user": user,
        "path": context["request"].path,
        "presences": [Presence.ONLINE, Presence.AWAY, Presence.OFFLINE],
        "themes": Theme,
        "theme": context.get("theme"),
        "site_name": context.get("site_name"),
        "demo": context.get("demo"),
        "csrf_token": context.get("csrf_token"),
        "LANGUAGE_CODE": context["request"].LANGUAGE_CODE,
        "languages": [("en", "English"), ("zh-hans", "简体中文")],
    }


@register.simple_tag(takes_context=True)
def stream_url(context: RequestContext) -> str:
    return live_url(context["request"])


@register.simple_tag
def options(offered: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """The `<option>`s of a menu for pairs of value and label. A loop in the template would cost eight times."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, " selected" if value == chosen else "", label) for value, label in offered),
    )


@register.filter
def tint(person: object) -> str:
    """One of four calm colours, always the same for the same person."""
    return f"t{(getattr(person, 'pk', 0) or 0) % 4}"


@register.filter
def as_channel(slug: str) -> Channel:
    return channel(slug)


@register.filter
def is_online(user: User) -> bool:
    return user.presence == Presence.ONLINE
