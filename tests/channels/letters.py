"""Mails as they come over the wire, for tests."""

from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from typing import Any

from tickets import links
from tickets.models import Message, Ticket

SUPPORT = "support@support.localhost"
_serial = count(1)


def written(
    text: str = "My router is dead.",
    *,
    sender: str = "Dana Fields <dana@example.com>",
    to: str = SUPPORT,
    subject: str = "Router",
    files: dict[str, bytes] | None = None,
    html: str = "",
    **headers: str,
) -> bytes:
    """A mail by an ordinary mail program. `headers` with underscores for hyphens; an empty one is left out."""
    letter = EmailMessage(policy=SMTP.clone(max_line_length=998))
    given = {"From": sender, "To": to, "Subject": subject, "Message-ID": f"<{next(_serial)}.letter@example.com>"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value:
            letter[name] = value
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    for name, content in (files or {}).items():
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def with_route(raw: bytes, hop: str) -> bytes:
    """The same mail after another way through the net."""
    return f"Received: from {hop} by mx.example.com; Sun, 22 Nov 2026 10:00:00 +0000\r\n".encode() + raw


def answering(ticket: Ticket, text: str = "It still drops.", **more: Any) -> bytes:
    """What the ticket's customer sends when answering one of our mails by its reply address."""
    more.setdefault("to", links.reply_address(ticket, ticket.customer))
    return written(text, subject=f"Re: {ticket.subject}", **more)


def bounce_of(mail_id: str, *, status: str = "5.1.1") -> bytes:
    """A delivery status notification (RFC 3464) about one of our mails."""
    action = "failed" if status.startswith("5") else "delayed"
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\r\n"
        f"To: {SUPPORT}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{next(_serial)}.bounce@mx.example.com>\r\nAuto-Submitted: auto-replied\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered: user unknown.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; dana@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: {SUPPORT}\r\nTo: dana@example.com\r\n"
        f"Message-ID: {mail_id}\r\nSubject: Re: Router\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


def last_message(ticket: Ticket) -> Message:
    message = ticket.messages.order_by("pk").last()
    assert message is not None
    return message
