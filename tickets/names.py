"""Names behind the ids that history keeps, fetched once for a page."""

from collections.abc import Iterable

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from people.models import Team, User

from .models import Category, Ticket


class Names:
    """Three small tables, each read at the first question and never again."""

    @cached_property
    def _tree(self) -> list[Category]:
        return Category.in_order(retired=True)

    @property
    def categories(self) -> list[Category]:
        """What a menu offers."""
        return [category for category in self._tree if category.is_active]

    @cached_property
    def teams(self) -> list[Team]:
        return list(Team.objects.all())

    @cached_property
    def users(self) -> list[User]:
        return list(User.objects.named())

    @cached_property
    def _categories_by_pk(self) -> dict[int, Category]:
        return {category.pk: category for category in self._tree}

    @cached_property
    def _category_names(self) -> dict[int, str]:
        return {category.pk: category.path for category in self._tree}

    @cached_property
    def _team_names(self) -> dict[int, str]:
        return {team.pk: team.name for team in self.teams}

    @cached_property
    def _user_names(self) -> dict[int, str]:
        return {user.pk: str(user) for user in self.users}

    def category(self, pk: int) -> str:
        return self._category_names.get(pk, _("a category that is gone"))

    def team(self, pk: int) -> str:
        return self._team_names.get(pk, _("a team that is gone"))

    def user(self, pk: int) -> str:
        return self._user_names.get(pk, _("someone who is gone"))

    def attach(self, tickets: Iterable[Ticket]) -> None:
        """Gives tickets their category and team from here: the database then need not join, nor plan, four tables."""
        teams = {team.pk: team for team in self.teams}
        for ticket in tickets:
            ticket.category = self._categories_by_pk.get(ticket.category_id or 0)
            ticket.team = teams.get(ticket.team_id or 0)
