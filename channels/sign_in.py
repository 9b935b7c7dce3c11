"""The one-time link that lets a customer see all own tickets."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from people.models import Identity, SignInLink
from people.models.customer import normalised

from .outgoing import send_sign_in_link


@transaction.atomic
def ask_for_link(address: str) -> None:
    """Has a link mailed if a customer has this address.

    It goes to the stored spelling of the address, never to the typed one. No mail server is asked here: by
    the time that takes, a visitor could tell a known address.
    """
    value = normalised(Identity.Kind.MAIL, address)
    known = Identity.objects.filter(kind=Identity.Kind.MAIL, value=value).select_related("customer")
    if identity := known.first():
        token = SignInLink.issue(identity)
        send_sign_in_link(identity, settings.SITE_URL + reverse("people:open_link", args=[token]))
