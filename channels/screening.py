"""Which mails never reach a ticket by themselves: one rule a concern, the first that speaks decides."""

from collections.abc import Callable
from dataclasses import dataclass

import authres
from django.conf import settings

from . import ours
from .mime import Mail
from .models import Inbound

LONGEST_ADDRESS = 254  # RFC 5321


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state of `Inbound` and the code of the rule that put it there."""

    state: str
    rule: str


def dropped(rule: str) -> Verdict:
    return Verdict(Inbound.State.DROPPED, rule)


def quarantined(rule: str) -> Verdict:
    return Verdict(Inbound.State.QUARANTINED, rule)


def screened(mail: Mail) -> Verdict | None:
    """Why the mail goes no further, or None for one that someone should read."""
    return next((verdict for rule in _IN_ORDER if (verdict := rule(mail))), None)


def _is_loop(mail: Mail) -> Verdict | None:
    marks = mail.headers.get(ours.LOOP_HEADER.lower(), ())
    return dropped("loop") if ours.loop_mark() in marks else None


def _is_from_us(mail: Mail) -> Verdict | None:
    return dropped("own_address") if ours.is_ours(mail.from_address) else None


def _is_notice(mail: Mail) -> Verdict | None:
    return dropped("notice") if mail.kind == "notice" else None


def _is_complaint(mail: Mail) -> Verdict | None:
    return quarantined("feedback") if mail.kind == "feedback" else None


def _lacks_a_sender(mail: Mail) -> Verdict | None:
    if not mail.from_address:
        return quarantined("no_sender")
    is_too_long = len(mail.from_address) > LONGEST_ADDRESS
    if is_too_long or any(problem.startswith("from_") for problem in mail.problems):
        return quarantined("doubtful_sender")
    return None


def _is_forged(mail: Mail) -> Verdict | None:
    """Only the verdict of our own mail server counts (RFC 8601): anybody can write such a header."""
    for value in mail.headers.get("authentication-results", ()):
        try:
            told = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        except authres.AuthResError:
            continue
        is_trusted = (told.authserv_id or "").lower() == settings.MAIL_AUTHSERV_ID.lower() != ""
        if is_trusted and any(r.method == "dmarc" and r.result == "fail" for r in told.results):
            return quarantined("spoofed")
    return None


_IN_ORDER: list[Callable[[Mail], Verdict | None]] = [
    _is_loop,
    _is_notice,
    _is_complaint,
    _is_from_us,
    _lacks_a_sender,
    _is_forged,
]
