"""Where verbs write: straight to the database, or, for many tickets at once, into a book that is stored in bulk.

Importer and simulator run the very verbs that people use, against a `BulkBook` with a clock of its own, so that both
doors leave the same history.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.utils import timezone

from . import doorbell, search
from .consumers import interested_in
from .uploads import Upload

if TYPE_CHECKING:
    from .models import Event, Message, Ticket


class Book(Protocol):
    def now(self) -> datetime: ...
    def lock(self, ticket: "Ticket") -> None: ...
    def has_message(self, ticket: "Ticket", key: UUID) -> bool: ...
    def add_message(self, message: "Message", files: Sequence[Upload]) -> None: ...
    def add_words(self, ticket: "Ticket", words: str) -> None: ...
    def write(self, ticket: "Ticket", fields: set[str], events: list["Event"]) -> None: ...


class LiveBook:
    """Each line at once, in the running transaction."""

    def now(self) -> datetime:
        return timezone.now()

    def lock(self, ticket: "Ticket") -> None:
        """Holds the ticket's row until the transaction ends and brings the object up to date."""
        ticket.refresh_from_db(from_queryset=type(ticket).objects.select_for_update(of=("self",)))

    def has_message(self, ticket: "Ticket", key: UUID) -> bool:
        return ticket.messages.filter(key=key).exists()

    def add_message(self, message: "Message", files: Sequence[Upload]) -> None:
        from .models import Attachment

        message.save()
        for upload in files:
            Attachment.keep(message, upload)
        names = " ".join(upload.name for upload in files)
        search.add(message.ticket_id, f"{message.text} {names}")

    def add_words(self, ticket: "Ticket", words: str) -> None:
        search.add(ticket.pk, "", heading=words)

    def write(self, ticket: "Ticket", fields: set[str], events: list["Event"]) -> None:
        """The changed columns, the history and what each interested room owes it."""
        from .models import Event, Pending

        if fields:
            ticket.save(update_fields=fields)
        Event.objects.bulk_create(events)
        owed = [(event, consumer) for event in events for consumer in interested_in(event.kind)]
        Pending.objects.bulk_create(Pending(event=event, consumer=consumer.name) for event, consumer in owed)
        doorbell.after_commit(ticket, events, {consumer.task for _event, consumer in owed})


class BulkBook:
    """Collects whole histories in memory; `store` writes them with a handful of statements.

    Stored history is history: consumers are owed nothing for it.
    """

    def __init__(self) -> None:
        self.clock: datetime = timezone.now()
        self.tickets: list[Ticket] = []
        self.messages: list[Message] = []
        self.events: list[Event] = []

    def now(self) -> datetime:
        return self.clock

    def lock(self, ticket: "Ticket") -> None:
        """Nobody else holds a ticket that is not stored yet."""

    def has_message(self, ticket: "Ticket", key: UUID) -> bool:
        return any(message.ticket is ticket and message.key == key for message in self.messages)

    def add_ticket(self, ticket: "Ticket") -> None:
        self.tickets.append(ticket)

    def add_message(self, message: "Message", files: Sequence[Upload]) -> None:
        if files:
            raise ValueError("bulk histories carry no files")
        self.messages.append(message)

    def add_words(self, ticket: "Ticket", words: str) -> None:
        """`store` makes the last state findable."""

    def write(self, ticket: "Ticket", fields: set[str], events: list["Event"]) -> None:
        """The ticket object is its only copy; `store` writes its last state."""
        self.events += events

    def store(self) -> None:
        """Writes all collected rows in one transaction and empties the book."""
        from django.db import transaction

        from .models import Event, Message, Ticket

        with transaction.atomic():
            Ticket.objects.bulk_create(self.tickets, batch_size=1000)
            Message.objects.bulk_create(self.messages, batch_size=2000)
            Event.objects.bulk_create(self.events, batch_size=5000)
            search.add_many(self.tickets, self.messages)
        self.tickets, self.messages, self.events = [], [], []


_current: ContextVar[Book | None] = ContextVar("book", default=None)
_live = LiveBook()


def current() -> Book:
    return _current.get() or _live


@contextmanager
def writing_in(book: BulkBook) -> Iterator[BulkBook]:
    """Verbs called inside write into `book`."""
    token = _current.set(book)
    try:
        yield book
    finally:
        _current.reset(token)
