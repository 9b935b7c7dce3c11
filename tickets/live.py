"""What the open pages are told: that a ticket changed, never what it says. They fetch the rest with their own rights."""

import json
from typing import TYPE_CHECKING

from common.redis import client

if TYPE_CHECKING:
    from .models import Event

CHANNEL = "helpdesk:tickets"


def publish(event: "Event") -> None:
    """Raises `redis.RedisError` when Redis is away; callers wrap it in `common.doorbell.quietly`."""
    ticket = event.ticket
    word = {
        "event": event.pk,
        "kind": event.kind,
        "ticket": ticket.number,
        "team": ticket.team_id,
        "assignee": ticket.assignee_id,
        "user": event.user_id,
    }
    client().publish(CHANNEL, json.dumps(word))
