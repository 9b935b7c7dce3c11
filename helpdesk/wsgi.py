"""The pages. Granian imports `application` from here."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
os.environ.setdefault("DATABASE_POOL", "4")  # web processes pool their connections; see settings

django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Gives the database connection back before a byte is sent.

    The server does not close an answer whose visitor has left, and a thread that ends with a connection in its
    hands takes it out of the pool for good.
    """
    response = django(environ, start_response)
    if getattr(response, "streaming", False):
        connections.close_all()
        return response
    try:
        return [b"".join(response)]
    finally:
        response.close()
