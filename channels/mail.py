"""The one door for mail: the bytes are stored, then read, then settled in one of four states."""

import hashlib
import re
import time

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common import html
from common.text import language_of, preview, storable
from people.models import Customer, Identity, User
from people.models.customer import normalised
from tickets import intake, links
from tickets.links import Claim
from tickets.uploads import Upload, upload

from . import mime, ours
from .mime import Mail
from .models import Delivery, Inbound, Notice
from .screening import LONGEST_ADDRESS, Verdict, dropped, quarantined, screened

log = structlog.get_logger(__name__)

CHANNEL = "mail"
MOST_REFERENCES = 20  # looked at for a signed id; a real thread's newest ones stand at the end
MOST_RETURNED_IDS = 100
LONGEST_RUN = 30.0  # seconds
# Where mail servers note the address a mail was really sent to.
ENVELOPE_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")

_MESSAGE_ID_LINE = re.compile(rb"^message-id[ \t]*:", re.I | re.M)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


def receive(raw: bytes) -> Inbound:
    """Takes a mail. When this returns, the bytes are committed; reading them may still be owed to the sweeper.

    Raises `django.db.Error` while nothing is stored, so that the caller keeps the mail.
    """
    with transaction.atomic(durable=True):
        inbound, _is_new = Inbound.take(channel=CHANNEL, key=_key(raw), raw=raw)
    try:
        process(inbound.pk)
        inbound.refresh_from_db()
    except Error:
        log.exception("mail_stored_but_not_read", inbound_id=inbound.pk)
    return inbound


def process(pk: int | None = None) -> bool:
    """Reads and settles one stored mail: that one, or the next that is due. False when there is none to take."""
    inbound = Inbound.claim(channel=CHANNEL, pk=pk)
    if inbound is None:
        return False
    with structlog.contextvars.bound_contextvars(inbound_id=inbound.pk):
        if inbound.attempts > Inbound.MOST_ATTEMPTS:
            told = inbound.error or "Whoever read it was ended before it was done."
            inbound.settle(Inbound.State.QUARANTINED, rule="unreadable", error=told)
        else:
            _process(inbound)
    return True


def process_due() -> None:
    """What a first reader did not finish, until nothing is due or the time of one task is used up."""
    end = time.monotonic() + LONGEST_RUN
    while time.monotonic() < end and process():
        pass


def parsed(inbound: Inbound) -> Mail:
    return mime.parse(bytes(inbound.raw), own_addresses=ours.addresses())


def claimed(mail: Mail) -> Claim | None:
    """The ticket and customer whose signed address or Message-ID the mail carries, whoever sent it."""
    noted = [value for name in ENVELOPE_HEADERS for value in mail.headers.get(name, ())]
    addresses = [*mail.to, *mail.cc, *noted][:MOST_REFERENCES]
    newest = [mail.in_reply_to, *reversed(mail.references[-MOST_REFERENCES:])]
    return links.claimed_by_mail(addresses, newest)


def open_ticket(inbound: Inbound, mail: Mail, *, by: User | None = None, quiet: str = "") -> None:
    """A new ticket of the mail's sender. `quiet` says why no receipt may be sent for it."""
    customer = sender_of(mail)
    language = language_of(f"{mail.subject} {mail.text}")
    files, left_out = _files(mail)
    text, markup = mail.text, html.clean(mail.html) if mail.html else ""
    if left_out:
        line = _left_out_line(left_out, language)
        text = f"{text}\n\n{line}".strip()
        markup = markup and markup + html.from_text(line)
    ticket = intake.receive(
        intake.Incoming(
            channel=CHANNEL,
            customer=customer,
            subject=mail.subject,
            text=text,
            html=markup,
            files=files,
            by=by,
            extra={"quiet": quiet} if quiet else {},
        )
    )
    state = Inbound.State.TICKETED
    inbound.settle(state, rule=inbound.rule, ticket=ticket, message=ticket.messages.get(), by=by)


def append(inbound: Inbound, mail: Mail, claim: Claim, *, author: Customer, by: User | None = None) -> bool:
    """The mail's new words as `author`'s answer in the ticket; False when it has none."""
    files, left_out = _files(mail)
    text = mail.reply_text or mail.text
    if left_out:
        text = f"{text}\n\n{_left_out_line(left_out, claim.ticket.language)}".strip()
    if not text.strip() and not files:
        return False
    event = claim.ticket.answer(text, by=author, channel=CHANNEL, files=files)
    assert event is not None  # only a repeated key would have no event
    state = Inbound.State.APPENDED
    inbound.settle(state, rule=inbound.rule, ticket=claim.ticket, message=event.message, by=by)
    return True


def sender_of(mail: Mail) -> Customer:
    """Who From names: nothing else in a mail says who wrote it. A stranger without address is nobody we know."""
    name = "" if "name_claims_address" in mail.problems else storable(mail.from_name)
    language = language_of(f"{mail.subject} {mail.text}")
    if "@" not in mail.from_address or len(mail.from_address) > LONGEST_ADDRESS:
        return Customer.objects.create(name=name[:200], language=language)
    return Customer.with_address(mail.from_address, name=name, language=language)


def _key(raw: bytes) -> str:
    """Two deliveries are one when all bytes agree; without a Message-ID people do send the same words again."""
    digest = hashlib.sha256(raw).hexdigest()
    block = _END_OF_HEADERS.split(raw[:65_536], maxsplit=1)[0]
    return digest if _MESSAGE_ID_LINE.search(block) else f"{digest} {timezone.now():%Y-%m-%d}"


def _process(inbound: Inbound) -> None:
    try:
        with transaction.atomic():
            held = Inbound.held(inbound.pk)
            if held:
                _settle(held)
    except Exception as error:  # whatever a mail does to its reader, the next one must be read
        log.exception("mail_not_read")
        inbound.postpone(error)


def _settle(inbound: Inbound) -> None:
    if len(inbound.raw) > settings.MAX_MAIL_BYTES:
        inbound.settle(Inbound.State.QUARANTINED, rule="too_large")
        return
    mail = parsed(inbound)
    _remember(inbound, mail)
    if verdict := _repeated(inbound):
        inbound.settle(verdict.state, rule=verdict.rule)
    elif mail.kind == "bounce":
        _note_bounce(inbound, mail)
    elif verdict := screened(mail) or _deliver(inbound, mail):
        inbound.settle(verdict.state, rule=verdict.rule)


def _remember(inbound: Inbound, mail: Mail) -> None:
    """What lists show of it and what tells it from others."""
    contents = [f"{part.name} {hashlib.sha256(part.content).hexdigest()}" for part in mail.attachments]
    inbound.sender = storable(mail.from_address)[:320]
    inbound.subject = storable(mail.subject)[:250]
    inbound.preview = storable(preview(mail.reply_text or mail.text))
    inbound.fingerprint = links.fingerprint(mail.from_address, mail.subject, mail.text, *contents)
    inbound.external_id = storable(mail.message_id)[:500]
    inbound.save(update_fields=["sender", "subject", "preview", "fingerprint", "external_id"])


def _repeated(inbound: Inbound) -> Verdict | None:
    """The same mail by another way is dropped. Other words under a used Message-ID may be an attempt to hide them."""
    if not inbound.external_id:
        return None
    with connection.cursor() as cursor:
        # Two ways may deliver at the same moment: the second waits here until the first has settled.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [inbound.external_id])
    earlier = Inbound.objects.filter(channel=CHANNEL, external_id=inbound.external_id)
    earlier = earlier.exclude(pk=inbound.pk).exclude(state=Inbound.State.STORED)
    if earlier.filter(sender=inbound.sender, fingerprint=inbound.fingerprint).exists():
        return dropped("duplicate")
    return quarantined("message_id_reused") if earlier.exists() else None


def _note_bounce(inbound: Inbound, mail: Mail) -> None:
    """A mail of ours did not arrive: its delivery failed. Our ids cannot be guessed, so knowing one is proof enough."""
    ours_only = re.compile(rf"<m\d[^<>\s@]{{10,120}}@{re.escape(settings.MAIL_DOMAIN)}>".encode(), re.I)
    returned = {match.decode() for match in ours_only.findall(bytes(inbound.raw))[:MOST_RETURNED_IDS]}
    deliveries = list(Delivery.objects.filter(mail_id__in=returned).select_related("message__ticket"))
    notices = list(Notice.objects.filter(mail_id__in=returned).select_related("ticket"))
    if not deliveries and not notices:
        inbound.settle(Inbound.State.DROPPED, rule="foreign_bounce")
        return
    for failed in [*deliveries, *notices]:
        failed.fail(f"{mail.dsn_status or ''} {preview(mail.text, 300)}".strip())
    ticket = notices[0].ticket if notices else deliveries[0].message.ticket
    inbound.settle(Inbound.State.APPENDED, rule="bounce", ticket=ticket)


def _deliver(inbound: Inbound, mail: Mail) -> Verdict | None:
    """Into the ticket it answers or into a new one; a verdict when neither may be."""
    claim = claimed(mail)
    if claim and not _is_from(claim, mail):
        return quarantined("other_sender")
    if mail.kind == "auto_reply":
        return _note_auto_reply(inbound, mail, claim)
    if claim:
        return None if append(inbound, mail, claim, author=claim.customer) else quarantined("empty")
    if not (mail.subject.strip() or mail.text.strip() or mail.attachments):
        return quarantined("empty")
    open_ticket(inbound, mail, quiet="" if mail.may_answer else "automatic")
    return None


def _is_from(claim: Claim, mail: Mail) -> bool:
    """The bearer of a signed address must also be its customer, and the ticket still that customer's."""
    mails = (identity for identity in claim.customer.identities.all() if identity.kind == Identity.Kind.MAIL)
    return claim.ticket.customer_id == claim.customer.pk and any(
        identity.value == normalised(Identity.Kind.MAIL, mail.from_address) for identity in mails
    )


def _note_auto_reply(inbound: Inbound, mail: Mail, claim: Claim | None) -> Verdict | None:
    """“I am on holiday” is worth knowing and no reason to reopen anything: a note."""
    if claim is None:
        return quarantined("auto_reply")
    with translation.override(claim.ticket.language):
        words = "\n".join([_("Automatic answer:"), mail.reply_text or mail.text or mail.subject])
    event = claim.ticket.note(words, by=claim.customer)
    assert event is not None  # only a repeated key would have no event
    state = Inbound.State.APPENDED
    inbound.settle(state, rule="auto_reply", ticket=claim.ticket, message=event.message)
    return None


def _files(mail: Mail) -> tuple[list[Upload], list[str]]:
    """The attachments within our limits, and the names and sizes of those beyond, which only the raw mail keeps."""
    kept: list[Upload] = []
    left_out: list[str] = []
    for part in mail.attachments:
        if len(part.content) <= settings.MAX_ATTACHMENT_BYTES and len(kept) < settings.MAX_ATTACHMENTS:
            kept.append(upload(part.shown_name, part.content))
        else:
            left_out.append(f"{part.shown_name} ({filesizeformat(len(part.content))})")
    return kept, left_out


def _left_out_line(left_out: list[str], language: str) -> str:
    with translation.override(language):
        return _("[Too large or too many to attach: %(files)s]") % {"files": ", ".join(left_out)}
