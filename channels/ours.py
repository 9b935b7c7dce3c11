"""What marks a mail as our own, coming or going."""

from django.conf import settings

from .automatic import is_own

LOOP_HEADER = "X-Helpdesk-Loop"


def addresses() -> list[str]:
    """The addresses this desk reads; any +tag of them is ours, too."""
    return [settings.SUPPORT_ADDRESS, f"reply@{settings.MAIL_DOMAIN}"]


def is_ours(address: str) -> bool:
    return is_own(address, addresses())


def loop_mark() -> str:
    """Stands in every mail we send, so that one which comes back is known again."""
    return settings.MAIL_DOMAIN
