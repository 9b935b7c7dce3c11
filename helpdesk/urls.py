"""All addresses of the house."""

from django.urls import path

from . import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
handler500 = "helpdesk.health.server_error"
