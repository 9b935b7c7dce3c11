"""Why a received message went no further: the codes that `Inbound.rule` keeps, in a manager's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES: dict[str, str | Promise] = {
    "loop": _("Our own mail came back"),
    "own_address": _("It claims to come from one of our own addresses"),
    "notice": _("A delivery or read receipt"),
    "bounce": _("Told us that a mail of ours did not arrive; the ticket says so"),
    "foreign_bounce": _("Says that a mail did not arrive which is not ours"),
    "feedback": _("A mail provider passed on a complaint about a mail of ours"),
    "no_sender": _("It names no sender"),
    "doubtful_sender": _("Its sender cannot be read beyond doubt"),
    "spoofed": _("Our mail server says that the sender is forged"),
    "other_sender": _("It answers a ticket of someone else"),
    "auto_reply": _("An automatic answer to nothing of ours"),
    "message_id_reused": _("An earlier mail with other words had the same Message-ID"),
    "duplicate": _("The same mail came before"),
    "empty": _("It says nothing"),
    "too_large": _("It is larger than this desk reads"),
    "unreadable": _("Reading it failed three times"),
}
