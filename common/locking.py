"""Rows that a worker has claimed and now takes in hand."""

import time
from collections.abc import Callable
from typing import TypeVar

Row = TypeVar("Row")

PAUSES = (0.005, 0.02, 0.05, 0.1)  # seconds


def taken(find: Callable[[], Row | None]) -> Row | None:
    """The claimed row that `find` locks, skipping locked ones; nothing if somebody else has it in hand.

    Whoever looks for work at the same moment may hold a row for as long as a statement takes, because it was free when
    they began to look. So it is asked for again: given up at once, it would lie until its lease is over.
    """
    for pause in PAUSES:
        if row := find():
            return row
        time.sleep(pause)
    return find()
