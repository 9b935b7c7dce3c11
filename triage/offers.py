"""Known solutions as the reader of a ticket sees them, and the words an agent may put into an answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import get_language

from common.html import to_text
from common.text import preview
from knowledge.choices import Language, State
from knowledge.models import Version
from people.access import Viewer
from tickets.choices import ActorKind
from tickets.models import Message, Ticket

from .models import Outcome, Suggestion
from .solutions import OFFERED

SHOWN = 5
FEW = 5  # tickets below which a share says little
LIKE = 0.5  # of the best text: below it, the words are not what speaks for an article


@dataclass(frozen=True, slots=True)
class Offer:
    """One solution. `signs` has text and votes (0 to 1), linked, used, solved, unsaid; `outcome` is of this ticket."""

    code: str
    title: str
    address: str
    excerpt: str
    signs: Mapping[str, Any]
    is_internal: bool = False
    outcome: Outcome | None = None

    @property
    def is_article(self) -> bool:
        return self.code[0] == "a"

    @property
    def used(self) -> int:
        return self.signs.get("used", 0)

    @property
    def solved(self) -> int:
        return self.signs.get("solved", 0)

    @property
    def unsaid(self) -> int:
        return self.signs.get("unsaid", 0)

    @property
    def solved_percent(self) -> int:
        return round(100 * self.solved / self.used)

    @property
    def is_small_sample(self) -> bool:
        return self.used < FEW

    @property
    def fits_words(self) -> bool:
        return self.signs.get("text", 0) >= LIKE

    @property
    def has_votes(self) -> bool:
        return self.signs.get("votes", 0) > 0

    @property
    def is_linked(self) -> bool:
        return bool(self.signs.get("linked"))

    @property
    def was_used(self) -> bool:
        return self.outcome is not None and self.outcome.used_at is not None

    @property
    def has_solved(self) -> bool:
        return self.outcome is not None and self.outcome.solved_at is not None


def offers_of(ticket: Ticket, kept: Suggestion | None, past: Mapping[int, Ticket]) -> list[Offer]:
    """What was recommended and may still be shown, best first; two statements.

    `past` holds the past tickets that the reader may see, with the beginning of their answer as `reply_start`.
    """
    if kept is None or not kept.ranked:
        return []
    signs = {reason["code"]: reason for reason in kept.reasons}
    outcomes = {outcome.code: outcome for outcome in ticket.outcomes.all()}
    known = _articles(int(code[1:]) for code, _score in kept.ranked if code[0] == "a")
    known |= {f"t{pk}": _past(one) for pk, one in past.items() if one.reply_start}  # type: ignore[attr-defined]
    return [
        Offer(code=code, signs=signs.get(code, {}), outcome=outcomes.get(code), **known[code])
        for code, _score in kept.ranked
        if code in known
    ][:SHOWN]


def with_answers(tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """Adds `reply_start`: how the staff's last public word began."""
    replies = _replies().filter(ticket=OuterRef("pk")).values(start=Left("text", 600))
    return tickets.annotate(reply_start=Subquery(replies[:1]))


def words_for(ticket: Ticket, code: str, viewer: Viewer) -> str | None:
    """What goes into the answer to the ticket's customer, in their language; None if there is no such solution.

    A published article ends with its address in the help centre; what only the staff may read is not linked.
    """
    pk = int(code[1:])
    if code[0] == "t":
        source = Ticket.objects.visible_to(viewer).done().filter(pk=pk).first()
        last = _replies().filter(ticket=source).first() if source else None
        return last.text if last else None
    versions = Version.objects.filter(article=pk, article__state__in=OFFERED).select_related("article")
    version = _in_language(versions, ticket.language)
    if version is None:
        return None
    text = to_text(version.html, site=settings.SITE_URL)
    if version.article.state != State.PUBLISHED:
        return text
    return f"{text}\n\n{version.title}: {settings.SITE_URL}{_address(version)}"


def _articles(ids: Iterable[int]) -> dict[str, dict[str, Any]]:
    versions: dict[int, list[Version]] = defaultdict(list)
    rows = Version.objects.filter(article__in=list(ids), article__state__in=OFFERED).select_related("article")
    for row in rows.defer("html"):
        versions[row.article_id].append(row)
    shown = {pk: _in_language(those, get_language() or "") for pk, those in versions.items()}
    return {
        f"a{pk}": {
            "title": version.title,
            "address": _address(version),
            "excerpt": "",
            "is_internal": version.article.state == State.INTERNAL,
        }
        for pk, version in shown.items()
        if version
    }


def _past(ticket: Ticket) -> dict[str, Any]:
    return {
        "title": ticket.subject,
        "address": ticket.get_absolute_url(),
        "excerpt": preview(ticket.reply_start, 160),  # type: ignore[attr-defined]
    }


def _in_language(versions: Iterable[Version], language: str) -> Version | None:
    """The version in that language, else the one there is."""
    return min(versions, key=lambda version: (version.language[:2] != language[:2], version.language), default=None)


def _address(version: Version) -> str:
    return reverse("knowledge:article", args=[Language(version.language).short, version.article.slug])


def _replies() -> "QuerySet[Message]":
    """The staff's public words, the last one first."""
    return Message.objects.filter(author=ActorKind.PERSON, is_public=True).order_by("-created_at", "-pk")
