"""What triage thinks of one ticket: read with one statement, written with one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from common.kept import Given, Kept
from tickets.models import Ticket

from .models import Suggestion

_WRITTEN = [
    field.name
    for field in Suggestion._meta.concrete_fields
    if not field.primary_key and field.name not in ("ticket", "target")
]


_KNOWN = Kept(lambda: Suggestion.objects.filter(ticket=Given("ticket")))


class Notebook:
    """The suggestions of `ticket`, which is held: nobody else changes it or them until the notes are written."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._rows: dict[str, Suggestion] = {row.target: row for row in _KNOWN(ticket=ticket.pk)}
        self._new: set[str] = set()
        self._gone: set[str] = set()

    def about(self, target: str) -> Suggestion | None:
        return self._rows.get(target)

    def keep(self, target: str, **values: Any) -> None:
        """The one thing to think about `target`, unless a person has judged what was thought before."""
        known = self._rows.get(target)
        if known and known.is_judged:
            return
        self._rows[target] = Suggestion(ticket=self.ticket, target=target, created_at=timezone.now(), **values)
        self._new.add(target)
        self._gone.discard(target)

    def forget(self, target: str) -> None:
        if self._rows.pop(target, None):
            self._gone.add(target)
        self._new.discard(target)

    def write(self) -> None:
        if self._gone:
            Suggestion.objects.filter(ticket=self.ticket, target__in=self._gone).delete()
        Suggestion.objects.bulk_create(
            (self._rows[target] for target in sorted(self._new)),
            update_conflicts=True,
            unique_fields=["ticket", "target"],
            update_fields=_WRITTEN,
        )


@contextmanager
def notes_on(ticket: Ticket) -> Iterator[Notebook]:
    """Holds the ticket, read anew, until what was noted is written, and with it what its verbs did meanwhile."""
    with ticket.held():
        notes = Notebook(ticket)
        yield notes
        notes.write()
