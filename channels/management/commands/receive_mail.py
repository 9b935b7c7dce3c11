"""`receive_mail < mail`: what a mail server pipes each mail into."""

import os
import sys
from typing import Any

import structlog
from django.core.management.base import BaseCommand

from channels import mail

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Takes one mail from standard input. Exit 0: it is stored for good. Exit 75: it is not; the mail server "
        "keeps it and tries again."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            inbound = mail.receive(sys.stdin.buffer.read())
        except Exception:  # any other exit code would make the mail server return the mail to its sender
            log.exception("mail_not_stored")
            sys.exit(os.EX_TEMPFAIL)
        log.info("mail_taken", inbound_id=inbound.pk, state=inbound.state, rule=inbound.rule)
