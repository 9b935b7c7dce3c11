"""Deliveries and letters as mails: words from `templates/mail/`, headers that thread, answer and never loop."""

import re
from email.utils import formataddr, make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from common import html
from people.models import Customer
from tickets import links
from tickets.choices import Score
from tickets.models import Ticket

from . import ours
from .models import Delivery, Inbound, Letter, Notice
from .models.outgoing import Outgoing

MOST_REFERENCES = 20
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_REPLY_MARK = re.compile(r"^(?:(?:re|aw|sv|回复|答复)\s*[:：]\s*)+", re.I)
# What nobody asked for: it may not be answered by a machine.
_UNASKED = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
_SOUND_ID = re.compile(r"[^\s<>\x00-\x1f\x7f-\uffff]{3,400}")


def reply(delivery: Delivery) -> EmailMultiAlternatives:
    """A member of staff's words, with the files that belong to them."""
    message = delivery.message
    ticket = message.ticket
    subject = f"Re: {_REPLY_MARK.sub('', ticket.subject)} [#{ticket.number}]"
    told = {"message": message, "words": message.html or html.from_text(message.text)}
    mail = _of_message(delivery, "reply", subject, told, sender=message.author_name)
    for file in message.attachments.all():
        with file.file.open("rb") as content:
            mail.attach(file.name, content.read(), file.content_type)
    return mail


def receipt(delivery: Delivery) -> EmailMultiAlternatives:
    """“We have it.” Anyone may have typed this address: no word of the submitter's stands in it, not even the name."""
    with translation.override(delivery.customer.language):
        subject = _("We have your request [#%(number)s]") % {"number": delivery.message.ticket.number}
    mail = _of_message(delivery, "receipt", subject, {})
    mail.extra_headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    return mail


def survey(notice: Notice) -> EmailMultiAlternatives:
    """“How did we do?” with a link for each face. Opening one records nothing."""
    ticket, customer = notice.ticket, notice.customer
    assert customer is not None
    with translation.override(customer.language):
        subject = _("How did we do? [#%(number)s]") % {"number": ticket.number}
    url = links.rating_url(ticket, customer)
    faces = [(score, f"{url}?score={score.value}") for score in Score]
    mail = _mail(notice, ticket, customer, "survey", subject, {"rating_url": url, "faces": faces})
    mail.extra_headers |= _UNASKED | _threading(ticket, customer)
    return mail


def unhappy(notice: Notice) -> EmailMultiAlternatives:
    """Tells one of the staff what a customer did not like."""
    ticket, user = notice.ticket, notice.user
    assert user is not None
    with translation.override(user.language or settings.LANGUAGE_CODE):
        told = {
            "site_name": settings.SITE_NAME,
            "ticket": ticket,
            "survey": ticket.survey,
            "url": settings.SITE_URL + reverse("tickets:ticket", args=[ticket.number]),
        }
        subject = _("Unhappy customer: %(subject)s [#%(number)s]") % {
            "subject": ticket.subject,
            "number": ticket.number,
        }
        mail = _written("unhappy", told, subject, _from(), notice)
    mail.extra_headers |= _UNASKED
    return mail


def letter(letter: Letter) -> EmailMultiAlternatives:
    """A mail with one link that belongs to no ticket."""
    with translation.override(letter.language):
        told = {"site_name": settings.SITE_NAME, "url": letter.url}
        subject = render_to_string(f"mail/{letter.template}_subject.txt", told)
        mail = _written(letter.template, told, subject, _from(), letter)
    mail.extra_headers |= _UNASKED
    return mail


def new_mail_id() -> str:
    """A Message-ID for what belongs to no ticket."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


def _of_message(
    delivery: Delivery, template: str, subject: str, told: dict[str, object], *, sender: str = ""
) -> EmailMultiAlternatives:
    ticket, customer = delivery.message.ticket, delivery.customer
    mail = _mail(delivery, ticket, customer, template, subject, told, sender=sender)
    mail.extra_headers |= _threading(ticket, customer, before=delivery.message_id)
    return mail


def _mail(
    row: Outgoing,
    ticket: Ticket,
    customer: Customer,
    template: str,
    subject: str,
    told: dict[str, object],
    *,
    sender: str = "",
) -> EmailMultiAlternatives:
    """To a customer, who can answer it."""
    with translation.override(customer.language):
        told |= {
            "site_name": settings.SITE_NAME,
            "ticket": ticket,
            "sender": sender,
            "url": links.page_url(ticket, customer),
        }
        mail = _written(template, told, subject, _from(sender), row)
    mail.reply_to = [formataddr((_line(settings.SITE_NAME), links.reply_address(ticket, customer)))]
    return mail


def _written(
    template: str, told: dict[str, object], subject: str, sender: str, row: Outgoing
) -> EmailMultiAlternatives:
    """Both forms of the mail in the language that is active."""
    mail = EmailMultiAlternatives(_line(subject), render_to_string(f"mail/{template}.txt", told), sender, [row.address])
    mail.attach_alternative(render_to_string(f"mail/{template}.html", told), "text/html")
    mail.extra_headers = {"Message-ID": row.mail_id, ours.LOOP_HEADER: ours.loop_mark()}
    return mail


def _threading(ticket: Ticket, customer: Customer, *, before: int | None = None) -> dict[str, str]:
    """Earlier mails of the ticket, so that mail programs show one conversation: theirs to us and ours to them.

    Earlier than the message `before`; without one, all there are.
    """
    came = Inbound.objects.filter(channel="mail", ticket=ticket, message__isnull=False)
    went = Delivery.objects.filter(message__ticket=ticket, customer=customer)
    own = Inbound.objects.none()
    if before is not None:
        own = came.filter(message=before)
        came, went = came.filter(message__lt=before), went.filter(message__lt=before)
    theirs = came.order_by("-message").values_list("message", "external_id")[:MOST_REFERENCES]
    sent = went.order_by("-message").values_list("message", "mail_id")[:MOST_REFERENCES]
    found = sorted([*theirs, *sent, *own.values_list("message", "external_id")])
    ids = [_sound(mail_id) for _message, mail_id in found]
    ids = list(dict.fromkeys(filter(None, ids)))[-MOST_REFERENCES:]
    return {"In-Reply-To": ids[-1], "References": " ".join(ids)} if ids else {}


def _sound(mail_id: str) -> str:
    """A stranger's Message-ID goes into our headers only when it cannot break them."""
    bare = mail_id.strip("<>")
    return f"<{bare}>" if _SOUND_ID.fullmatch(bare) else ""


def _from(person: str = "") -> str:
    name = f"{person} · {settings.SITE_NAME}" if person else settings.SITE_NAME
    return formataddr((_line(name), settings.SUPPORT_ADDRESS))


def _line(text: str) -> str:
    """One line without control characters: nothing in it can begin another header."""
    return _CONTROL.sub("", " ".join(text.split()))
