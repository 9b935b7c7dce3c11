"""What the open pages are told: that a ticket changed, never what it says. They fetch it with their own rights."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from common.redis import client

if TYPE_CHECKING:
    from .models import Event, Ticket

CHANNEL = "helpdesk:tickets"

Word = dict[str, object]


def word(ticket: "Ticket", events: "Sequence[Event]") -> Word:
    """One word for one change, however many events it has.

    `seen_by` holds (team, assignee) now and before: who could see the ticket before must hear, too, that it went.
    """
    before = {event.kind: event.data["from"] for event in events if "from" in event.data}
    return {
        "ticket": ticket.number,
        "event": max(event.pk for event in events),
        "seen_by": [
            [ticket.team_id, ticket.assignee_id],
            [before.get("team", ticket.team_id), before.get("assignee", ticket.assignee_id)],
        ],
    }


def publish(word: Word) -> None:
    """Raises `redis.RedisError` when Redis is away; callers wrap it in `common.doorbell.quietly`."""
    client().publish(CHANNEL, json.dumps(word))
