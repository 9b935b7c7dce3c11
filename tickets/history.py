"""The kinds of events: how each is told to a reader. Rooms above register theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.registry import Registry

from .choices import Priority, Score, Status
from .names import Names

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """`tell` puts an event's codes into a sentence of the reader's language; the actor's name goes before it."""

    name: str
    icon: str
    tell: Callable[[Data, Names], str]
    public: bool = False  # shown to the customer, too
    draw: Callable[[Data], str] | None = None  # the icon, where it depends on the particulars

    def icon_for(self, data: Data) -> str:
        return self.draw(data) if self.draw else self.icon


kinds: Registry[Kind] = Registry("event kind")


def kind(
    name: str, icon: str, *, public: bool = False, draw: Callable[[Data], str] | None = None
) -> Callable[[Callable[[Data, Names], str]], Kind]:
    """Registers the decorated function as the teller of the kind."""
    return lambda tell: kinds.register(Kind(name, icon, tell, public, draw))


@kind("opened", "inbox", public=True)
def opened(data: Data, names: Names) -> str:
    return _("opened the ticket")


@kind("answered", "message-square", public=True)
def answered(data: Data, names: Names) -> str:
    return _("wrote")


@kind("replied", "reply", public=True)
def replied(data: Data, names: Names) -> str:
    return _("replied")


@kind("noted", "sticky-note")
def noted(data: Data, names: Names) -> str:
    return _("wrote a note")


@kind("status", "circle-dot", public=True)
def status(data: Data, names: Names) -> str:
    return _("set the status to %(status)s") % {"status": Status(data["to"]).label}


@kind("priority", "flag")
def priority(data: Data, names: Names) -> str:
    return _("set the priority to %(priority)s") % {"priority": Priority(data["to"]).label}


@kind("category", "folder-tree")
def category(data: Data, names: Names) -> str:
    if data["to"] is None:
        return _("removed the category")
    told = {"category": names.category(data["to"])}
    if data.get("confidence") is None:
        return _("put it into %(category)s") % told
    return _("put it into %(category)s (%(sure)s)") % (told | {"sure": f"{data['confidence']:.0%}"})


@kind("category_confirmed", "check")
def category_confirmed(data: Data, names: Names) -> str:
    return _("confirmed %(category)s") % {"category": names.category(data["to"])}


@kind("team", "users")
def team(data: Data, names: Names) -> str:
    if data["to"] is None:
        return _("took it from its team")
    return _("sent it to %(team)s") % {"team": names.team(data["to"])}


@kind("assignee", "user-check")
def assignee(data: Data, names: Names) -> str:
    if data["to"] is None:
        return _("removed the assignee")
    return _("assigned it to %(person)s") % {"person": names.user(data["to"])}


@kind("tags", "tag")
def tags(data: Data, names: Names) -> str:
    added, removed = data.get("added", []), data.get("removed", [])
    parts, comma = [], pgettext("between tags", ", ")
    if added:
        parts.append(_("added the tags %(tags)s") % {"tags": comma.join(added)})
    if removed:
        parts.append(_("removed the tags %(tags)s") % {"tags": comma.join(removed)})
    return _("; ").join(parts)


@kind("links_revoked", "link-2-off")
def links_revoked(data: Data, names: Names) -> str:
    return _("made all mailed links and reply addresses invalid")


@kind("survey_asked", "clipboard-list")
def survey_asked(data: Data, names: Names) -> str:
    return _("asked the customer for an opinion")


@kind("rated", "star", draw=lambda data: Score(data["score"]).icon)
def rated(data: Data, names: Names) -> str:
    told = {"score": data["score"], "face": Score(data["score"]).label, "comment": data.get("comment", "")}
    if told["comment"]:
        return _("rated it %(score)s of 5 (%(face)s): “%(comment)s”") % told
    return _("rated it %(score)s of 5 (%(face)s)") % told
