"""The agents' views of the tickets: which rows, how many, in what order."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from common import keyset
from common.kept import Kept
from common.text import storable
from people.access import Scope, scope_of
from people.models import Team, User

from .choices import OPEN_STATUSES, Priority, Status
from .models import Draft, Ticket

PAGE = 25
MOST_ROWS = 150  # a refresh renews what the reader has scrolled through, up to this
MOST_COUNTED = 1000  # counting done tickets beyond this tells nobody anything

IS_OPEN = Q(status__in=OPEN_STATUSES)


@dataclass(frozen=True, slots=True)
class View:
    """One entry of the left column: of the open tickets, or of the done ones, those that meet its condition."""

    name: str
    label: str | Promise = field(compare=False)
    icon: str
    condition: Callable[[User], Q] = field(compare=False)
    is_open: bool = True
    count: int | None = None
    is_alarming: bool = False
    team_id: int | None = None

    def rows(self, user: User) -> Q:
        """Its tickets for a person."""
        return (IS_OPEN if self.is_open else ~IS_OPEN) & self.condition(user)

    @property
    def shown_count(self) -> str:
        if self.count is None:
            return ""
        return f"{MOST_COUNTED - 1}+" if not self.is_open and self.count >= MOST_COUNTED else str(self.count)


def _team_view(team: Team) -> View:
    condition = Q(team_id=team.pk)
    return View(f"team-{team.slug}", team.name, "users", lambda user: condition, team_id=team.pk)


def views_for(user: User, teams: list[Team]) -> list[View]:
    """A manager has a view for each team, an agent for each of their own."""
    mine = [team for team in teams if user.is_manager or team.pk in user.team_ids]
    return [
        View("mine", _("Mine"), "user", lambda user: Q(assignee_id=user.pk)),
        View("unassigned", _("Unassigned"), "inbox", lambda user: Q(assignee=None)),
        View(
            "urgent",
            _("Urgent"),
            "flame",
            lambda user: Q(priority__gte=Priority.HIGH),
            is_alarming=True,
        ),
        *map(_team_view, mine),
        View("waiting", _("Waiting on customer"), "hourglass", lambda user: Q(status=Status.WAITING)),
        View("open", _("All open"), "layers", lambda user: Q()),
        View("resolved", _("Resolved"), "circle-check", lambda user: Q(), is_open=False),
    ]


def counted(user: User, teams: list[Team]) -> list[View]:
    """The views with how many tickets each holds: one statement, however many views."""
    with connection.cursor() as cursor:
        cursor.execute(*_counting(user, user.is_manager, scope_of(user), tuple(teams)))
        counts = cursor.fetchone()
    return [replace(view, count=count) for view, count in zip(views_for(user, teams), counts, strict=True)]


@lru_cache(maxsize=1000)
def _counting(user: User, is_manager: bool, scope: Scope, teams: tuple[Team, ...]) -> tuple[str, list[Any]]:
    """The statement and its parameters: building them costs ten times what asking does, and nothing else changes them.

    One row in the order of `views_for`: all open views by one pass over the open tickets, each other one by its own.
    """
    visible = Ticket.objects.visible_to(user).order_by()
    counts: dict[str, Count] = {}
    columns: list[str] = []
    params: list[Any] = []
    for view in views_for(user, list(teams)):
        if view.is_open:
            name = f"view_{len(columns)}"
            counts[name] = Count("status", filter=view.condition(user) or None)  # the id would not be in the index
            columns.append(f"open_now.{name}")
        else:
            rows, its_params = visible.filter(view.rows(user)).values("pk")[:MOST_COUNTED].query.sql_with_params()
            columns.append(f"(SELECT count(*) FROM ({rows}) AS counted)")  # noqa: S608  the ORM wrote it
            params += its_params
    open_now = visible.filter(IS_OPEN).values(one=Value(1)).annotate(**counts).values_list(*counts)
    sql, its_params = open_now.query.sql_with_params()
    counting = f"SELECT {', '.join(columns)} FROM ({sql}) AS open_now"  # noqa: S608  the ORM wrote it
    return counting, [*params, *its_params]


SORTS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    "newest": (_("Newest message"), ("-last_message_at", "-pk")),
    "oldest": (_("Longest waiting"), ("last_message_at", "pk")),
    "priority": (_("Most urgent"), ("-priority", "last_message_at", "pk")),
    "created": (_("Newest ticket"), ("-created_at", "-pk")),
}
FILTERS = {"category": "category__slug", "priority": "priority", "language": "language", "channel": "channel"}


@dataclass(frozen=True)
class Listing:
    """What the address asks for. Unknown words fall back to the default: an old bookmark still opens."""

    view: str
    sort: str
    filters: dict[str, str] = field(hash=False)
    tag: str
    query: str

    @classmethod
    def asked_for(cls, params: QueryDict) -> "Listing":
        sort = params.get("sort", "")
        return cls(
            view=params.get("view", "mine"),
            sort=sort if sort in SORTS else "newest",
            filters={name: value[:100] for name in FILTERS if (value := storable(params.get(name, "")))},
            tag=storable(params.get("tag", ""))[:50],
            query=params.get("q", "").strip()[:200],
        )

    @cached_property
    def address(self) -> str:
        """The query string that leads here again."""
        words = QueryDict(mutable=True)
        words["view"] = self.view
        if self.sort != "newest":
            words["sort"] = self.sort
        words.update(self.filters)
        if self.tag:
            words["tag"] = self.tag
        if self.query:
            words["q"] = self.query
        return words.urlencode()

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters or self.tag)

    def rows(self, view: View, user: User) -> "QuerySet[Ticket]":
        rows = Ticket.objects.visible_to(user).filter(view.rows(user))
        for name, value in self.filters.items():
            rows = rows.filter(_condition(name, value))
        if self.tag:
            rows = rows.filter(tags__contains=[self.tag])
        drafts = Draft.objects.filter(ticket=OuterRef("pk"), user=user)
        return rows.with_customer().annotate(has_draft=Exists(drafts))

    def page(self, view: View, user: User, cursor: str, size: int) -> tuple[list[Ticket], str]:
        """A page of rows and the cursor of the next; a broken cursor starts again at the top."""
        order = SORTS[self.sort][1]
        if cursor:
            with suppress(keyset.BadCursor):
                return keyset.page(self.rows(view, user), order, size=size, cursor=cursor)
        return keyset.cut(_first_rows(self, view, user, scope_of(user), size + 1)(), order, size=size)


@lru_cache(maxsize=100)
def _first_rows(asked: Listing, view: View, user: User, scope: Scope, size: int) -> Kept[Ticket]:
    """The top of a list, which its reader looks at all day. `scope` is in the key: it may change, the user stays."""
    return Kept(lambda: asked.rows(view, user).order_by(*SORTS[asked.sort][1])[:size])


def _condition(name: str, value: str) -> Q:
    if name == "category":
        # A branch of the tree stands for everything below it.
        return Q(category__slug=value) | Q(category__parent__slug=value) | Q(category__parent__parent__slug=value)
    if name == "priority":
        return Q(priority=Priority[value.upper()]) if value.upper() in Priority.__members__ else Q()
    return Q(**{FILTERS[name]: value})
