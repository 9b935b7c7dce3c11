"""Known solutions for a ticket: gathered from the knowledge base and from solved tickets, ranked, and kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from knowledge import search
from knowledge.choices import State
from knowledge.models import Article
from people.models import User
from tickets.choices import DONE_STATUSES
from tickets.models import Ticket

from . import corpus
from .learn.recommend import SILENT, Evidence, Ranked, rank, share_of_votes
from .models import ArticleLink, Outcome, Target
from .notebook import Notebook, notes_on

ASKED = 600  # characters of a ticket: it says first what it is about
FOUND = 12  # articles taken from the search
KEPT = 8  # solutions kept for a ticket; a reader may not be allowed to see them all
CHANCE = 0.5  # of a fit: words that may have met by chance
WRITTEN_TO_ONE = 0.8  # of what the same words say for an article, which is written for all
PAST = 2  # of these at most so many answers of past tickets: an article says it better

OFFERED = (State.INTERNAL, State.PUBLISHED)  # states of articles that are finished


def recommend(notes: Notebook) -> None:
    """Notes the solutions that fit the ticket as it now is, best first, by its similar tickets as far as noted."""
    similar = notes.about(Target.SIMILAR)
    ranked = _best(rank(_candidates(notes.ticket, dict(similar.ranked) if similar else {})))
    notes.keep(
        Target.SOLUTIONS,
        label=_category(notes.ticket),
        ranked=[[one.evidence.code, round(one.score, 4)] for one in ranked],
        reasons=[_reason(one.evidence) for one in ranked],
    )


def recommend_anew(ticket: Ticket) -> None:
    """The ticket came into another category: nothing to do where that was known already, or is about to be."""
    if not ticket.suggestions.filter(target=Target.SIMILAR).exists():
        return  # whoever looks for similar tickets will see the category
    with notes_on(ticket) as notes:
        renew(notes)


def renew(notes: Notebook) -> None:
    """Notes other solutions where those known were judged by another category."""
    known = notes.about(Target.SOLUTIONS)
    if notes.about(Target.SIMILAR) and (known is None or known.label != _category(notes.ticket)):
        recommend(notes)


def _category(ticket: Ticket) -> str:
    """Whose past the solutions were judged by; a label holds slugs and codes, and this one is short."""
    return str(ticket.category_id or "")


def _candidates(ticket: Ticket, similar: Mapping[int, float]) -> list[Evidence]:
    text = _by_words(ticket)
    votes = _votes(similar)
    links = {f"a{link.article_id}": link for link in _links(ticket)}
    linked = {code for code, link in links.items() if link.is_standing}
    text |= {f"t{pk}": WRITTEN_TO_ONE * likeness for pk, likeness in similar.items()}
    found = {*text, *votes, *linked}
    finished = Article.objects.filter(state__in=OFFERED, pk__in=[int(code[1:]) for code in found if code[0] == "a"])
    codes = {f"a{pk}" for pk in finished.values_list("pk", flat=True)} | {code for code in found if code[0] == "t"}
    return [
        Evidence(
            code=code,
            text=text.get(code, 0.0),
            votes=votes.get(code, 0.0),
            linked=code in linked,
            **links[code].counts if code in links else {},
        )
        for code in codes
    ]


def _by_words(ticket: Ticket) -> dict[str, float]:
    """Articles that share words with the ticket, in whichever language, as shares of the best of them.

    What only shares words that meet by chance says half as much.
    """
    words = "\n".join(corpus.words_of(ticket))[:ASKED]
    found = search.search(words, limit=FOUND, viewer=User(), prefix=False)  # as any member of the staff
    best = max((one.score for one in found), default=0.0)
    return {f"a{one.article_id}": one.score / best * (1.0 if one.is_likely else CHANCE) for one in found}


def _votes(similar: Mapping[int, float]) -> dict[str, float]:
    """What helped in the similar tickets, each weighing as much as it is alike."""
    told = Outcome.objects.filter(ticket__in=similar)
    told = told.filter(Q(solved_at__isnull=False) | Q(used_at__isnull=False, ticket__status__in=DONE_STATUSES))
    votes: dict[str, float] = defaultdict(float)
    said: set[int] = {outcome.ticket_id for outcome in told if outcome.solved_at}
    asked = {outcome.ticket_id for outcome in told}
    for outcome in told:
        if outcome.solved_at:
            votes[outcome.code] += similar[outcome.ticket_id]
        elif outcome.ticket_id not in said:
            votes[outcome.code] += SILENT * similar[outcome.ticket_id]
    return share_of_votes(votes, sum(similar[pk] for pk in asked))


def _links(ticket: Ticket) -> Iterable[ArticleLink]:
    return ArticleLink.objects.filter(category=ticket.category_id) if ticket.category_id else []


def _best(ranked: Iterable[Ranked]) -> list[Ranked]:
    best: list[Ranked] = []
    past = 0
    for one in ranked:
        if one.evidence.code[0] == "t":
            past += 1
            if past > PAST:
                continue
        best.append(one)
    return best[:KEPT]


def _reason(evidence: Evidence) -> dict[str, Any]:
    """What the reader is told of it, in the order of the ranking."""
    return {
        "code": evidence.code,
        "text": round(evidence.text, 3),
        "votes": round(evidence.votes, 3),
        "linked": evidence.linked,
        "used": evidence.used,
        "solved": evidence.solved,
        "unsaid": evidence.unsaid,
    }
