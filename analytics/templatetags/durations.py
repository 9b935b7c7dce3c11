from django import template

from ..units import Unit, shown

register = template.Library()


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as a reader says them; a dash where there are none."""
    return shown(seconds, Unit.SECONDS)
