"""Where verbs write: straight to the database, or, for many tickets at once, into a book that is stored in bulk.

Importer and simulator run the very verbs that people use, against a `BulkBook` with a clock of its own, so that both
doors leave the same history.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common.copying import allotted, copy, give_keys

from . import doorbell, search
from .consumers import interested_in
from .uploads import Upload

if TYPE_CHECKING:
    from .models import Event, Message, Survey, Ticket


KEPT = ("customer", "category")  # of a ticket that is read anew, unless they are others now


class Book(Protocol):
    def now(self) -> datetime: ...
    def held(self, ticket: "Ticket") -> AbstractContextManager[None]: ...
    def has_message(self, ticket: "Ticket", key: UUID) -> bool: ...
    def add_message(self, message: "Message", files: Sequence[Upload], *, heading: str = "") -> None: ...
    def add_words(self, ticket: "Ticket", words: str) -> None: ...
    def survey_of(self, ticket: "Ticket") -> "Survey | None": ...
    def add_survey(self, survey: "Survey") -> None: ...
    def follow_survey(self, ticket: "Ticket") -> None: ...
    def write(self, ticket: "Ticket", fields: set[str], events: list["Event"]) -> None: ...


class LiveBook:
    """Each line at once, in the running transaction."""

    def now(self) -> datetime:
        return timezone.now()

    @contextmanager
    def held(self, ticket: "Ticket") -> Iterator[None]:
        """A transaction that holds the ticket's row; the object is up to date in it."""
        with transaction.atomic():
            known = {name: getattr(ticket, name) for name in KEPT if name in ticket._state.fields_cache}
            ticket.refresh_from_db(from_queryset=type(ticket).objects.select_for_update(of=("self",)))
            for name, row in known.items():
                if row and row.pk == getattr(ticket, f"{name}_id"):
                    setattr(ticket, name, row)
            yield

    def has_message(self, ticket: "Ticket", key: UUID) -> bool:
        return ticket.messages.filter(key=key).exists()

    def add_message(self, message: "Message", files: Sequence[Upload], *, heading: str = "") -> None:
        from .models import Attachment

        message.save()
        for upload in files:
            Attachment.keep(message, upload)
        names = " ".join(upload.name for upload in files)
        search.add(message.ticket_id, f"{message.text} {names}", heading=heading)

    def add_words(self, ticket: "Ticket", words: str) -> None:
        search.add(ticket.pk, "", heading=words)

    def survey_of(self, ticket: "Ticket") -> "Survey | None":
        """As it is now, whatever the ticket object remembers."""
        from .models import Survey

        survey = Survey.objects.filter(ticket=ticket).first()
        if survey:
            survey.ticket = ticket
        return survey

    def add_survey(self, survey: "Survey") -> None:
        survey.save(force_insert=survey._state.adding)

    def follow_survey(self, ticket: "Ticket") -> None:
        from .models import Survey

        Survey.follow(ticket)

    def write(self, ticket: "Ticket", fields: set[str], events: list["Event"]) -> None:
        """The changed columns, the history and what each interested room owes it."""
        from .models import Event, Pending

        if fields:
            ticket.save(update_fields=fields)
        Event.objects.bulk_create(events)
        owed = [(event, consumer) for event in events for consumer in interested_in(event)]
        Pending.objects.bulk_create(Pending(event=event, consumer=consumer.name) for event, consumer in owed)
        doorbell.after_commit(ticket, events, {consumer.task for _event, consumer in owed if consumer.rings})


class BulkBook:
    """Collects whole histories in memory; `store` writes them with a handful of statements.

    Stored history is history: consumers are owed nothing for it.
    """

    def __init__(self) -> None:
        self.clock: datetime = timezone.now()
        self.tickets: list[Ticket] = []
        self.messages: list[Message] = []
        self.events: list[Event] = []
        self.surveys: dict[int, Survey] = {}  # by the identity of their tickets, which have no key yet

    def now(self) -> datetime:
        return self.clock

    def held(self, ticket: "Ticket") -> AbstractContextManager[None]:
        """Nobody else holds a ticket that is not stored yet."""
        return nullcontext()

    def has_message(self, ticket: "Ticket", key: UUID) -> bool:
        return any(message.ticket is ticket and message.key == key for message in self.messages)

    def add_ticket(self, ticket: "Ticket") -> None:
        self.tickets.append(ticket)

    def add_message(self, message: "Message", files: Sequence[Upload], *, heading: str = "") -> None:
        if files:
            raise ValueError("bulk histories carry no files")
        self.messages.append(message)

    def add_words(self, ticket: "Ticket", words: str) -> None:
        """`store` makes the last state findable."""

    def survey_of(self, ticket: "Ticket") -> "Survey | None":
        return self.surveys.get(id(ticket))

    def add_survey(self, survey: "Survey") -> None:
        self.surveys[id(survey.ticket)] = survey

    def follow_survey(self, ticket: "Ticket") -> None:
        """The past is asked about where its teller says so, not by the clock."""

    def write(self, ticket: "Ticket", fields: set[str], events: list["Event"]) -> None:
        """The ticket object is its only copy; `store` writes its last state."""
        self.events += events

    def store(self) -> None:
        """Writes all collected rows in one transaction and empties the book."""
        with transaction.atomic():
            self._give_numbers()
            give_keys(self.tickets)
            for message in self.messages:
                message.ticket_id = message.ticket.pk
            give_keys(self.messages)
            for event in self.events:
                event.ticket_id = event.ticket.pk
                event.message_id = event.message.pk if event.message else None
            give_keys(self.events)
            for survey in self.surveys.values():
                survey.ticket_id = survey.ticket.pk
            for rows in (self.tickets, self.messages, self.events, self.surveys.values()):
                copy(rows)
            search.add_many(self.tickets, self.messages)
        self.tickets, self.messages, self.events, self.surveys = [], [], [], {}

    def _give_numbers(self) -> None:
        without = [ticket for ticket in self.tickets if not isinstance(ticket.number, int)]
        for ticket, number in zip(without, allotted("tickets_number", len(without)), strict=True):
            ticket.number = number


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
