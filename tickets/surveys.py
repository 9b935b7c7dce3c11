"""From a solved ticket to the customer's verdict: who is asked and when, and what a score sets off.

A waiting survey is a row with a due time; `ask_due` turns it into the event `survey_asked`, once, and the room that
owns the mail writes it from there.
"""

from datetime import timedelta, tzinfo
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from django.db import transaction
from django.utils import timezone

from people.models import Customer, User

from .actors import SYSTEM, By
from .models import Event, Survey, SurveySettings, Ticket
from .quiet_hours import after_quiet

log = structlog.get_logger(__name__)

AFTER_A_FAULT = timedelta(hours=1)
_COMMENTS = UUID("6f1d1c53-2c3f-4f0e-9a39-6c2f1e0b7a55")  # the key of a comment that became an answer is made in it


def ask_due(*, most: int = 200) -> int:
    """Works off up to `most` surveys whose time has come, each in a transaction of its own; returns how many."""
    chosen = SurveySettings.current()
    for done in range(most):
        if not _work_off_one(chosen):
            return done
    return most


def _work_off_one(chosen: SurveySettings) -> bool:
    ticket = None
    try:
        with transaction.atomic():
            # The ticket's lock before anything of the survey's, in the order the verbs take them.
            due = Ticket.objects.filter(survey__in=Survey.objects.due()).select_for_update(
                skip_locked=True, of=("self",)
            )
            ticket = due.order_by("survey__due_at", "pk").first()
            if ticket:
                _settle(ticket, chosen)
    except Exception:  # one broken ticket must not stop the others
        log.exception("survey_failed", ticket=ticket and ticket.number)
        if ticket is None:
            raise
        Survey.objects.waiting().filter(ticket=ticket).update(due_at=timezone.now() + AFTER_A_FAULT)
    return ticket is not None


def _settle(ticket: Ticket, chosen: SurveySettings) -> None:
    """Asks, waits for the end of the quiet hours, or lets it be."""
    now = timezone.now()
    survey = Survey.objects.waiting().filter(ticket=ticket, due_at__lte=now).first()
    if survey is None:
        return  # what the claim had seen changed before its lock
    if ticket.is_open or not chosen.is_on or not may_ask_about(ticket, chosen):
        survey.cancel()
        return
    due_at = after_quiet(now, zone_of(ticket.customer), chosen.quiet_from, chosen.quiet_to)
    if due_at > now:
        survey.postpone(due_at)
    elif not ticket.ask_opinion(by=SYSTEM):
        survey.cancel()


def may_ask_about(ticket: Ticket, chosen: SurveySettings) -> bool:
    """Whether a person wrote it to us by a way on which we may write back: no import, no machine, none of ours."""
    address = ticket.customer.address
    if not address or ticket.source or set(ticket.tags) & set(chosen.never_tags):
        return False
    if User.objects.filter(email__iexact=address).exists():
        return False
    # Mail of a machine, or released from quarantine: such a ticket got no receipt, either.
    return not ticket.events.filter(kind="opened", data__has_key="quiet").exists()


def zone_of(customer: Customer) -> tzinfo:
    """The customer's time zone, or the house's where it is unknown."""
    try:
        return ZoneInfo(customer.time_zone) if customer.time_zone else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.get_default_timezone()


@transaction.atomic
def take(ticket: Ticket, score: int, comment: str, *, by: By) -> Event | None:
    """The customer rates. Where the house wants it, a low score with a comment goes on as the customer's answer.

    Raises what `Ticket.rate` raises.
    """
    event = ticket.rate(score, comment, by=by)
    if event is None:
        return None
    chosen = SurveySettings.current()
    said = event.data.get("comment", "")
    if chosen.reopens and chosen.is_low(score) and said and ticket.is_done:
        ticket.answer(said, by=by, channel="page", key=uuid5(_COMMENTS, f"{ticket.pk} {said}"))
    return event
