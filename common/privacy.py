"""Pages that are meant for one reader."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers


def for_one_reader(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Kept by no cache and no search engine; the address, which may hold a secret, is told to no other site.

    Not `no-referrer`: a browser then sends `Origin: null` with the page's own forms, and
    the CSRF check refuses them.
    """

    @wraps(view)
    def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return private
