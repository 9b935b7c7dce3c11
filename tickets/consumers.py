"""Rooms above that must react to history register here; `Ticket.record` writes them a Pending row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from .models import Event


@dataclass(frozen=True, slots=True)
class Consumer:
    """`handle` runs once for each event of `kinds`, in the transaction that deletes its Pending row.

    Not for what `itself` did, an actor's kind: whoever acts knows that already.
    """

    name: str
    kinds: frozenset[str]
    task: str  # the Celery task that works this consumer's Pending rows
    handle: "Callable[[Event], None]"
    rings: bool = True  # at every commit; else the sweeper's round, every few seconds, is soon enough
    itself: str = ""
    after: str = ""  # the consumer whose work goes first: this one waits while that one owes anything, then is rung


consumers: Registry[Consumer] = Registry("consumer")


def interested_in(event: "Event") -> list[Consumer]:
    return [each for each in consumers if event.kind in each.kinds and event.actor != each.itself]
