"""Solved tickets that were like this one. Workers only: the index lives in the process that asks it."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from tickets.models import Event, Ticket

from . import corpus, solutions
from .models import Target
from .notebook import notes_on

if TYPE_CHECKING:
    from .learn.similar import SimilarIndex

FRESH = 600  # seconds an index lasts, unless the desk grew by a tenth
FOUND = 10  # kept for a ticket; a reader may not be allowed to see them all
LEAST = 0.1  # cosine below which two tickets only share a language


@dataclass
class Shelf:
    """The index of this process, made when it is first asked."""

    index: "SimilarIndex | None" = None
    size: int = 0
    made: float = 0.0  # time.monotonic()
    newest: datetime | None = field(default=None)

    def nearest(self, text: str) -> list[tuple[int, float]]:
        if self.index is None or self._is_stale():
            self._make()
        assert self.index is not None
        return self.index.nearest(text, FOUND + 1)

    def _is_stale(self) -> bool:
        grown = corpus.solved_since(self.newest)
        return 10 * grown >= max(self.size, 1) or time.monotonic() - self.made > FRESH

    def _make(self) -> None:
        from .learn.similar import SimilarIndex  # scikit-learn

        self.newest = Ticket.objects.done().aggregate(newest=Max("resolved_at"))["newest"]
        ids, texts = corpus.solved()
        self.index = SimilarIndex().fit(ids, texts)
        self.size, self.made = len(ids), time.monotonic()


shelf = Shelf()


def handle(event: Event) -> None:
    """The consumer: apart from triage proper, so that making an index keeps no ticket from its team."""
    find(event.ticket)


def find(ticket: Ticket) -> None:
    """Stores the solved tickets nearest to this one, best first, and the solutions that follow from them."""
    near = shelf.nearest("\n".join(corpus.words_of(ticket)))
    others = [[pk, round(score, 4)] for pk, score in near if pk != ticket.pk and score >= LEAST][:FOUND]
    with notes_on(ticket) as notes:
        notes.keep(Target.SIMILAR, ranked=others)
        solutions.recommend(notes)
