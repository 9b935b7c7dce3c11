"""After the commit of a change: ring the rooms that owe it something, and tell the open pages."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from common.doorbell import quietly, ring

from . import live

if TYPE_CHECKING:
    from .models import Event, Ticket


def after_commit(ticket: "Ticket", events: "Sequence[Event]", tasks: Iterable[str]) -> None:
    for task in tasks:
        ring(task)
    if events:
        word = live.word(ticket, events)
        transaction.on_commit(partial(quietly, partial(live.publish, word)), robust=True)
