"""What the desk's pages need wherever they are."""

from typing import Any

from django import template
from django.template import RequestContext

from common.channels import Channel, channel
from people.models import Presence, Team, User
from people.models.user import Theme

from ..inbox import counted, views_for
from ..views.desk import live_url

register = template.Library()


@register.inclusion_tag("_desk_nav.html", takes_context=True)
def desk_nav(context: RequestContext) -> dict[str, Any]:
    """The left column. A page that has counted its views already hands them over."""
    user = context["request"].user
    views = context.get("views") or counted(views_for(user, list(Team.objects.all())), user)
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
