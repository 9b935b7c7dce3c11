"""The trainer's long work, row by row: train on all decided tickets, apply the result to the open backlog."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tickets.models import Ticket

from . import alike, apply, corpus, store
from .models import LEARNED, Run

log = structlog.get_logger(__name__)

Show = Callable[[float, str], None]  # share from 0 to 1, stage: "category.reading", "applying", …
TRAINER = "trainer"  # the lock of everything in this file
BATCH = 50  # tickets between two words about progress


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """True for one process at a time; PostgreSQL lets go of the lock when the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"triage.{name}"])
        (free,) = cursor.fetchone()
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"triage.{name}"])


def work_off() -> None:
    """Does all queued runs in their order, unless another process is at it."""
    with alone(TRAINER) as free:
        if not free:
            return
        # Whoever ran these is gone: it held the lock that we hold now.
        Run.objects.filter(state=Run.State.RUNNING).update(
            state=Run.State.FAILED, error="interrupted", finished_at=timezone.now()
        )
        while run := Run.objects.filter(state=Run.State.QUEUED).order_by("pk").first():
            carry_out(run)


def carry_out(run: Run, show: Show = lambda share, stage: None) -> None:
    """Does the work of one run and writes down how far it is and how it ended."""

    def tell(share: float, stage: str) -> None:
        Run.objects.filter(pk=run.pk).update(share=min(max(share, 0.0), 1.0), stage=stage)
        show(share, stage)

    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, started_at=timezone.now())
    end: dict[str, Any] = {"state": Run.State.FAILED, "error": "broken"}
    try:
        outcome = _WORK[Run.Kind(run.kind)](tell)
        fault = "" if outcome else "too_little"
        state = Run.State.FAILED if fault else Run.State.DONE
        end = {"state": state, "error": fault, "outcome": outcome, "share": 1.0}
    finally:
        Run.objects.filter(pk=run.pk).update(**end, stage="", finished_at=timezone.now())
        run.refresh_from_db()


def train(tell: Show) -> dict[str, int]:
    """Trains a model for each target that has enough examples; returns their versions."""
    from .learn.base import TooLittleToLearn
    from .learn.exam import examine
    from .learn.train import train as learn

    versions: dict[str, int] = {}
    for place, target in enumerate(LEARNED):

        def part(share: float, stage: str, place: int = place, target: str = target) -> None:
            tell((place + share) / len(LEARNED), f"{target}.{stage}")

        part(0.0, "reading")
        try:
            model = learn(
                corpus.examples(target),
                parents=corpus.parents() if target == "category" else {},
                progress=part,
                precision=settings.TRIAGE_PRECISION,
            )
            model.report["exam"] = examine(model, corpus.exam(target))
        except TooLittleToLearn as reason:
            log.warning("too_little_to_learn", target=target, reason=str(reason))
            continue
        versions[target] = store.save(target, model).version
    return versions


def reapply(tell: Show) -> dict[str, int]:
    """Thinks anew about every open ticket; what people decided stays."""
    ids = list(Ticket.objects.open().order_by("-pk").values_list("pk", flat=True))
    for done, pk in enumerate(ids):
        if done % BATCH == 0:
            tell(done / len(ids), "applying")
        ticket = Ticket.objects.filter(pk=pk).first()
        if ticket:
            apply.consider(ticket)
            alike.find(ticket)
    return {"tickets": len(ids)}


_WORK = {Run.Kind.TRAIN: train, Run.Kind.REAPPLY: reapply}
