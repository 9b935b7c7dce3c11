"""The REST API: its addresses, its description, and the one shape of its errors."""

from typing import Any

from django.db import OperationalError
from django.http import HttpResponse
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from psycopg_pool import PoolTimeout
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler

from channels.api import Tickets
from channels.models import KeyReused
from people.access import staff_only
from tickets.errors import DomainError

from . import health


def answer_error(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """`{"detail": sentence}`, and for a faulty request `errors`: field → sentences. None for our own faults."""
    if isinstance(error, OperationalError | PoolTimeout):
        return health.unavailable(context["request"], error)
    if isinstance(error, KeyReused):
        return Response(
            {"detail": "This Idempotency-Key came before with another request. Take a new key for a new request."},
            status=422,
        )
    if isinstance(error, DomainError):
        return Response({"detail": str(error)}, status=409)
    response = exception_handler(error, context)
    if response is not None and isinstance(error, ValidationError):
        faults = error.detail if isinstance(error.detail, dict) else {"request": error.detail}
        response.data = {"detail": "The request has faults; see errors.", "errors": faults}
    return response


router = SimpleRouter()
router.register("tickets", Tickets, basename="ticket")

documentation = SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api/documentation.html")

urlpatterns = [
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("", staff_only(documentation), name="api_documentation"),
]
