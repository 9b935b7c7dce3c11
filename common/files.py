"""Files from strangers: what they may be called, and what they really are."""

import re

import puremagic

from .text import storable

# Types a browser or a viewer treats as plain data. Everything else is kept as bytes without a type.
HARMLESS = {
    "application/pdf", "application/zip", "application/gzip", "application/json",
    "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "audio/mpeg", "audio/wav", "image/gif", "image/jpeg", "image/png", "image/webp",
    "message/rfc822", "text/calendar", "text/csv", "text/plain", "video/mp4", "video/webm",
}  # fmt: skip
UNKNOWN = "application/octet-stream"
_PLAIN = {"text/plain", "text/csv", "text/calendar", "application/json", "message/rfc822"}
_HIDDEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def shown_name(name: str) -> str:
    """The last part of the path, without control and direction characters, never hidden, never empty."""
    name = _HIDDEN.sub("", storable(name)).replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    return name[-200:] or "file"


def sniffed(name: str, content: bytes) -> str:
    """The type the bytes show. Text has no signature, so there the name decides between harmless kinds."""
    try:
        found = puremagic.magic_string(content[:8192], name)
        kind = next((match.mime_type for match in found if match.mime_type), UNKNOWN)
    except (puremagic.PureError, ValueError):
        kind = UNKNOWN
    if kind in HARMLESS and kind not in _PLAIN:
        return kind
    return _text_type(name, content)


def _text_type(name: str, content: bytes) -> str:
    try:
        content[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(content[:4096]) - 4:
            return UNKNOWN
    if b"\x00" in content[:4096]:
        return UNKNOWN
    return {
        "csv": "text/csv",
        "ics": "text/calendar",
        "json": "application/json",
        "eml": "message/rfc822",
    }.get(name.rsplit(".", 1)[-1].lower(), "text/plain")
