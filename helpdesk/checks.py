"""Each misconfiguration with its cure."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from .settings import INSECURE_KEY


@register(Tags.security, deploy=True)
def production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == INSECURE_KEY:
        found.append(
            Error(
                "SECRET_KEY is the public default.",
                hint="Set SECRET_KEY (or SECRET_KEY_FILE) to 50 or more random characters.",
                id="helpdesk.E001",
            )
        )
    if settings.EMBEDDED:
        found.append(
            Warning(
                "The built-in PostgreSQL or Redis is in use.",
                hint="Set DATABASE_URL and REDIS_URL to servers that you back up.",
                id="helpdesk.W001",
            )
        )
    if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "mailbox.Backend")):
        found.append(
            Warning(
                "Mail goes nowhere.",
                hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.com:587.",
                id="helpdesk.W002",
            )
        )
    if settings.MAIL_DOMAIN.endswith("localhost"):
        found.append(
            Warning(
                "Customers cannot answer by mail.",
                hint="Set MAIL_DOMAIN to the domain whose reply+…@ addresses reach this desk.",
                id="helpdesk.W003",
            )
        )
    if settings.DEMO:
        found.append(
            Error(
                "DEMO=1 opens the demo mailbox to everyone.",
                hint="Unset DEMO in production.",
                id="helpdesk.E002",
            )
        )
    return found


@register()
def addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith(("http://", "https://")):
        return []
    return [
        Error(
            "SITE_URL must begin with https:// (or http://).",
            hint=f"It is {settings.SITE_URL!r}.",
            id="helpdesk.E003",
        )
    ]
