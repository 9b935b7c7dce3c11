"""Files on their way into a ticket: checked by size and by what they really are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from common.files import shown_name, sniffed

from .errors import AttachmentRefused


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content_type: str
    content: bytes


class Incoming(Protocol):
    """What a form's file offers: a Django `UploadedFile`."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


def upload(name: str, content: bytes) -> Upload:
    name = shown_name(name)
    return Upload(name, sniffed(name, content), content)


def checked(files: Iterable[Incoming]) -> list[Upload]:
    """Reads what a person attached. Raises `AttachmentRefused` with what to do, before anything is stored."""
    files = list(files)
    if len(files) > settings.MAX_ATTACHMENTS:
        raise AttachmentRefused(
            _("At most %(most)d files can go with one message. Remove some and send it again.")
            % {"most": settings.MAX_ATTACHMENTS}
        )
    for file in files:
        if (file.size or 0) > settings.MAX_ATTACHMENT_BYTES:
            raise AttachmentRefused(
                _("“%(name)s” is larger than %(most)s. Make it smaller or send it in parts.")
                % {"name": shown_name(file.name or ""), "most": filesizeformat(settings.MAX_ATTACHMENT_BYTES)}
            )
    return [upload(file.name or "", file.read()) for file in files]
