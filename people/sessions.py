"""Django's sessions in the database, read with a query that is built once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from common.kept import Given, Kept

_ALIVE = Kept(
    lambda: Session.objects.filter(session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField()))
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        session = _ALIVE.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
