"""The demo's mail: what the desk sends lands in a folder, and anyone may read and answer it there."""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as Letter
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import lru_cache
from pathlib import Path
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from channels import mime
from channels.mail import receive
from channels.models import Inbound
from common import html

MOST_SHOWN = 200
MOST_KEPT = 1000
_NAME = re.compile(r"\d{20}-[0-9a-f]{8}")
_HTML_HEAD = re.compile(r"<head\b.*?</head>", re.I | re.S)


class Backend(BaseEmailBackend):
    """Django's way out: each mail becomes a file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail in the folder. `name` sorts by time."""

    name: str
    mail: mime.Mail

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Only names we gave: nothing else in the file system can be asked for."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return cls(name, _read(name))
        except FileNotFoundError:
            return None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name[:20]) / 1e9, tz=UTC)

    @property
    def recipient(self) -> str:
        return next(iter(self.mail.to), "")

    @property
    def can_be_answered(self) -> bool:
        return bool(self.mail.reply_to and self.recipient)

    @property
    def shown_html(self) -> str:
        return html.clean(_HTML_HEAD.sub("", self.mail.html)) if self.mail.html else html.from_text(self.mail.text)


@lru_cache(maxsize=MOST_SHOWN)
def _read(name: str) -> mime.Mail:
    """Files never change under their name."""
    return mime.parse((folder() / f"{name}.eml").read_bytes())


def folder() -> Path:
    return Path(settings.DATA_DIR) / "mailbox"


def keep(raw: bytes) -> str:
    """Writes one mail so that no reader ever sees half of it; forgets the oldest beyond `MOST_KEPT`."""
    folder().mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    draft = folder() / f"{name}.part"
    draft.write_bytes(raw)
    draft.replace(folder() / f"{name}.eml")
    for old in names()[MOST_KEPT:]:
        (folder() / f"{old}.eml").unlink(missing_ok=True)
    return name


def names() -> list[str]:
    """All mails, newest first."""
    return sorted((path.stem for path in folder().glob("*.eml")), reverse=True)


def newest() -> list[Sent]:
    found = (Sent.named(name) for name in names()[:MOST_SHOWN])
    return [sent for sent in found if sent]


def answer(sent: Sent, text: str) -> Inbound:
    """What a mail program would send for “Reply”, through the door that every mail takes."""
    letter = Letter(policy=SMTP)
    subject = sent.mail.subject
    letter["From"] = sent.recipient
    letter["To"] = sent.mail.reply_to[0]
    letter["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    letter["Date"] = format_datetime(timezone.now())
    letter["Message-ID"] = make_msgid(domain=sent.recipient.rpartition("@")[2])
    letter["In-Reply-To"] = f"<{sent.mail.message_id}>"
    letter["References"] = " ".join(f"<{each}>" for each in (*sent.mail.references, sent.mail.message_id))
    quoted = "\n".join(f"> {line}" for line in sent.mail.text.splitlines())
    wrote = f"On {sent.at:%a, %d %b %Y at %H:%M}, {sent.mail.from_name} <{sent.mail.from_address}> wrote:"
    letter.set_content(f"{text.strip()}\n\n{wrote}\n{quoted}\n", charset="utf-8")
    return receive(letter.as_bytes())
