"""Articles offered to somebody who is writing to us, read beside the form, and what came of it."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from common.text import storable

from .. import deflections, readers
from ..choices import Language
from ..models import Version
from ..search import search
from .page import in_each_language, shown

OFFERED = 3
SHORTEST = 6  # characters before an article is offered


@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The part of the form with what fits the words so far. By POST: what a customer types stands in no log."""
    subject, description = (storable(request.POST.get(name, "")).strip() for name in ("subject", "description"))
    text = f"{subject} {description}".strip()
    found = search(text, limit=OFFERED) if len(text.encode()) >= SHORTEST else []
    offers = [offer for offer in found if offer.is_likely]
    return render(request, "help/_offers.html", {"offers": offers})


@require_POST
def read(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    """The article as it is read beside the form; from now on the form's key is a deflection, maybe."""
    version = _published(language, slug)
    key = _key(request)
    if key and readers.may_speak(request):
        deflections.opened(key, version.article, language)
    return render(request, "help/_reading.html", {"version": version, "key": key})


@require_POST
@transaction.atomic
def solved(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    """That solved it: a confirmed deflection and a vote for the article."""
    version = _published(language, slug)
    key = _key(request)
    if key and readers.may_speak(request):
        deflections.solved(key, version.article, language)
        readers.say(request, version, is_helpful=True)
    return redirect("knowledge:glad", get_language() or language)


@require_safe
def glad(request: HttpRequest, language: Language) -> HttpResponse:
    return shown(request, "help/glad.html", language, {"addresses": in_each_language("glad")})


def _published(language: Language, slug: str) -> Version:
    """Not even for the staff a draft: what is offered here is offered to customers."""
    versions = Version.objects.select_related("article").filter(article__state="published")
    return get_object_or_404(versions, article__slug=slug, language=language)


def _key(request: HttpRequest) -> uuid.UUID | None:
    """The form's own; without it there is nothing to count."""
    try:
        return uuid.UUID(request.POST.get("reading", ""))
    except ValueError:
        return None
