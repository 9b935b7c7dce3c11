"""Attachments leave the house in one way: as downloads that no browser opens as a page."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from people.access import staff_only
from tickets.models import Attachment, Ticket
from tickets.models.ticket import TicketQuerySet


def serve(tickets: TicketQuerySet, number: int, key: str, *, public_only: bool) -> FileResponse:
    """The file `key` of ticket `number` out of `tickets`, which are narrowed to what the reader may see.

    Raises `Http404`, the same for a file that is missing, of another ticket, or on a note when `public_only`.
    """
    files = Attachment.objects.filter(message__ticket__in=tickets.filter(number=number))
    if public_only:
        files = files.filter(message__is_public=True)
    attachment = get_object_or_404(files, key=key)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@staff_only
def staff_file(request: HttpRequest, number: int, key: str) -> FileResponse:
    return serve(Ticket.objects.visible_to(request.user), number, key, public_only=False)
