"""Tells a worker that there are rows to look at. Losing a ring loses nothing: the sweeper rings again."""

import time
from collections.abc import Callable
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

PAUSE = 2.0  # seconds without a try after a failure, so that a hanging Redis delays one request and not each
_silent_until = 0.0


def ring(task: str, *args: object) -> None:
    """Sends the Celery task by name after the commit of the running transaction; never raises."""
    transaction.on_commit(partial(quietly, partial(_send, task, args)), robust=True)


def quietly(publish: Callable[[], object]) -> None:
    """Runs a publishing call; with Redis away it is skipped and left to the sweeper."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        publish()
    except (OperationalError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE
        log.warning("doorbell_silent", error=str(error))


def _send(task: str, args: tuple[object, ...]) -> None:
    current_app.send_task(task, args=args, retry=False, expires=60)
