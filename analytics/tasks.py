from celery import shared_task

from . import facts


@shared_task
def keep_facts() -> None:
    facts.catch_up()


@shared_task
def fill_gaps() -> None:
    facts.fill_gaps()
