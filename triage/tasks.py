from celery import shared_task

from tickets.work import work_off

from . import links, training

HOURS = 3 * 3600  # seconds a trainer may take


@shared_task
def consume() -> None:
    work_off("triage")


@shared_task
def find_similar() -> None:
    """One process at a time: another that waits for its own index would only take a slot from the mail."""
    with training.alone("similar") as free:
        if free:
            work_off("similar")


@shared_task
def recount() -> None:
    """What came of used articles changes with their tickets, which are resolved, reopened and moved."""
    links.recount()


@shared_task(soft_time_limit=HOURS, time_limit=HOURS + 60)
def train() -> None:
    training.work_off()


@shared_task(soft_time_limit=HOURS, time_limit=HOURS + 60)
def reapply() -> None:
    training.work_off()
