"""The ways a message can travel, as everyone may name them. A ticket knows its channel by slug; the adapter lives in
the room `channels`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .registry import Registry


@dataclass(frozen=True, slots=True)
class Channel:
    name: str
    label: str | Promise
    icon: str  # of the lucide set


channels: Registry[Channel] = Registry("channel")

channels.register(Channel("form", _("web form"), "file-text"))
channels.register(Channel("mail", _("mail"), "mail"))
channels.register(Channel("api", _("API"), "plug"))
channels.register(Channel("import", _("import"), "file-up"))
channels.register(Channel("page", _("ticket page"), "globe"))


def channel(name: str) -> Channel:
    """The channel of that slug; a removed one still has a name to show."""
    return channels.get(name) or Channel(name, name, "circle-question-mark")
