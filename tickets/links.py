"""Signed words that stand for one ticket and one customer: the mailed link, the reply address, the Message-ID.

Each carries the ticket's number, the customer's id and a MAC over both, the purpose and the ticket's link version,
so that a manager can revoke all of a ticket's links at once and a guessed number opens nothing.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from people.access import TicketPass
from people.models import Customer

from .models import Message, Ticket

_TOKEN = re.compile(r"(\d{1,18})-(\d{1,18})-([a-z2-7]{26})", re.IGNORECASE)
_ADDRESS = re.compile(r"reply\+(\d{1,18}-\d{1,18}-[a-z2-7]{26})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<?m(\d{1,18})\.(\d{1,18}-\d{1,18}-[a-z2-7]{26})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    ticket: Ticket
    customer: Customer


def _mac(purpose: str, ticket: Ticket, customer_id: int) -> str:
    """128 bits in base32: mail systems may change the case of a local part."""
    value = f"{ticket.number}-{customer_id}-{ticket.links_version}"
    mac = salted_hmac(f"tickets.links.{purpose}", value, algorithm="sha256").digest()[:16]
    return base64.b32encode(mac).decode().rstrip("=").lower()


def _token(purpose: str, ticket: Ticket, customer_id: int) -> str:
    return f"{ticket.number}-{customer_id}-{_mac(purpose, ticket, customer_id)}"


def _claim(purpose: str, token: str) -> Claim | None:
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    number, customer_id, mac = match.groups()
    ticket = Ticket.objects.filter(number=number).with_people().first()
    customer = Customer.objects.prefetch_related("identities").filter(pk=customer_id).first()
    if ticket is None or customer is None:
        return None
    if not constant_time_compare(mac.lower(), _mac(purpose, ticket, customer.pk)):
        return None
    return Claim(ticket, customer)


def _passed(purpose: str, token: str) -> TicketPass | None:
    claim = _claim(purpose, token)
    return TicketPass(claim.ticket.pk, claim.customer) if claim else None


def page_token(ticket: Ticket, customer: Customer) -> str:
    return _token("page", ticket, customer.pk)


def page_url(ticket: Ticket, customer: Customer) -> str:
    """The absolute address that reads and answers this one ticket."""
    return settings.SITE_URL + reverse("tickets:link", args=[page_token(ticket, customer)])


def bearer(token: str) -> TicketPass | None:
    return _passed("page", token)


def rating_token(ticket: Ticket, customer: Customer) -> str:
    return _token("rate", ticket, customer.pk)


def rating_url(ticket: Ticket, customer: Customer) -> str:
    """The absolute address where this customer rates this ticket; it opens nothing else of it."""
    return settings.SITE_URL + reverse("tickets:rate", args=[rating_token(ticket, customer)])


def rater(token: str) -> TicketPass | None:
    """Who may rate the ticket, and nothing else, with this token."""
    return _passed("rate", token)


def reply_address(ticket: Ticket, customer: Customer) -> str:
    return f"reply+{_token('mail', ticket, customer.pk)}@{settings.MAIL_DOMAIN}"


def message_id(message: Message, customer: Customer) -> str:
    """Fixed before the first try to send, so that a second try is recognised as the same mail."""
    return f"<m{message.pk}.{_token('mail', message.ticket, customer.pk)}@{settings.MAIL_DOMAIN}>"


def survey_message_id(ticket: Ticket, customer: Customer) -> str:
    """A ticket has one survey: the mail belongs to no message, so its Message-ID counts from none."""
    return f"<m0.{_token('mail', ticket, customer.pk)}@{settings.MAIL_DOMAIN}>"


def claimed_by_mail(addresses: list[str], message_ids: list[str]) -> Claim | None:
    """The ticket and customer whose signed reply address, or signed Message-ID, one of the words is."""
    tokens = [m.group(1) for a in addresses if (m := _ADDRESS.search(a))]
    tokens += [m.group(2) for i in message_ids if (m := _MESSAGE_ID.search(i))]
    for token in tokens:
        if claim := _claim("mail", token):
            return claim
    return None


def fingerprint(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
