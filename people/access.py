"""Who may see and do what. Pages, API, live stream and attachments all ask here.

A *viewer* is a member of staff, a customer in a session, or the bearer of one ticket's link. What a viewer may see
is a `Scope`; rooms above turn it into a condition of their queries (`visible_to`) and the stream asks it directly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from rest_framework.permissions import BasePermission

from .models import Customer, User


@dataclass(frozen=True, slots=True)
class TicketPass:
    """The bearer of a signed link: reads and answers one ticket in the name of one customer."""

    ticket_id: int
    customer: Customer


Viewer = User | AnonymousUser | Customer | TicketPass


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tickets a viewer sees. Nothing at all, unless a field says otherwise."""

    everything: bool = False
    user_id: int | None = None
    team_ids: frozenset[int] = frozenset()
    customer_id: int | None = None
    ticket_id: int | None = None

    @property
    def is_staff(self) -> bool:
        return self.user_id is not None

    def includes(self, *, team_id: int | None, assignee_id: int | None) -> bool:
        """Whether staff of this scope sees a ticket of that team and assignee: the stream's form of `visible_to`."""
        if self.everything:
            return True
        return self.is_staff and (team_id is None or team_id in self.team_ids or assignee_id == self.user_id)


def scope_of(viewer: Viewer) -> Scope:
    if isinstance(viewer, User):
        if not viewer.is_active:
            return Scope()
        if sees_everything(viewer):
            return Scope(everything=True, user_id=viewer.pk)
        return Scope(user_id=viewer.pk, team_ids=viewer.team_ids)
    if isinstance(viewer, Customer):
        return Scope(customer_id=viewer.pk)
    if isinstance(viewer, TicketPass):
        return Scope(customer_id=viewer.customer.pk, ticket_id=viewer.ticket_id)
    return Scope()


def sees_everything(user: User) -> bool:
    return user.is_manager or settings.AGENTS_SEE_ALL_TICKETS


View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Agents and up. A stranger is asked to sign in and comes back here."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return checked


def managers_only(view: View) -> View:
    """Managers and administrators; for an agent the page does not exist."""

    @staff_only
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and request.user.is_manager):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


class IsStaff(BasePermission):
    """The API's form of `staff_only`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return isinstance(request.user, User) and request.user.is_active
