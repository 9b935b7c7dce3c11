"""Fetches mail from a mailbox that is this desk's alone: what is unseen there is new.

A mail is marked as seen only after its bytes are committed here, so one that we lose hold of comes again, and one that
comes again is known. Nothing about the mailbox is remembered on our side.
"""

import imaplib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from django.conf import settings
from django.db import Error
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from . import mail

log = structlog.get_logger(__name__)

PAGE = 50
TIMEOUT = 20.0  # seconds for one word of the server
LONGEST_RUN = 25.0  # seconds; the rest waits for the next poll, half a minute after this one
AWAY = (ImapToolsError, imaplib.IMAP4.error, OSError)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mail is: `imaps://user:password@host:993/INBOX?move_to=Done`.

    `imaps` speaks TLS, `imap+tls` STARTTLS, both with a verified certificate; `imap` is for a server on this very
    machine. With `move_to` a taken mail goes to that folder, else it stays, marked as seen.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    move_to: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Raises `ValueError` with what is missing."""
        parts = urlsplit(url)
        if parts.scheme not in _BOXES or not parts.hostname or not parts.username:
            raise ValueError("IMAP_URL must look like imaps://user:password@host:993/INBOX")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or (993 if parts.scheme == "imaps" else 143),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            move_to=parse_qs(parts.query).get("move_to", [""])[0],
        )

    def opened(self) -> BaseMailBox:
        box: BaseMailBox = _BOXES[self.scheme](self.host, self.port)
        try:
            return box.login(self.user, self.password, self.folder)
        except AWAY:
            box.client.shutdown()
            raise


def poll() -> int:
    """Takes what is new; returns how many mails. A mailbox that is away is logged and tried at the next poll."""
    if not settings.IMAP_URL:
        return 0
    mailbox = Mailbox.from_url(settings.IMAP_URL)
    taken = 0
    try:
        with mailbox.opened() as box:
            for uid, raw in _unseen(box):
                taken += _take(box, uid, raw, mailbox.move_to)
    except AWAY as error:
        log.error("mailbox_away", host=mailbox.host, error=str(error))
    return taken


def _unseen(box: BaseMailBox) -> Iterator[tuple[str, bytes]]:
    """The bytes of each new mail, one at a time and without marking it; uids of a page at a time."""
    end = time.monotonic() + LONGEST_RUN
    done: set[str] = set()
    while page := [uid for uid in box.uids("UNSEEN", charset=None) if uid not in done][:PAGE]:
        for uid in page:
            if time.monotonic() > end:
                return
            done.add(uid)
            _state, answer = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
            # A mail that another client removed meanwhile has no literal in the answer.
            literal = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if literal is not None:
                yield uid, literal


def _take(box: BaseMailBox, uid: str, raw: bytes, move_to: str) -> bool:
    """Commits the mail here, then says so there. One that cannot be stored stays unseen and comes again."""
    try:
        mail.receive(raw)
    except Error:
        log.exception("mail_left_in_mailbox", uid=uid)
        return False
    # Not imap-tools' `flag`, which also expunges what others have marked as deleted.
    state, answer = box.client.uid("STORE", uid, "+FLAGS", r"(\Seen)")
    if state != "OK":
        raise ImapToolsError(f"the server did not mark mail {uid} as seen: {answer!r}")
    if move_to:
        box.move([uid], move_to)
    return True


def _tls() -> ssl.SSLContext:
    """Certificate and host name are verified."""
    return ssl.create_default_context()


_BOXES: dict[str, Callable[[str, int], BaseMailBox]] = {
    "imaps": lambda host, port: MailBox(host, port, timeout=TIMEOUT, ssl_context=_tls()),
    "imap+tls": lambda host, port: MailBoxStartTls(host, port, timeout=TIMEOUT, ssl_context=_tls()),
    "imap": lambda host, port: MailBoxUnencrypted(host, port, timeout=TIMEOUT),
}
