"""Who is signed in: asked with every page of the staff, so the person and their teams are one statement."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from common.kept import Given, Kept

from .models import User

_MEMBERSHIPS = User.teams.through.objects.filter(user=OuterRef("pk")).values("team")
_PERSON = Kept(lambda: User.objects.filter(pk=Given("user")).annotate(memberships=ArraySubquery(_MEMBERSHIPS)))


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        user = _PERSON.first(user=user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        user.team_ids = frozenset(user.memberships)
        return user
