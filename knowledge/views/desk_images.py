"""Pictures of articles: brought by the staff, shown to everybody who has the key."""

from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from people.access import staff_only
from people.models import User

from ..forms import ImageForm
from ..models import Image

A_YEAR = 365 * 24 * 3600


@require_POST
@staff_only
def bring(request: HttpRequest) -> HttpResponse:
    """Keeps a picture and answers with the Markdown that shows it, or (422) says what is wrong with it."""
    form = ImageForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(map(str, form.errors["image"]))}, status=422)
    name = form.cleaned_data["image"].name or ""
    image = Image.keep(name, form.content, form.content_type, by=cast(User, request.user))
    return JsonResponse({"markdown": image.markdown})


@require_GET
def show(request: HttpRequest, key: str) -> FileResponse:
    """The picture, which never changes: browsers and proxies may keep it. No browser opens it as anything else."""
    image = get_object_or_404(Image, key=key)
    try:
        content = image.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, filename=image.name, content_type=image.content_type)
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
