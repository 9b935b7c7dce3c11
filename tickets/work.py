"""How a consumer works off what it owes: claim, handle, delete, each event once."""

from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import connection, transaction
from django.utils import timezone

from common.doorbell import ring
from common.kept import Given, Kept
from common.locking import taken

from .consumers import Consumer, consumers
from .models import Pending

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)  # after which another worker may take over from a dead one

_CLAIM = """
    UPDATE tickets_pending SET attempts = attempts + 1, due_at = %(until)s
    WHERE id = (
        SELECT id FROM tickets_pending
        WHERE consumer = %(consumer)s AND due_at <= %(now)s AND attempts < %(most)s
            AND NOT EXISTS (
                SELECT FROM tickets_pending WHERE consumer = %(first)s AND due_at <= %(now)s AND attempts < %(most)s
            )
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id
"""


def work_off(name: str, *, most: int = 200) -> int:
    """Handles up to `most` due rows of the consumer; returns how many it took."""
    consumer, done = consumers[name], 0
    while done < most and (pending_id := _claim(consumer)):
        _handle(consumer, pending_id)
        done += 1
    if done:
        for follower in consumers:
            if follower.after == name:
                ring(follower.task)
    return done


def _claim(consumer: Consumer) -> int | None:
    """One due row, its try counted and committed first: what kills a worker is then not tried forever."""
    now = timezone.now()
    with connection.cursor() as cursor:
        terms: dict[str, str | int | datetime | None] = {
            "consumer": consumer.name,
            "first": consumer.after,
            "most": Pending.MOST_ATTEMPTS,
            "now": now,
            "until": now + LEASE,
        }
        cursor.execute(_CLAIM, terms)
        row = cursor.fetchone()
    return row[0] if row else None


_HELD = Kept(
    lambda: (
        Pending.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("event__ticket__customer", "event__message")
        .filter(pk=Given("pending"))
    )
)


def _handle(consumer: Consumer, pending_id: int) -> None:
    try:
        with transaction.atomic():
            # Locked until the work is committed, so that an expired lease never means doing it twice.
            pending = taken(partial(_HELD.first, pending=pending_id))
            if pending is None:
                return
            with structlog.contextvars.bound_contextvars(event_id=pending.event_id, consumer=consumer.name):
                consumer.handle(pending.event)
            Pending.objects.filter(pk=pending_id).delete()
    except Exception as error:  # the loop must go on: one broken event must not stop the others
        log.exception("consumer_failed", consumer=consumer.name, pending_id=pending_id)
        _postpone(pending_id, error)


def _postpone(pending_id: int, error: Exception) -> None:
    """Twice as long after each failure: 10 s, 20 s, … 20 min."""
    pending = Pending.objects.filter(pk=pending_id).first()
    if pending:
        pending.error = f"{type(error).__name__}: {error}"[:2000]
        pending.due_at = timezone.now() + timedelta(seconds=10 * 2 ** (pending.attempts - 1))
        pending.save(update_fields=["error", "due_at"])
