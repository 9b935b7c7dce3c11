"""Rooms above that must react to history register here; `Ticket.record` writes them a Pending row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from .models import Event


@dataclass(frozen=True, slots=True)
class Consumer:
    """`handle` runs once for each event of `kinds`, in the transaction that deletes its Pending row."""

    name: str
    kinds: frozenset[str]
    task: str  # the Celery task that works this consumer's Pending rows
    handle: "Callable[[Event], None]"
    rings: bool = True  # at every commit; else the sweeper's round, every few seconds, is soon enough
    after: str = ""  # the consumer whose work goes first: this one waits while that one owes anything, then is rung


consumers: Registry[Consumer] = Registry("consumer")


def interested_in(kind: str) -> list[Consumer]:
    return [consumer for consumer in consumers if kind in consumer.kinds]
