"""Where a ticket stands, in the words of the one who waits for it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import Status
from .models import Ticket


@dataclass(frozen=True, slots=True)
class Standing:
    title: str | Promise
    explanation: str | Promise
    icon: str
    tone: str  # of `.chip` and `.notice`


STANDINGS: dict[str, Standing] = {
    Status.NEW: Standing(
        _("We have it"), _("Someone will read it soon. You get a mail as soon as we answer."), "inbox", "acc"
    ),
    Status.OPEN: Standing(
        _("We are working on it"), _("You get a mail as soon as there is an answer."), "loader", "acc"
    ),
    Status.WAITING: Standing(
        _("It is your turn"),
        _("We wrote to you. Answer below, or by replying to our mail."),
        "message-square",
        "warn",
    ),
    Status.HOLD: Standing(
        _("On hold"), _("We are waiting for something outside our hands and come back to you."), "pause", ""
    ),
    Status.RESOLVED: Standing(
        _("Solved"), _("If it comes back, write below: that opens it again."), "circle-check", "good"
    ),
    Status.CLOSED: Standing(_("Closed"), _("If it comes back, write below: that opens it again."), "archive", ""),
}


def standing(ticket: Ticket) -> Standing:
    return STANDINGS[ticket.status]
