"""From a customer's first words to a ticket: the one way in, whatever the channel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from common.text import language_of, preview, storable
from people.models import Customer, Team

from . import book, search
from .actors import By
from .choices import ActorKind, Priority
from .models import Category, Message, Ticket
from .models.ticket import tidied
from .uploads import Upload


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a channel understood of a customer's first message."""

    channel: str
    customer: Customer
    subject: str
    text: str
    html: str = ""
    files: Sequence[Upload] = ()
    by: By | None = None  # who opens it, if not the customer
    priority: int = Priority.NORMAL
    tags: Sequence[str] = ()
    category: Category | None = None  # what `by` knows already
    team: Team | None = None
    at: datetime | None = None
    source: str = ""
    external_id: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def receive(incoming: Incoming) -> Ticket:
    """Opens the ticket with its first message and its history; one transaction."""
    ticket, message = _drafted(incoming)
    by = incoming.by or incoming.customer
    with ticket.not_yet_stored() as events:
        ticket.record("opened", by=by, message=message, **incoming.extra)
        if incoming.category:
            ticket.categorise(incoming.category, by=by)
        if incoming.team:
            ticket.send_to(incoming.team, by=by)
    ticket.save()
    writer = book.current()
    writer.add_message(message, incoming.files, heading=search.heading_of(ticket))
    writer.write(ticket, set(), events)
    return ticket


def receive_in_bulk(incoming: Incoming, bulk: book.BulkBook) -> Ticket:
    """The same into a book; the ticket may go on living there by its verbs."""
    bulk.clock = incoming.at or bulk.clock
    ticket, message = _drafted(incoming)
    bulk.add_ticket(ticket)
    bulk.add_message(message, ())
    with book.writing_in(bulk):
        ticket.record("opened", by=incoming.by or incoming.customer, message=message, **incoming.extra)
    return ticket


def _drafted(incoming: Incoming) -> tuple[Ticket, Message]:
    text = storable(incoming.text).strip()
    subject = " ".join(storable(incoming.subject).split())[:250] or preview(text, 80) or "(…)"
    now = incoming.at or book.current().now()
    ticket = Ticket(
        subject=subject,
        customer=incoming.customer,
        channel=incoming.channel,
        priority=incoming.priority,
        tags=tidied(incoming.tags),
        language=language_of(f"{subject} {text}"),
        source=incoming.source,
        external_id=incoming.external_id,
        created_at=now,
        last_message_at=now,
        last_message_preview=preview(text),
    )
    message = Message(
        ticket=ticket,
        author=ActorKind.CUSTOMER,
        customer=incoming.customer,
        channel=incoming.channel,
        text=text,
        html=storable(incoming.html),
        created_at=now,
    )
    return ticket, message
