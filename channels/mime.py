"""A mail as it came over the wire, read into plain values. Anything goes in, nothing raises."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_extension

from channels import automatic, charsets, headers, parts, replies
from common import html

MAX_SUBJECT = 2_000
MAX_TEXT = 1_000_000

_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\n]*\n)?")
_CHARSET = re.compile(rb"charset\s*=\s*\"?([\w.-]{2,40})", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment. `name` is safe to show and empty when the mail gave none; nothing was unpacked."""

    name: str
    content_type: str
    content: bytes

    @property
    def shown_name(self) -> str:
        """The name, or one made from the type."""
        if self.name:
            return self.name
        if self.content_type == "message/rfc822":
            return "message.eml"
        return "attachment" + (guess_extension(self.content_type, strict=False) or ".bin")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says.

    The sender is `from_address`, never Reply-To or Sender; it is empty when From names nobody beyond doubt.
    Ids stand without brackets, dates in UTC, `html` as it was sent. `kind` is person, auto_reply, bounce,
    notice (a delivery or read receipt), feedback (an abuse report) or list. `problems` are codes of what is
    odd; those that begin with `from_` mean that the sender must not be trusted.
    """

    message_id: str
    subject: str
    from_address: str
    from_name: str
    reply_to: tuple[str, ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: datetime | None
    in_reply_to: str
    references: tuple[str, ...]
    text: str
    html: str
    reply_text: str
    attachments: tuple[Part, ...]
    headers: Mapping[str, tuple[str, ...]]
    kind: str
    may_answer: bool
    dsn_status: str | None
    problems: tuple[str, ...]


def parse(raw: bytes, *, own_addresses: Collection[str] = ()) -> Mail:
    """Read a mail; `own_addresses` are ours and never get an automatic answer, with or without a +tag."""
    raw = _with_newlines(raw)
    lead = _LEADING.match(raw)
    block, body = headers.split(raw, lead.end() if lead else 0, len(raw))
    fields = headers.Headers(block, _charset_hint(raw))
    walk = parts.Walk(raw, fields.hint)
    leaves = list(walk.walk(fields, body))
    text, markup = _words(leaves, fields.hint)
    if not text and "multipart_without_parts" in walk.problems:
        text = charsets.decode(raw[body : body + parts.MAX_TEXT_BYTES], hint=fields.hint)
    if len(text) > MAX_TEXT:
        walk.problems.append("text_cut")
    text = text[:MAX_TEXT].strip("\n")
    subject = fields.text("subject")
    sender, name, doubts = _sender(fields)
    verdict = automatic.classify(fields, sender, name, subject, text, _reports(leaves), own_addresses=own_addresses)
    return Mail(
        message_id=next(iter(headers.message_ids(fields.first("message-id"))), ""),
        subject=subject[:MAX_SUBJECT],
        from_address=sender,
        from_name=name,
        reply_to=_addresses(fields, "reply-to"),
        to=_addresses(fields, "to"),
        cc=_addresses(fields, "cc"),
        date=headers.date(fields.first("date")),
        in_reply_to=next(iter(headers.message_ids(fields.first("in-reply-to"))), ""),
        references=headers.message_ids(fields.first("references")),
        text=text,
        html=markup,
        reply_text=replies.trim(text),
        attachments=tuple(Part(leaf.name, leaf.content_type, leaf.content) for leaf in leaves if not leaf.is_body),
        headers=fields.decoded(),
        kind=verdict.kind,
        may_answer=verdict.may_answer,
        dsn_status=verdict.dsn_status,
        problems=tuple(dict.fromkeys([*doubts, *_oddities(fields), *walk.problems])),
    )


def _with_newlines(raw: bytes) -> bytes:
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _charset_hint(raw: bytes) -> str:
    """The first charset the mail names for a body: raw 8-bit headers are usually written in it too."""
    labels = (match[1].decode() for match in _CHARSET.finditer(raw, 0, 65_536))
    return next((label for label in labels if charsets.codec_for(label)), "")


def _words(leaves: list[parts.Leaf], hint: str) -> tuple[str, str]:
    """The text and the HTML of the mail; where a piece comes in one form only, the other is made from it."""
    pieces: dict[tuple[int, ...], tuple[list[str], list[str]]] = {}
    for leaf in leaves:
        if leaf.is_body:
            texts, markups = pieces.setdefault(_alternative(leaf), ([], []))
            (markups if leaf.content_type == "text/html" else texts).append(leaf.text(hint))
    both = [("\n".join(filter(str.strip, texts)), "\n".join(markups)) for texts, markups in pieces.values()]
    text = "\n".join(plain if plain.strip() else html.to_text(markup) for plain, markup in both)
    has_html = any(markup for _, markup in both)
    markup = "\n".join(markup or html.from_text(plain) for plain, markup in both) if has_html else ""
    if not both and len(leaves) == 1 and not leaves[0].parents:
        text = _only_part(leaves[0], hint)
    return text.strip("\n"), markup


def _alternative(leaf: parts.Leaf) -> tuple[int, ...]:
    """The outermost alternative a body stands in, or its own place: bodies that share it say the same."""
    if "multipart/alternative" in leaf.parents:
        return leaf.path[: leaf.parents.index("multipart/alternative")]
    return leaf.path


def _only_part(leaf: parts.Leaf, hint: str) -> str:
    """The words of a mail that is nothing but one attached text or mail; one level, never deeper."""
    if leaf.content_type == "text/plain":
        return leaf.text(hint)
    if leaf.content_type != "message/rfc822":
        return ""
    block, body = headers.split(leaf.content, 0, len(leaf.content))
    inner = parts.Walk(leaf.content, hint).walk(headers.Headers(block, hint), body)
    return "\n".join(part.text(hint) for part in inner if part.is_body)


def _reports(leaves: list[parts.Leaf]) -> dict[str, bytes]:
    """What machines say to machines, by type; the first of each type counts."""
    return {leaf.content_type: leaf.content for leaf in reversed(leaves) if not leaf.is_body}


def _sender(fields: headers.Headers) -> tuple[str, str, list[str]]:
    """Address and name of From, and what makes them doubtful."""
    values = fields.raw.get("from", ())
    mailboxes = headers.addresses(values, hint=fields.hint)
    if not mailboxes:
        return "", "", ["from_missing"]
    first = mailboxes[0]
    doubts = ["from_several"] if len(values) > 1 or len(mailboxes) > 1 else []
    if not first.address:
        doubts.append("from_unreadable")
    elif "@" not in first.address:
        doubts.append("from_without_domain")
    if "@" in first.name and first.name.lower() != first.address.lower():
        doubts.append("name_claims_address")
    return first.address, first.name, doubts


def _addresses(fields: headers.Headers, name: str) -> tuple[str, ...]:
    mailboxes = headers.addresses(fields.raw.get(name, ()), hint=fields.hint)
    return tuple(dict.fromkeys(mailbox.address for mailbox in mailboxes if mailbox.address))


def _oddities(fields: headers.Headers) -> list[str]:
    found = []
    if not fields.first("message-id"):
        found.append("message_id_missing")
    if headers.date(fields.first("date")) is None:
        found.append("date_unreadable")
    if any(len(fields.raw.get(name, ())) > 1 for name in ("subject", "message-id", "date", "to")):
        found.append("header_repeated")
    return found
