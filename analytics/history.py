"""What a ticket's history amounts to: from its state and its events to the columns of a fact. No database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tickets.choices import DONE_STATUSES, ActorKind

# Every kind of event that can change a fact; the consumer waits for these.
KINDS = frozenset(
    {
        "opened", "answered", "replied", "status", "priority", "category", "team", "assignee",
        "survey_asked", "rated", "solution_used", "solution_worked", "solution_withdrawn",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """The columns of a ticket's row that a fact is made of."""

    pk: int
    created_at: datetime
    channel: str
    language: str
    priority: int
    category_id: int | None
    team_id: int | None
    assignee_id: int | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: its kind, who did it, its particulars and when."""

    kind: str
    actor: str
    user_id: int | None
    data: Mapping[str, Any]
    at: datetime


def told(state: State, events: Iterable[Happened]) -> dict[str, Any]:
    """The ticket's fact by column name, from its present state and all its events in their order.

    The agent is who holds the ticket, else who replied last. The first response is the first public reply of a person;
    waits are whole seconds since the ticket was opened. A resolution counts until the ticket is reopened. A ticket is
    rated when its first score came, by the last one.
    """
    replies = customer_messages = reopened = 0
    first_reply: datetime | None = None
    replied_by: int | None = None
    by_model: int | None = None
    used: set[str] = set()
    worked: set[str] = set()
    surveyed_at = rated_at = score = None
    for event in events:
        match event.kind:
            case "replied":
                replies += 1
                replied_by = event.user_id or replied_by
                if first_reply is None and event.actor == ActorKind.PERSON:
                    first_reply = event.at
            case "opened" | "answered":
                customer_messages += 1
            case "status":
                reopened += event.data["from"] in DONE_STATUSES and event.data["to"] not in DONE_STATUSES
            case "category":
                by_model = event.data["to"] if event.actor == ActorKind.MODEL else by_model
            case "survey_asked":
                surveyed_at = surveyed_at or event.at
            case "rated":
                rated_at, score = rated_at or event.at, event.data["score"]
            case "solution_used":
                used.add(_solution(event.data))
            case "solution_worked":
                worked.add(_solution(event.data))
            case "solution_withdrawn":
                worked.discard(_solution(event.data))
    return {
        "ticket_id": state.pk,
        "created_at": state.created_at,
        "channel": state.channel,
        "language": state.language,
        "priority": state.priority,
        "category_id": state.category_id,
        "team_id": state.team_id,
        "agent_id": state.assignee_id or replied_by,
        "replies": replies,
        "customer_messages": customer_messages,
        "first_response_seconds": _seconds(state.created_at, first_reply),
        "resolved_at": state.resolved_at,
        "resolution_seconds": _seconds(state.created_at, state.resolved_at),
        "reopened": reopened,
        "sorted_by_model": by_model is not None,
        "overridden": by_model is not None and by_model != state.category_id,
        "solution_used": bool(used | worked),
        "solution_worked": bool(worked),
        "surveyed_at": surveyed_at,
        "rated_at": rated_at,
        "score": score,
    }


def _seconds(since: datetime, until: datetime | None) -> int | None:
    """Never below zero: clocks of imports may disagree."""
    return None if until is None else max(0, int((until - since).total_seconds()))


def _solution(data: Mapping[str, Any]) -> str:
    """The article or the past ticket that an event speaks of."""
    return f"a{data['article']}" if data.get("article") else f"t{data.get('source')}"
