"""What history owes to customers by mail: a row for each, and the sending of the rows that are due."""

import smtplib
import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from common.doorbell import ring
from common.limits import knock
from people.models import Identity, User
from people.models.customer import identify
from tickets import links
from tickets.models import Event, SurveySettings, Ticket

from . import bounces, composing, ours
from .models import Delivery, Letter, Notice
from .models.outgoing import Outgoing

log = structlog.get_logger(__name__)

TASK = "channels.tasks.send_due"
HOUR = 3600
# Receipts an hour to one address: few to one that anybody may have typed, and an end to any loop with the others.
UNVERIFIED_LIMIT, VERIFIED_LIMIT = 3, 20
# Who gives a low score often says why a moment later.
FOR_SECOND_THOUGHTS = timedelta(minutes=2)
LONGEST_RUN = 30.0  # seconds after which a sender lets others to the queue
# A server that wants us to sign in first refuses us, not the mail.
SIGN_IN_CODES = {530, 534, 535, 538}


class Refused(Exception):
    """The mail server will not take this mail, however often it is asked."""


def post(event: Event) -> None:
    """The rows of mails that an event calls for. The consumer `deliver` calls it in its transaction."""
    identify([event.ticket.customer])
    POSTS[event.kind](event)


def post_reply(event: Event) -> None:
    _post(event, Delivery.Kind.REPLY)


def post_receipt(event: Event) -> None:
    """For forms and mails that a person wrote, not more often than an address should bear."""
    address = event.ticket.customer.address
    if event.ticket.channel not in ("form", "mail") or event.data.get("quiet"):
        return
    if not address or bounces.is_robot(address) or bounces.is_daemon(address, ""):
        return
    if _may_have_receipt(address):
        _post(event, Delivery.Kind.RECEIPT)


def post_survey(event: Event) -> None:
    """The one mail that asks. Where nobody would read it, the customer was not asked."""
    ticket, customer = event.ticket, event.ticket.customer
    address = customer.address
    if not address or ours.is_ours(address) or bounces.is_robot(address) or bounces.is_daemon(address, ""):
        ticket.survey.withdraw()
        return
    mail_id = links.survey_message_id(ticket, customer)
    Notice.objects.get_or_create(
        ticket=ticket,
        kind=Notice.Kind.SURVEY,
        defaults={"customer": customer, "address": address, "mail_id": mail_id},
    )


def post_unhappy(event: Event) -> None:
    """Tells the staff of a low score, each of them once per ticket; a better score takes back what is not sent yet."""
    ticket = event.ticket
    if not SurveySettings.current().is_low(event.data["score"]):
        ticket.notices.filter(kind=Notice.Kind.UNHAPPY, state=Notice.State.QUEUED).delete()
        return
    due_at = event.at + FOR_SECOND_THOUGHTS
    for user in _responsible(ticket):
        Notice.objects.get_or_create(
            ticket=ticket,
            kind=Notice.Kind.UNHAPPY,
            address=user.email,
            defaults={"user": user, "mail_id": composing.new_mail_id(), "due_at": due_at},
        )


def _responsible(ticket: Ticket) -> list[User]:
    """The assignee, else the team; only who works here and has an address."""
    reachable = User.objects.active().exclude(email="")
    if ticket.assignee_id and (assignee := reachable.filter(pk=ticket.assignee_id)):
        return list(assignee)
    return list(reachable.filter(teams=ticket.team_id)) if ticket.team_id else []


def send_sign_in_link(identity: Identity, url: str) -> Letter:
    """Has the one-time link mailed: a row like any other, so that no visitor waits for a mail server."""
    letter = Letter.objects.create(
        template="sign_in",
        address=identity.value,
        language=identity.customer.language,
        url=url,
        mail_id=composing.new_mail_id(),
    )
    send_soon()
    return letter


def send_soon() -> None:
    ring(TASK)


def send_due() -> int:
    """Sends what is due, letters first because someone waits for them; returns how many were tried."""
    tried, end = 0, time.monotonic() + LONGEST_RUN
    for model, compose in _SENDERS:
        while time.monotonic() < end and (row := model.claim()):
            tried += 1
            _send(model, row.pk, compose)
    return tried


def _post(event: Event, kind: Delivery.Kind) -> None:
    message, customer = event.message, event.ticket.customer
    if message is None or not message.is_public or not customer.address or ours.is_ours(customer.address):
        return
    Delivery.objects.get_or_create(
        message=message,
        kind=kind,
        address=customer.address,
        defaults={"customer": customer, "mail_id": links.message_id(message, customer)},
    )


def _may_have_receipt(address: str) -> bool:
    known = Identity.objects.filter(kind=Identity.Kind.MAIL, value=address, verified_at__isnull=False)
    limit = VERIFIED_LIMIT if known.exists() else UNVERIFIED_LIMIT
    return knock(f"receipt:{address}", limit=limit, seconds=HOUR)


def _send(model: type[Outgoing], pk: int, compose: Callable[..., EmailMultiAlternatives]) -> None:
    """One try. The row stays locked meanwhile; a crash before the commit may send the same Message-ID once more."""
    with structlog.contextvars.bound_contextvars(mail=f"{model.__name__} {pk}"):
        try:
            with transaction.atomic():
                row = model.held(pk)
                if row:
                    _try(row, compose)
        except Exception as error:  # one broken mail must not stop the others
            log.exception("mail_broken")
            model.objects.get(pk=pk).postpone(f"{type(error).__name__}: {error}")


def _try(row: Outgoing, compose: Callable[..., EmailMultiAlternatives]) -> None:
    try:
        _hand_over(row, compose)
    except Refused as refusal:
        log.warning("mail_refused", error=str(refusal))
        row.fail(str(refusal))
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail_not_sent", error=str(error), attempts=row.attempts)
        row.postpone(f"{type(error).__name__}: {error}")
    else:
        row.sent()


def _hand_over(row: Outgoing, compose: Callable[..., EmailMultiAlternatives]) -> None:
    """Raises `Refused`, or `OSError` (of which `SMTPException` is one) for what may go better later."""
    if row.attempts > row.MOST_ATTEMPTS:
        raise Refused(row.error or "every sender was ended before it was done")
    if isinstance(row, Letter) and row.is_too_old:
        raise Refused("its link has expired")
    try:
        compose(row).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, told = next(iter(error.recipients.values()))
        raise _judged(error, code, told) from error
    except (smtplib.SMTPHeloError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError):
        raise
    except smtplib.SMTPResponseException as error:
        raise _judged(error, error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        # An address our server cannot write to, or one that is none.
        raise Refused(str(error)) from error


def _judged(error: smtplib.SMTPException, code: int, told: bytes | str) -> Exception:
    if code < 500 or code in SIGN_IN_CODES:
        return error
    words = told.decode(errors="replace") if isinstance(told, bytes) else told
    return Refused(f"{code} {words}")


def _compose_delivery(delivery: Delivery) -> EmailMultiAlternatives:
    return _COMPOSERS[Delivery.Kind(delivery.kind)](delivery)


def _compose_notice(notice: Notice) -> EmailMultiAlternatives:
    return _NOTICES[Notice.Kind(notice.kind)](notice)


POSTS = {"replied": post_reply, "opened": post_receipt, "survey_asked": post_survey, "rated": post_unhappy}
_COMPOSERS = {Delivery.Kind.REPLY: composing.reply, Delivery.Kind.RECEIPT: composing.receipt}
_NOTICES = {Notice.Kind.SURVEY: composing.survey, Notice.Kind.UNHAPPY: composing.unhappy}
_SENDERS: list[tuple[type[Outgoing], Callable[..., EmailMultiAlternatives]]] = [
    (Letter, composing.letter),
    (Delivery, _compose_delivery),
    (Notice, _compose_notice),
]
