"""Full-text search over tickets. The only place that knows how the index is made and asked.

English words are stemmed by PostgreSQL's `english` configuration; Chinese, Japanese and Korean runs are cut into
overlapping pairs by `common.text.words`, so that no dictionary is needed and both languages share one index.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery, TextField, Value, prefetch_related_objects
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.kept import Given, Kept, among
from common.text import searchable, unhyphenated, words
from people.access import Scope, Viewer, scope_of

if TYPE_CHECKING:
    from .models import Message, Ticket, TicketText

MOST_LEXEMES = 20_000  # keeps a document under PostgreSQL's limit of 1 MB
RANKED = 500  # ranking reads every matching document, so only the newest matches are ranked

_ADD = f"""
    INSERT INTO tickets_tickettext (ticket_id, document)
    VALUES (%s, setweight(to_tsvector('english', %s), 'A') || to_tsvector('english', %s))
    ON CONFLICT (ticket_id) DO UPDATE SET document = CASE
        WHEN length(tickets_tickettext.document) < {MOST_LEXEMES} THEN tickets_tickettext.document || EXCLUDED.document
        ELSE tickets_tickettext.document END
"""  # noqa: S608  the only value put in is a constant of this file

_ADD_MANY = """
    INSERT INTO tickets_tickettext (ticket_id, document)
    SELECT ticket_id, setweight(to_tsvector('english', heading), 'A') || to_tsvector('english', body)
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS told (ticket_id, heading, body)
"""


def add(ticket_id: int, text: str, *, heading: str = "") -> None:
    """Makes the words of one more message findable; `heading` (subject, customer, number) weighs more."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [ticket_id, searchable(heading), searchable(text)])


def heading_of(ticket: "Ticket") -> str:
    customer = ticket.customer
    return f"{ticket.subject} {ticket.number} {customer.name} {customer.address} {' '.join(ticket.tags)}"


def add_many(tickets: Sequence["Ticket"], messages: Iterable["Message"]) -> None:
    """The same for whole new histories, one statement for all."""
    prefetch_related_objects([ticket.customer for ticket in tickets], "identities")
    texts: dict[int, list[str]] = {ticket.pk: [] for ticket in tickets}
    for message in messages:
        texts[message.ticket_id].append(message.text)
    headings = [searchable(heading_of(ticket)) for ticket in tickets]
    bodies = [searchable(" ".join(texts[ticket.pk])) for ticket in tickets]
    with connection.cursor() as cursor:
        cursor.execute(_ADD_MANY, [[ticket.pk for ticket in tickets], headings, bodies])


@dataclass(frozen=True, slots=True)
class Hit:
    ticket: "Ticket"
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Results:
    hits: list[Hit]
    found: int  # capped at RANKED
    is_more: bool


def query_for(text: str) -> SearchQuery | None:
    """All words must occur; the last may be unfinished. None when there is no word to look for."""
    terms = _terms(text)
    if not terms:
        return None
    raw = " & ".join(f"'{term}'{':*' if is_prefix else ''}" for term, is_prefix in terms)
    return SearchQuery(raw, config="english", search_type="raw")


def _terms(text: str) -> list[tuple[str, bool]]:
    found = words(unhyphenated(text[:200]))[:16]
    # A pair followed by the lone last character of the same run already holds that character.
    kept = [w for i, w in enumerate(found) if not (len(w) == 1 and i and found[i - 1].endswith(w) and _is_cjk(w))]
    return [(w, i == len(kept) - 1 or (len(w) == 1 and _is_cjk(w))) for i, w in enumerate(kept)]


def _is_cjk(word: str) -> bool:
    return ord(word[0]) > 0x2E7F


def search(text: str, viewer: Viewer, *, limit: int = 25) -> Results:
    """The best `limit` tickets among the newest 500 that match and that the viewer may see. Three statements."""
    query = query_for(text)
    if query is None:
        return Results([], 0, False)
    newest = _matching(query, scope_of(viewer)).annotate(rank=SearchRank(F("document"), query)).order_by("-pk")
    ranked = list(newest.values_list("pk", "rank")[: RANKED + 1])
    best = sorted(ranked[:RANKED], key=lambda row: (-row[1], -row[0]))[:limit]
    tickets = {ticket.pk: ticket for ticket in _FOUND(tickets=[pk for pk, _rank in best])}
    snippets = _snippets(list(tickets), text)
    hits = [Hit(tickets[pk], snippets.get(pk, _marked(tickets[pk].last_message_preview, text))) for pk, _rank in best]
    return Results(hits, min(len(ranked), RANKED), len(ranked) > RANKED)


def _matching(query: SearchQuery, scope: Scope) -> "QuerySet[TicketText]":
    """The texts within a scope. Each match is looked up by itself: joined, PostgreSQL read all tickets of the scope."""
    from .models import Ticket, TicketText

    matching = TicketText.objects.filter(document=query)
    if scope.everything:
        return matching
    its_ticket = Ticket.objects.within(scope).filter(pk=OuterRef("pk")).order_by()
    return matching.alias(is_seen=Subquery(its_ticket.values(is_seen=Value(True)))).filter(is_seen=True)


def _snippets(ticket_ids: list[int], text: str) -> dict[int, SafeString]:
    """From each ticket, the newest message that holds one of the words, around its first place."""
    holding = _HOLDING(tickets=ticket_ids, pattern=_pattern(text))
    return {ticket_id: _marked(found, text) for ticket_id, found in holding}


def _found() -> "QuerySet[Ticket]":
    from .models import Ticket

    return Ticket.objects.with_customer().filter(among("pk", "tickets"))


def _holding() -> "QuerySet[Message, tuple[int, str]]":
    from .models import Message

    holding = Message.objects.filter(among("ticket", "tickets"), text__iregex=Given("pattern", TextField()))
    return holding.order_by("ticket_id", "-pk").distinct("ticket_id").values_list("ticket_id", "text")


_FOUND, _HOLDING = Kept(_found), Kept(_holding)


def _pattern(text: str) -> str:
    """An expression, for Python and PostgreSQL alike, that finds the words of a query in original text.

    Latin words by the beginning that their forms share, to the end of the word; CJK by the pairs.
    """
    runs = {w if _is_cjk(w) else f"{w if len(w) < 5 else w[: max(4, len(w) - 2)]}[a-z0-9]*" for w, _ in _terms(text)}
    return "|".join(sorted(runs, key=len, reverse=True))


def _marked(text: str, query: str, *, width: int = 160) -> SafeString:
    """The surroundings of the first match as one line, matches in <mark>, everything escaped."""
    pattern = re.compile(_pattern(query), re.IGNORECASE)
    line = " ".join(text.split())
    first = pattern.search(line)
    start = max(0, (first.start() if first else 0) - width // 3)
    piece = line[start : start + width]
    parts: list[SafeString] = [mark_safe("…" if start else "")]  # noqa: S308  constant
    last = 0
    for match in pattern.finditer(piece):
        parts += [
            format_html("{}", piece[last : match.start()]),
            format_html("<mark>{}</mark>", match.group()),
        ]
        last = match.end()
    parts.append(format_html("{}", piece[last:] + ("…" if start + width < len(line) else "")))
    return mark_safe("".join(parts).replace("</mark><mark>", ""))  # noqa: S308  every part was escaped above
