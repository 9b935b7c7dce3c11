"""Deliveries and letters as mails: words from `templates/mail/`, headers that thread, answer and never loop."""

import re
from email.utils import formataddr, make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from common import html
from tickets import links
from tickets.models import Ticket

from . import ours
from .models import Delivery, Inbound, Letter

MOST_REFERENCES = 20
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_REPLY_MARK = re.compile(r"^(?:(?:re|aw|sv|回复|答复)\s*[:：]\s*)+", re.I)
_SOUND_ID = re.compile(r"[^\s<>\x00-\x1f\x7f-\uffff]{3,400}")


def reply(delivery: Delivery) -> EmailMultiAlternatives:
    """A member of staff's words, with the files that belong to them."""
    message = delivery.message
    ticket = message.ticket
    subject = f"Re: {_REPLY_MARK.sub('', ticket.subject)} [#{ticket.number}]"
    told = {"message": message, "words": message.html or html.from_text(message.text)}
    mail = _mail(delivery, "reply", subject, told, sender=message.author_name)
    for file in message.attachments.all():
        with file.file.open("rb") as content:
            mail.attach(file.name, content.read(), file.content_type)
    return mail


def receipt(delivery: Delivery) -> EmailMultiAlternatives:
    """“We have it.” Anyone may have typed this address: no word of the submitter's stands in it, not even the name."""
    with translation.override(delivery.customer.language):
        subject = _("We have your request [#%(number)s]") % {"number": delivery.message.ticket.number}
    mail = _mail(delivery, "receipt", subject, {})
    mail.extra_headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    return mail


def letter(letter: Letter) -> EmailMultiAlternatives:
    """A mail with one link that belongs to no ticket."""
    with translation.override(letter.language):
        told = {"site_name": settings.SITE_NAME, "url": letter.url}
        subject = render_to_string(f"mail/{letter.template}_subject.txt", told)
        text = render_to_string(f"mail/{letter.template}.txt", told)
        markup = render_to_string(f"mail/{letter.template}.html", told)
    mail = EmailMultiAlternatives(_line(subject), text, _from(), [letter.address])
    mail.attach_alternative(markup, "text/html")
    mail.extra_headers = {
        "Message-ID": letter.mail_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        ours.LOOP_HEADER: ours.loop_mark(),
    }
    return mail


def new_mail_id() -> str:
    """A Message-ID for what belongs to no ticket."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


def _mail(
    delivery: Delivery, template: str, subject: str, told: dict[str, object], *, sender: str = ""
) -> EmailMultiAlternatives:
    ticket, customer = delivery.message.ticket, delivery.customer
    with translation.override(customer.language):
        told |= {
            "site_name": settings.SITE_NAME,
            "ticket": ticket,
            "sender": sender,
            "url": links.page_url(ticket, customer),
        }
        text = render_to_string(f"mail/{template}.txt", told)
        markup = render_to_string(f"mail/{template}.html", told)
    mail = EmailMultiAlternatives(_line(subject), text, _from(sender), [delivery.address])
    mail.reply_to = [formataddr((_line(settings.SITE_NAME), links.reply_address(ticket, customer)))]
    mail.attach_alternative(markup, "text/html")
    mail.extra_headers = {
        "Message-ID": delivery.mail_id,
        ours.LOOP_HEADER: ours.loop_mark(),
        **_threading(delivery, ticket),
    }
    return mail


def _threading(delivery: Delivery, ticket: Ticket) -> dict[str, str]:
    """Earlier mails of the ticket, so that mail programs show one conversation: theirs to us and ours to them."""
    came = Inbound.objects.filter(channel="mail", ticket=ticket, message__isnull=False, message__lt=delivery.message_id)
    theirs = came.order_by("-message").values_list("message", "external_id")[:MOST_REFERENCES]
    went = Delivery.objects.filter(message__ticket=ticket, customer=delivery.customer, message__lt=delivery.message_id)
    sent = went.order_by("-message").values_list("message", "mail_id")[:MOST_REFERENCES]
    own = Inbound.objects.filter(channel="mail", message=delivery.message_id).values_list("message", "external_id")
    ids = [_sound(mail_id) for _message, mail_id in sorted([*theirs, *sent, *own])]
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
