"""Names behind the ids that history keeps: three small tables, kept in the process while no row of them changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Team, User

from .models import Category, Ticket

# Every insert, change and deletion of a row changes the sum, whichever process made it: PostgreSQL gives each version
# of a row a place and the number of its transaction. The tables are small, so reading them costs next to nothing.
_SUM = "(SELECT sum(hashtextextended(ctid::text || ' ' || xmin::text, 0)) FROM {})"
_STAMP = "SELECT " + ", ".join(_SUM.format(model._meta.db_table) for model in (Category, Team, User))


@dataclass(frozen=True)
class _Tables:
    """The rows as they were under one stamp. Shared by all requests of the process: nobody may change them."""

    stamp: tuple[object, ...]
    tree: list[Category]
    teams: list[Team]
    users: list[User]
    paths: dict[str | None, dict[int, str]] = field(default_factory=dict)  # language → category → its path

    @cached_property
    def categories_by_pk(self) -> dict[int, Category]:
        return {category.pk: category for category in self.tree}

    @cached_property
    def teams_by_pk(self) -> dict[int, Team]:
        return {team.pk: team for team in self.teams}

    @cached_property
    def users_by_pk(self) -> dict[int, User]:
        return {user.pk: user for user in self.users}

    @property
    def paths_now(self) -> dict[int, str]:
        language = get_language()
        if language not in self.paths:
            self.paths[language] = {category.pk: category.path for category in self.tree}
        return self.paths[language]


_kept: _Tables | None = None


def _tables() -> _Tables:
    """One statement while nothing changed, else four. Rows newer than their stamp are only read once more."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        stamp = cursor.fetchone()
    kept = _kept
    if kept is None or kept.stamp != stamp:
        _kept = kept = _Tables(
            stamp, Category.in_order(retired=True), list(Team.objects.all()), list(User.objects.named())
        )
    return kept


class Names:
    """What one page needs of the tables; they are asked at its first question and never again."""

    @cached_property
    def _tables(self) -> _Tables:
        return _tables()

    @property
    def categories(self) -> list[Category]:
        """What a menu offers."""
        return [category for category in self._tables.tree if category.is_active]

    @property
    def every_category(self) -> list[Category]:
        """With those out of use, which old tickets still carry."""
        return self._tables.tree

    @property
    def teams(self) -> list[Team]:
        return self._tables.teams

    @property
    def users(self) -> list[User]:
        return self._tables.users

    def path(self, category: Category) -> str:
        return self._tables.paths_now[category.pk]

    def category(self, pk: int) -> str:
        return self._tables.paths_now.get(pk) or _("a category that is gone")

    def team(self, pk: int) -> str:
        team = self._tables.teams_by_pk.get(pk)
        return team.name if team else _("a team that is gone")

    def user(self, pk: int) -> str:
        user = self.person(pk)
        return str(user) if user else _("someone who is gone")

    def person(self, pk: int | None) -> User | None:
        return self._tables.users_by_pk.get(pk or 0)

    def attach(self, tickets: Iterable[Ticket]) -> None:
        """Gives tickets their category, team and assignee from here: the database need neither join nor plan them.

        For reading only: what the tickets then name is shared with other requests.
        """
        tables = self._tables
        for ticket in tickets:
            ticket.category = tables.categories_by_pk.get(ticket.category_id or 0)
            ticket.team = tables.teams_by_pk.get(ticket.team_id or 0)
            ticket.assignee = tables.users_by_pk.get(ticket.assignee_id or 0)
