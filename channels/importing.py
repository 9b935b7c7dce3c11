"""Tickets of another system, with their history. A second run adds only what is missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from common.text import storable
from people.models import Customer, Identity
from tickets.actors import Actor
from tickets.book import BulkBook, writing_in
from tickets.choices import ActorKind
from tickets.intake import Incoming, receive_in_bulk
from tickets.models import Ticket

from .sheets import Row
from .stories import FIELDS, BadRow, Reader, Story, is_done

BATCH = 1000  # rows stored in one transaction: what a crash can undo
SOMEONE = Actor(ActorKind.PERSON)  # of the other system, whom this house does not know

Reject = Callable[[Row, str], None]


class UnknownColumn(Exception):
    """The mapping names a field or a column that does not exist; the message names those that do."""


@dataclass(slots=True)
class Tally:
    imported: int = 0
    known: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Import:
    """One run. `columns` says which column holds which field; fields of the same name map themselves."""

    reader: Reader
    columns: Mapping[str, str]
    reject: Reject
    channel: str = "import"
    tally: Tally = field(default_factory=Tally)

    def run(self, rows: Iterable[Row]) -> Iterator[int]:
        """Imports batch by batch and yields the line it has come to. Raises `UnknownColumn` before the first one."""
        rows, fields = iter(rows), None
        while batch := list(islice(rows, BATCH)):
            fields = fields or self._mapped(batch)
            stories = [story for row in batch if (story := self._story(row, fields))]
            self._store(stories)
            yield batch[-1].line

    def _mapped(self, batch: Sequence[Row]) -> dict[str, str]:
        """Field → column, from what was asked for and what the file has."""
        present = {name for row in batch for name in row.values}
        for name, column in self.columns.items():
            if name not in FIELDS:
                raise UnknownColumn(f"There is no field {name!r}. There are: {', '.join(FIELDS)}.")
            if column and column not in present:
                raise UnknownColumn(f"There is no column {column!r}. There are: {', '.join(sorted(present))}.")
        mapped = {name: name for name in FIELDS if name in present} | dict(self.columns)
        mapped = {name: column for name, column in mapped.items() if column}
        if not {"subject", "body"} & mapped.keys():
            raise UnknownColumn(
                f"Say which column holds the subject or the body, for example --map body=COLUMN. "
                f"There are: {', '.join(sorted(present))}."
            )
        return mapped

    def _story(self, row: Row, fields: Mapping[str, str]) -> Story | None:
        reason = row.fault
        if not reason:
            values = {name: storable(row.values.get(column, "")).strip() for name, column in fields.items()}
            try:
                return self.reader.story(values)
            except BadRow as error:
                reason = str(error)
        self.tally.rejected += 1
        self.reject(row, reason)
        return None

    def _store(self, stories: Sequence[Story]) -> None:
        try:
            imported = self._missing_told(stories)
        except IntegrityError:
            # Somebody else made one of the tickets or customers meanwhile; now it is found.
            imported = self._missing_told(stories)
        self.tally.imported += imported
        self.tally.known += len(stories) - imported

    def _missing_told(self, stories: Sequence[Story]) -> int:
        """Stores what is not there yet, in one transaction; returns how many that were."""
        source = self.reader.source
        ids = [story.external_id for story in stories]
        known = Ticket.objects.filter(source=source, external_id__in=ids).values_list("external_id", flat=True)
        missing = {story.external_id: story for story in reversed(stories)}  # of equal ids the first stands
        for external_id in known:
            del missing[external_id]
        customers = _customers(missing.values())
        bulk = BulkBook()
        for story in reversed(missing.values()):
            self._tell(story, customers[story.customer], bulk)
        bulk.store()
        return len(missing)

    def _tell(self, story: Story, customer: Customer, bulk: BulkBook) -> None:
        """Lives the ticket's life again, each step at its time, by the verbs that everyone uses."""
        incoming = Incoming(
            channel=self.channel,
            customer=customer,
            subject=story.subject,
            text=story.body,
            priority=story.priority,
            tags=story.tags,
            at=story.created_at,
            source=self.reader.source,
            external_id=story.external_id,
        )
        ticket = receive_in_bulk(incoming, bulk)
        ticket.language = story.language
        steps: list[tuple[datetime, Callable[[], object]]] = []
        if story.answer:
            steps.append((story.answered_at, lambda: _answer(ticket, story)))
        ends_at = story.resolved_at if is_done(story) else max(story.created_at, story.answered_at)
        steps.append((ends_at, lambda: ticket.set_status(story.status, by=story.assignee or SOMEONE)))
        with writing_in(bulk):
            if story.category:
                ticket.categorise(story.category, by=SOMEONE)
            if story.team:
                ticket.send_to(story.team, by=SOMEONE)
            if story.assignee:
                ticket.assign(story.assignee, by=SOMEONE)
            for at, step in sorted(steps, key=lambda step: step[0]):
                bulk.clock = at
                step()


def _answer(ticket: Ticket, story: Story) -> None:
    ticket.reply(story.answer, by=story.assignee or SOMEONE, then=ticket.status)


def _customers(stories: Iterable[Story]) -> dict[tuple[str, str], Customer]:
    """The customers of the stories by their identities, made where new. Raises `IntegrityError` in a race."""
    first = {story.customer: story for story in stories}
    values = [value for _kind, value in first]
    found = Identity.objects.filter(value__in=values).select_related("customer")
    customers = {(identity.kind, identity.value): identity.customer for identity in found}
    new = [key for key in first if key not in customers]
    with transaction.atomic():
        made = Customer.objects.bulk_create(
            Customer(name=first[key].customer_name[:200], language=first[key].language) for key in new
        )
        Identity.objects.bulk_create(
            Identity(customer=customer, kind=kind, value=value)
            for customer, (kind, value) in zip(made, new, strict=True)
        )
    customers.update(zip(new, made, strict=True))
    prefetch_related_objects(list(customers.values()), "identities")
    return customers
