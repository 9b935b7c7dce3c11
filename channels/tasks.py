from celery import shared_task

from tickets.work import work_off

from . import imap, mail, outgoing


@shared_task
def deliver() -> None:
    if work_off("deliver"):
        outgoing.send_soon()


@shared_task
def send_due() -> None:
    outgoing.send_due()


@shared_task
def process_stored() -> None:
    mail.process_due()


@shared_task
def poll_mailbox() -> None:
    imap.poll()
