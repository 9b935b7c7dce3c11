"""The only door for other rooms: what triage thinks of a ticket, in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.kept import Given, Kept
from common.text import preview
from people.access import Viewer
from tickets.choices import ActorKind, Priority
from tickets.models import Ticket
from tickets.names import Names

from .models import Suggestion, Target
from .offers import Offer, offers_of, with_answers

SOON = timedelta(minutes=2)  # a ticket younger than this is about to be read
SIMILAR_SHOWN = 5
RIVALS = 2

SILENCES = {
    "no_model": _("No model has been trained yet."),
    "unlearned": _("There are too few decided tickets yet to learn the difference from."),
    "missing": _("The model's file is missing. A manager can train it again."),
    "truncated": _("The model's file is incomplete. A manager can train it again."),
    "altered": _("The model's file was altered and is not trusted. A manager can train it again."),
    "unreadable": _("The model's file cannot be read. A manager can train it again."),
    "versions": _("The model was trained with another version of the program. A manager can train it again."),
    "gone": _("The model thinks of a category that is no longer in use. A manager can train it again."),
}
PARTS = {
    "skill": _("skill"),
    "load": _("free capacity"),
    "presence": _("presence"),
    "continuity": _("knows the customer"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer: its code, its name and how likely it is."""

    code: str
    name: str
    chance: float

    @property
    def percent(self) -> int:
        return round(100 * self.chance)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A stored suggestion with the names that go with its codes."""

    suggestion: Suggestion
    name: str = ""
    rivals: list[Option] = field(default_factory=list)  # the likeliest, where it is not sure

    @property
    def percent(self) -> int | None:
        chance = self.suggestion.confidence
        return None if chance is None else round(100 * chance)

    @property
    def silence(self) -> str:
        code = self.suggestion.silence
        return str(SILENCES.get(code, code))

    @property
    def words(self) -> list[dict[str, Any]]:
        return [reason for reason in self.suggestion.reasons if "word" in reason]

    @property
    def is_usual(self) -> bool:
        """It came from the category's usual priority and from no model."""
        return any("usual" in reason for reason in self.suggestion.reasons)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Of a person's score of 100: (name, points)."""
        known = [reason for reason in self.suggestion.reasons if reason.get("part") in PARTS]
        return [(str(PARTS[reason["part"]]), round(100 * reason["score"])) for reason in known]


@dataclass(frozen=True, slots=True)
class Solved:
    """A done ticket that was like this one, and the staff's last word in it."""

    ticket: Ticket
    category: str
    answer: str
    percent: int


@dataclass(frozen=True, slots=True)
class Panel:
    ticket: Ticket
    categories: list[tuple[str, str]]  # slug and path, for a menu
    decision: str  # the path of the ticket's own category
    opinions: Mapping[str, Opinion]
    offers: list[Offer]
    has_looked: bool  # for solutions, whether it found any or not
    similar: list[Solved]

    @property
    def category(self) -> Opinion | None:
        return self.opinions.get(Target.CATEGORY)

    @property
    def priority(self) -> Opinion | None:
        return self.opinions.get(Target.PRIORITY)

    @property
    def team(self) -> Opinion | None:
        return self.opinions.get(Target.TEAM)

    @property
    def assignee(self) -> Opinion | None:
        return self.opinions.get(Target.ASSIGNEE)

    @property
    def is_awaited(self) -> bool:
        """Triage has not read the ticket yet, but is about to."""
        return self.category is None and self.ticket.is_open and timezone.now() - self.ticket.created_at < SOON

    @property
    def is_decided(self) -> bool:
        """Somebody other than triage chose the category."""
        return self.ticket.category_id is not None and self.ticket.category_by != ActorKind.MODEL

    @property
    def fingerprint(self) -> str:
        """Changes with everything the panel shows: an open page asks for it anew only then."""
        ticket = self.ticket
        shown: list[Any] = [
            ticket.category_id,
            ticket.category_by,
            ticket.priority,
            ticket.team_id,
            ticket.assignee_id,
        ]
        for target, opinion in sorted(self.opinions.items()):
            row = opinion.suggestion
            shown += [target, row.state, row.code, row.confidence, row.silence, row.ranked]
        shown.append(self.has_looked)
        shown += [(one.code, one.title, one.excerpt, one.was_used, one.has_solved) for one in self.offers]
        shown += [(one.ticket.pk, one.answer) for one in self.similar]
        return sha256(repr((shown, self.is_awaited)).encode()).hexdigest()[:12]


def suggestions_of(ticket: Ticket, viewer: Viewer, names: Names) -> Panel:
    """What triage thinks of the ticket, as the viewer may see it; four queries at most, besides those for the names."""
    found = {row.target: row for row in _SUGGESTIONS(ticket=ticket.pk)}
    categories = [(category.slug, names.path(category)) for category in names.categories]
    called = dict(categories) | {priority.slug: str(priority.label) for priority in Priority}
    for row in found.values():
        row.ticket = ticket
    similar, solutions = found.pop(Target.SIMILAR, None), found.pop(Target.SOLUTIONS, None)
    likeness: dict[int, float] = dict(similar.ranked) if similar else {}
    past = _past(likeness, solutions, viewer)
    offers = offers_of(ticket, solutions, past)
    offered = {one.code for one in offers}
    others = [one for one in past.values() if one.pk in likeness and f"t{one.pk}" not in offered]
    return Panel(
        ticket=ticket,
        categories=categories,
        decision=_path(ticket, names),
        opinions={target: _opinion(row, called) for target, row in found.items()},
        offers=offers,
        has_looked=solutions is not None,
        similar=_solved(others, likeness, names),
    )


_SUGGESTIONS = Kept(lambda: Suggestion.objects.filter(ticket=Given("ticket")).select_related("team", "user"))


def _opinion(row: Suggestion, names: Mapping[str, str]) -> Opinion:
    name = names.get(row.label) or str(row.team or row.user or "")
    if row.sure or row.target not in (Target.CATEGORY, Target.PRIORITY):
        return Opinion(row, name)
    options = [Option(code, names[code], chance) for code, chance in row.ranked if code in names]
    return Opinion(row, name, options[:RIVALS])


def _past(likeness: Mapping[int, float], solutions: Suggestion | None, viewer: Viewer) -> dict[int, Ticket]:
    """Every past ticket that the panel may speak of and the viewer may see, with its answer."""
    ids = {*likeness, *(int(code[1:]) for code, _score in (solutions.ranked if solutions else []) if code[0] == "t")}
    if not ids:
        return {}
    return {one.pk: one for one in with_answers(Ticket.objects.visible_to(viewer).done().filter(pk__in=ids))}


def _solved(tickets: Iterable[Ticket], likeness: Mapping[int, float], names: Names) -> list[Solved]:
    nearest = sorted(tickets, key=lambda ticket: (-likeness[ticket.pk], ticket.pk))
    return [
        Solved(
            ticket=ticket,
            category=_path(ticket, names),
            answer=preview(ticket.reply_start or "", 160),  # type: ignore[attr-defined]
            percent=round(100 * likeness[ticket.pk]),
        )
        for ticket in nearest[:SIMILAR_SHOWN]
    ]


def _path(ticket: Ticket, names: Names) -> str:
    return names.category(ticket.category_id) if ticket.category_id else ""
