"""Search over what the reader may read: a page, and its results while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from common.htmx import wants_part
from common.text import storable

from ..choices import Language
from ..search import Found, search
from .page import in_each_language, shown

LONGEST = 200  # characters
SHOWN = 10


@require_safe
def search_page(request: HttpRequest, language: Language) -> HttpResponse:
    question = storable(request.GET.get("q", ""))[:LONGEST].strip(" ")
    is_part = wants_part(request)
    context = {
        "question": question,
        "found": _found(question, language, request),
        "addresses": in_each_language("search"),
    }
    response = shown(request, "help/_found.html" if is_part else "help/search.html", language, context)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response


def _found(question: str, language: Language, request: HttpRequest) -> list[Found]:
    """In the page's language; where nothing fits, in any."""
    found = search(question, language=language, limit=SHOWN, viewer=request.user)
    return found or search(question, limit=SHOWN, viewer=request.user)
