"""After the commit of an event: ring the rooms that owe it something, and tell the open pages."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from common.doorbell import quietly, ring

from . import live
from .consumers import Consumer

if TYPE_CHECKING:
    from .models import Event


def after_commit(event: "Event", owed: Sequence[Consumer]) -> None:
    for consumer in owed:
        ring(consumer.task)
    transaction.on_commit(partial(quietly, partial(live.publish, event)), robust=True)
