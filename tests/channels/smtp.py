"""A real SMTP server on a port of its own, which can be told to refuse."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from tests.processes import free_port


class Postbox:
    """Keeps what it took. `answers` are given to the next mails instead of a yes; `refuses` names recipients."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: list[str] = []
        self.refuses: dict[str, str] = {}
        self.pause: threading.Event | None = None  # the mail is taken, but nobody is told before this is set
        self.is_paused = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, EmailMessage, policy=default))
        if self.pause:
            self.is_paused = True
            await asyncio.to_thread(self.pause.wait, 20)
        return "250 OK"


@contextmanager
def running() -> Iterator[Postbox]:
    """The server, with Django told to send there."""
    postbox = Postbox()
    port = free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_USE_TLS=False,
            EMAIL_HOST_USER="",
            EMAIL_TIMEOUT=20,
        ):
            yield postbox
    finally:
        controller.stop()
