"""What the list shows of a ticket, ready to print: a template that asked the tickets itself would cost five times."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags.icons import icon
from common.templatetags.times import teller
from people.models.customer import identify
from people.models.user import initials

from .choices import ActorKind, Priority, Status
from .models import Ticket
from .names import Names

TAGS_SHOWN = 2
STATUS_TONES = {Status.NEW: " acc", Status.RESOLVED: " good"}
Chip = tuple[str, SafeString | str, str]  # tone of `.chip` with a space before it, icon, words


class Row(TypedDict):
    """A dictionary, because that is what templates read fastest."""

    number: int
    address: str
    awaits: bool
    tint: int
    initials: str
    who: str
    when: SafeString | str
    subject: str
    icon: SafeString | str
    preview: str
    chips: SafeString


def rows(
    tickets: Iterable[Ticket],
    names: Names,
    *,
    query: str,
    snippets: Mapping[int, SafeString] | None = None,
) -> list[Row]:
    """The tickets come with their customers, and perhaps with `has_draft`; all else is attached from `names`.

    `query` leads back to the list, `snippets` are shown for tickets (by id) in place of their last messages.
    """
    tickets = list(tickets)
    names.attach(tickets)
    identify([ticket.customer for ticket in tickets if not ticket.customer.name])
    told = teller()
    before, after = reverse("tickets:ticket", args=[0]).rsplit("0", 1)
    shown: list[Row] = []
    for ticket in tickets:
        customer, name = ticket.customer, str(ticket.customer)
        snippet = snippets.get(ticket.pk) if snippets else None
        is_ours = not snippet and ticket.last_message_by == ActorKind.PERSON
        shown.append(
            {
                "number": ticket.number,
                "address": f"{before}{ticket.number}{after}?{query}",
                "awaits": ticket.awaits_us,
                "tint": customer.pk % 4,
                "initials": initials(name),
                "who": f"{name} · {customer.organisation}" if customer.organisation_id else name,
                "when": told(ticket.last_message_at),
                "subject": ticket.subject,
                "icon": icon("reply", 13) if is_ours else "",
                "preview": snippet or ticket.last_message_preview,
                "chips": format_html_join("", '<span class="chip{}">{}{}</span>', _chips(ticket, names)),
            }
        )
    return shown


def _chips(ticket: Ticket, names: Names) -> Iterator[Chip]:
    if ticket.priority >= Priority.HIGH and ticket.is_open:
        tone = " bad" if ticket.priority == Priority.URGENT else " warn"
        yield tone, icon("flag", 12), str(Priority(ticket.priority).label)
    if ticket.status != Status.OPEN:
        status = Status(ticket.status)
        yield STATUS_TONES.get(status, ""), "", str(status.label)
    if ticket.category:
        yield "", "", _category(ticket, names)
    if ticket.assignee:
        yield "", icon("user", 12), str(ticket.assignee)
    if getattr(ticket, "has_draft", False):
        yield " warn", icon("pencil", 12), _("draft")
    for tag in ticket.tags[:TAGS_SHOWN]:
        yield "", icon("tag", 12), tag


def _category(ticket: Ticket, names: Names) -> str:
    path = names.category(ticket.category_id or 0)
    if ticket.category_by == ActorKind.MODEL and ticket.category_confidence:
        return f"{path} {ticket.category_confidence:.0%}"
    return path
