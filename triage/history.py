"""What triage adds to a ticket's history: what was done with a known solution."""

from django.utils.translation import gettext as _

from tickets.history import Data, kind
from tickets.names import Names


@kind("solution_used", "book-open-check")
def solution_used(data: Data, names: Names) -> str:
    return _("used a past answer") if "source" in data else _("used an article")


@kind("solution_worked", "badge-check")
def solution_worked(data: Data, names: Names) -> str:
    return _("said that a past answer solved it") if "source" in data else _("said that an article solved it")


@kind("solution_withdrawn", "undo-2")
def solution_withdrawn(data: Data, names: Names) -> str:
    return _("took back that a past answer solved it") if "source" in data else _("took back that an article solved it")
