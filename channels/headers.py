"""The header block of a mail: split, unfolded and decoded without ever raising.

The standard library's parser is left aside on purpose: some of its header classes raise on broken mails, and
its feed parser needs time quadratic in the depth of nested parts.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from channels import charsets

MAX_BLOCK = 1_000_000
MAX_HEADERS = 2_000
MAX_VALUE = 65_536
MAX_PARAMETERS = 16_384
MAX_ADDRESSES = 500
MAX_REFERENCES = 50
MAX_ID = 250

_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_FIELD = re.compile(rb"([^\x00-\x20:\x7f]{1,200})[ \t]*:")
_ENCODED = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?((?:[^?=]|=(?!\?[^=])|\?(?!=))*+)\?=")
_ADDRESS_TOKEN = re.compile(
    r'=\?[^?\s]{1,100}\?[bBqQ]\?[^?]*\?=|"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|<[^<>]*+(?:>|\Z)|[,;:()]|\s+|[^\s"<(),;:]+'
    r"|.",
    re.S,
)
_MAILBOX = re.compile(r'(?:[^\s@<>(),;:"\\\[\]]+|"[^"\\\x00-\x1f]+")@[^\s@<>(),;:"\\]+')
_LOCAL_ONLY = re.compile(r'[^\s@<>(),;:"\\\[\]]+')
_ID = re.compile(r"<([^<>\s]{1,10000})>")
_PARAMETER = re.compile(r'([^\s=;"]{1,100})\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|([^;]*))', re.S)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address as written; `address` is empty when what stood there cannot be read beyond doubt."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Headers:
    """Raw values by lower-case name, in their order; `hint` is the charset the mail names for its body."""

    raw: Mapping[str, tuple[bytes, ...]]
    hint: str = ""

    def first(self, name: str) -> bytes:
        return next(iter(self.raw.get(name, ())), b"")

    def text(self, name: str) -> str:
        return decode(self.first(name), hint=self.hint)

    def decoded(self) -> Mapping[str, tuple[str, ...]]:
        return MappingProxyType(
            {name: tuple(decode(value, hint=self.hint) for value in values) for name, values in self.raw.items()}
        )

    def __contains__(self, name: object) -> bool:
        return name in self.raw


def split(raw: bytes, start: int, end: int) -> tuple[Mapping[str, tuple[bytes, ...]], int]:
    """The fields of the block at `start`, unfolded, and where the body begins."""
    fields: list[tuple[str, list[bytes]]] = []
    limit = min(end, start + MAX_BLOCK)
    position = start
    while position < limit and (line := _LINE.match(raw, position, end)):
        content = line.group().rstrip(b"\r\n")
        if not content:
            return _grouped(fields), line.end()
        field = _FIELD.match(content)
        if content[:1] in b" \t" and fields:
            fields[-1][1].append(content)
        elif field:
            if len(fields) < MAX_HEADERS:
                fields.append((field[1].decode("latin-1").lower(), [content[field.end() :]]))
        elif not (fields and _FIELD.match(raw, line.end(), end)):
            # Neither a field nor a slip between two fields: the blank line was forgotten.
            return _grouped(fields), position
        position = line.end()
    if position < end and limit < end:
        blank = re.compile(rb"\n\r?\n").search(raw, position, end)
        position = blank.end() if blank else end
    return _grouped(fields), position


def _grouped(fields: list[tuple[str, list[bytes]]]) -> Mapping[str, tuple[bytes, ...]]:
    grouped: dict[str, list[bytes]] = {}
    for name, lines in fields:
        grouped.setdefault(name, []).append(b"".join(lines)[:MAX_VALUE].strip())
    return MappingProxyType({name: tuple(values) for name, values in grouped.items()})


def decode(value: bytes, *, hint: str = "") -> str:
    """A header value as one line of text, encoded words and raw 8-bit bytes included."""
    return _one_line(_with_words(_plain(value, hint), hint))


def _with_words(text: str, hint: str) -> str:
    """Encoded words decoded; neighbours of one charset are joined first: some cut a character."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    charset, waiting, end = "", b"", 0
    for word in _ENCODED.finditer(text):
        between = text[end : word.start()]
        if waiting and (between.strip() or word[1].lower() != charset):
            pieces.append(charsets.decode(waiting, charset, hint=hint))
            waiting = b""
        if between.strip() or not end:
            pieces.append(between)
        charset, end = word[1].lower(), word.end()
        waiting += _unpacked(word[2].lower(), word[3].encode("utf-8", "replace"))
    pieces.append(charsets.decode(waiting, charset, hint=hint))
    return "".join(pieces) + text[end:]


def _unpacked(encoding: str, data: bytes) -> bytes:
    if encoding == "q":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    return unpack_base64(data)


def unpack_base64(data: bytes) -> bytes:
    """What can be read of base64 that may be cut, unpadded or mixed with strange characters."""
    letters = re.sub(rb"[^A-Za-z0-9+/]+", b"", data)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _plain(value: bytes, hint: str) -> str:
    if b"\x1b" in value or not value.isascii():
        return charsets.decode(value, hint=hint)
    return charsets.clean(value.decode())


def _one_line(text: str) -> str:
    return re.sub("[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", charsets.clean(text)).strip()


def addresses(values: tuple[bytes, ...], *, hint: str = "") -> tuple[Mailbox, ...]:
    """Every mailbox of address headers, at most `MAX_ADDRESSES`; groups are flattened."""
    found: list[Mailbox] = []
    for value in values:
        for tokens in _mailbox_tokens(_plain(value, hint)):
            found.append(_mailbox(tokens, hint))
            if len(found) == MAX_ADDRESSES:
                return tuple(found)
    return tuple(found)


def _mailbox_tokens(text: str) -> Iterator[list[str]]:
    """The tokens of each mailbox; a comment becomes one token that begins with its bracket."""
    tokens: list[str] = []
    comment: list[str] = []
    depth = 0
    for match in _ADDRESS_TOKEN.finditer(text):
        word = match.group()
        if word == "(" or depth:
            depth += {"(": 1, ")": -1}.get(word, 0)
            comment.append(word)
            if not depth:
                tokens.append("".join(comment))
                comment.clear()
        elif word == ":" and not any("@" in part for part in tokens):
            tokens.clear()
        elif word in ",;":
            if any(part.strip() for part in tokens):
                yield tokens
            tokens = []
        else:
            tokens.append(word)
    if comment:
        tokens.append("".join(comment))
    if any(part.strip() for part in tokens):
        yield tokens


def _mailbox(tokens: list[str], hint: str) -> Mailbox:
    angles = [token[1:].rstrip(">").strip() for token in tokens if token.startswith("<")]
    comments = [token[1:].removesuffix(")") for token in tokens if token.startswith("(")]
    rest = "".join(token for token in tokens if token[0] not in "<(").strip()
    if len(angles) > 1 or ")" in tokens:
        return Mailbox(_name(rest, hint), "")
    if angles:
        # A source route before the address is obsolete and means nothing.
        address = angles[0].rsplit(":", 1)[-1] if angles[0].startswith("@") else angles[0]
        return Mailbox(_name(rest or " ".join(comments), hint), _address(address))
    address = _address(re.sub(r"\s*([@.])\s*", r"\1", rest))
    return Mailbox(_name(" ".join(comments), hint) if address else _name(rest, hint), address)


def _address(text: str) -> str:
    """The address with its domain in lower case, or nothing when `text` is not exactly one address."""
    text = text.strip().removeprefix("mailto:")
    if len(text) > 320 or "=?" in text:
        return ""
    if _MAILBOX.fullmatch(text):
        local, _, domain = text.rpartition("@")
        return f"{local}@{domain.lower().rstrip('.')}"
    return text if _LOCAL_ONLY.fullmatch(text) else ""


def _name(text: str, hint: str) -> str:
    text = re.sub(r'"((?:[^"\\]|\\.)*+)"?', lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1]), text)
    return _one_line(_with_words(text, hint)).strip("'\" ")


def message_ids(value: bytes) -> tuple[str, ...]:
    """The last `MAX_REFERENCES` message ids of a header, without brackets, each once and in order.

    An id over `MAX_ID` characters stands as `sha256-` and its digest: it still compares and fits an index.
    """
    text = charsets.clean(value.decode("latin-1"))
    ids = _ID.findall(text) or text.replace("<", " ").replace(">", " ").split()
    newest_first = dict.fromkeys(reversed(ids))
    return tuple(reversed([_short(name) for name in newest_first][:MAX_REFERENCES]))


def _short(name: str) -> str:
    return name if len(name) <= MAX_ID else f"sha256-{sha256(name.encode()).hexdigest()}"


def date(value: bytes) -> datetime | None:
    """The moment a Date header names, in UTC, or None when it names none."""
    try:
        moment = parsedate_to_datetime(value[:200].decode("latin-1"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parameters(value: bytes, *, hint: str = "") -> tuple[str, Mapping[str, str]]:
    """The main value (lower case) and the decoded parameters of a Content-Type or Content-Disposition."""
    main, _, rest = value[:MAX_PARAMETERS].partition(b";")
    main, *unparted = main.split(None, 1) or [b""]
    rest = b";".join([*unparted, rest])
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(rest.decode("latin-1")):
        name, quoted, bare = match[1].lower(), match[2], match[3]
        text = re.sub(r"\\([\"\\])", r"\1", quoted) if quoted is not None else bare.strip(" \t\"'")
        base, star, number = name.partition("*")
        if not star:
            plain.setdefault(base, text)
        elif number.rstrip("*").isdecimal() and len(number) < 5:
            pieces.setdefault(base, {})[int(number.rstrip("*"))] = (text, number.endswith("*"))
        else:
            pieces.setdefault(base, {}).setdefault(0, (text, True))
    found = {name: decode(text.encode("latin-1"), hint=hint) for name, text in plain.items()}
    found |= {name: _joined(numbered, hint) for name, numbered in pieces.items()}
    return main.lower().decode("latin-1"), found


def _joined(numbered: dict[int, tuple[str, bool]], hint: str) -> str:
    """A value split and percent-encoded as RFC 2231 says: the first piece names the charset."""
    first, is_encoded = numbered[min(numbered)]
    charset = ""
    if is_encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    numbered = numbered | {min(numbered): (first, is_encoded)}
    data = b"".join(
        unquote_to_bytes(text) if encoded else text.encode("latin-1") for _, (text, encoded) in sorted(numbered.items())
    )
    if not charset and b"=?" in data:
        return decode(data, hint=hint)
    return charsets.clean(charsets.decode(data, charset, hint=hint))
