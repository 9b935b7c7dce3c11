"""The tree of a MIME mail, cut by offsets into the raw bytes: nothing is copied but the leaves."""

import binascii
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels import charsets, headers

MAX_DEPTH = 30
MAX_PARTS = 500
MAX_DELIMITERS = 50_000
MAX_TEXT_BYTES = 4_000_000
MAX_NAME = 200

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_ANY_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?$", re.M)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", re.I)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\r\n]")
_DISPOSITIONS = frozenset({"inline", "attachment"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no other; `parents` are the types of the multiparts around it, outermost first."""

    fields: headers.Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    content: bytes
    parents: tuple[str, ...]
    path: tuple[int, ...]

    @property
    def is_body(self) -> bool:
        """True for words meant to be read in the mail itself."""
        if self.content_type not in {"text/plain", "text/html"} or self.disposition == "attachment":
            return False
        return not self.name or not self.parents

    def text(self, hint: str) -> str:
        label = self.parameters.get("charset", "")
        data = self.content[:MAX_TEXT_BYTES]
        if not charsets.codec_for(label) and self.content_type == "text/html":
            meta = _META_CHARSET.search(data[:4_096])
            label = meta[1].decode() if meta else label
        return charsets.decode(data, label, hint=hint)


@dataclass(slots=True)
class Walk:
    """One pass over a mail; `problems` gathers what was odd."""

    raw: bytes
    hint: str = ""
    problems: list[str] = field(default_factory=list)
    delimiters: int = MAX_DELIMITERS
    leaves: int = 0

    def walk(self, root: headers.Headers, body: int) -> Iterator[Leaf]:
        yield from self._part(root, body, len(self.raw), (), (), "text/plain")

    def _part(
        self,
        fields: headers.Headers,
        start: int,
        end: int,
        parents: tuple[str, ...],
        path: tuple[int, ...],
        default: str,
    ) -> Iterator[Leaf]:
        content_type, parameters = headers.parameters(fields.first("content-type"), hint=self.hint)
        content_type = _known_type(content_type, default)
        boundary = parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        if content_type.startswith("multipart/") and len(parents) < MAX_DEPTH:
            ranges = self._ranges(boundary, start, end)
            if not ranges and (found := _ANY_BOUNDARY.search(self.raw, start, end)):
                self.problems.append("boundary_wrong")
                ranges = self._ranges(found[1], start, end)
            if ranges:
                inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
                for number, (first, last) in enumerate(ranges):
                    block, body = headers.split(self.raw, first, last)
                    child = headers.Headers(block, self.hint)
                    yield from self._part(child, body, last, (*parents, content_type), (*path, number), inner)
                return
            self.problems.append("multipart_without_parts")
            content_type = "text/plain"
        if content_type.startswith("multipart/"):
            self.problems.append("too_deep")
        yield self._leaf(fields, content_type, dict(parameters), self.raw[start:end], parents, path)

    def _leaf(
        self,
        fields: headers.Headers,
        content_type: str,
        parameters: dict[str, str],
        data: bytes,
        parents: tuple[str, ...],
        path: tuple[int, ...],
    ) -> Leaf:
        self.leaves += 1
        disposition, more = headers.parameters(fields.first("content-disposition"), hint=self.hint)
        name = more.get("filename") or more.get("name") or parameters.get("name") or parameters.get("filename")
        encoding = fields.first("content-transfer-encoding").lower().strip(b" \t\"';")
        return Leaf(
            fields=fields,
            content_type=content_type,
            parameters=parameters,
            disposition=disposition if disposition in _DISPOSITIONS else "",
            name=safe_name(name or ""),
            content=self._unpacked(data, encoding, content_type),
            parents=parents,
            path=path,
        )

    def _ranges(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Where the parts between the delimiter lines of `boundary` stand."""
        if not boundary:
            return []
        found: list[tuple[int, int]] = []
        needle = b"\n--" + boundary
        opened: int | None = None
        at = start - 1 if self.raw.startswith(needle[1:], start) else self.raw.find(needle, start, end)
        while at >= 0 and self.delimiters and self.leaves + len(found) < MAX_PARTS:
            self.delimiters -= 1
            line_end = self.raw.find(b"\n", at + len(needle), end)
            line_end = end if line_end < 0 else line_end
            rest = self.raw[at + len(needle) : min(line_end, at + len(needle) + 200)].strip(b" \t\r")
            if rest in (b"", b"--"):
                if opened is not None:
                    found.append((opened, _without_newline(self.raw, opened, at)))
                opened = None if rest else min(line_end + 1, end)
            at = self.raw.find(needle, max(line_end, at + 1), end)
        if at >= 0:
            self.problems.append("too_many_parts")
        elif opened is not None:
            self.problems.append("boundary_not_closed")
            found.append((opened, end))
        return found

    def _unpacked(self, data: bytes, encoding: bytes, content_type: str) -> bytes:
        if encoding == b"base64":
            if content_type.startswith("text/") and _is_not_base64(data):
                self.problems.append("base64_lies")
                return data
            return headers.unpack_base64(data)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(data)
        if encoding in {b"x-uuencode", b"uuencode", b"x-uue", b"uue"}:
            return _unpacked_uu(data)
        return data


def safe_name(name: str) -> str:
    """A file name fit to be shown: no folders, controls or invisible characters; may be empty."""
    visible = "".join(
        " " if letter in "\r\n\t" else letter
        for letter in name
        if letter in "\r\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    visible = re.split(r"[/\\]", visible)[-1].strip(" \"'")
    visible = "" if set(visible) <= {".", " "} else visible
    if len(visible) <= MAX_NAME:
        return visible
    stem, dot, ending = visible.rpartition(".")
    return stem[: MAX_NAME - 20] + dot + ending if dot and len(ending) < 20 else visible[:MAX_NAME]


def _known_type(content_type: str, default: str) -> str:
    if content_type in {"", "text"}:
        return default if not content_type else "text/plain"
    return content_type if _TYPE.fullmatch(content_type) else "application/octet-stream"


def _without_newline(raw: bytes, start: int, end: int) -> int:
    """The newline before a delimiter belongs to the delimiter."""
    return end - 1 if end > start and raw[end - 1 : end] == b"\r" else max(start, end)


def _is_not_base64(data: bytes) -> bool:
    sample = data[:8_192].strip()
    strange = len(_NOT_BASE64.findall(sample))
    return strange > 3 and strange * 50 > len(sample)


def _unpacked_uu(data: bytes) -> bytes:
    pieces = []
    for line in data.partition(b"begin ")[2].splitlines()[1:]:
        if line.strip() == b"end":
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(pieces) or data
