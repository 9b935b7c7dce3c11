from functools import cache

import lucide
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An inline SVG of the lucide set, hidden from screen readers: the words beside it say the same."""
    return _drawn(str(name), int(size))


@cache
def _drawn(name: str, size: int) -> SafeString:
    svg = lucide._render_icon(name, size, **{"class": "icon", "aria-hidden": "true"})
    return mark_safe(svg)  # noqa: S308  from the package's own files
