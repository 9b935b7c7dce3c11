"""Kinds of events that this room adds."""

from django.utils.translation import gettext as _

from tickets.history import Data, kind
from tickets.names import Names


@kind("delivery_failed", "mail-x")
def delivery_failed(data: Data, names: Names) -> str:
    return _("could not deliver the message to %(address)s: %(error)s") % data
