"""What came of articles that were opened while somebody wrote to us: two numbers, one certain and one not.

Each form has a key of its own, which it keeps while it comes back with errors; one row a form.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from .models import Article, Deflection

State = Deflection.State
PATIENCE = timedelta(hours=1)  # within which somebody who read may still write


def opened(key: UUID, article: Article, language: str) -> None:
    """An article was opened from the form; the last one opened is the one that may have helped."""
    words = {"article": article, "language": language}
    deflection, is_new = Deflection.objects.get_or_create(key=key, defaults=words)
    if not is_new and deflection.state == State.MAYBE:
        Deflection.objects.filter(key=key, state=State.MAYBE).update(**words)


def solved(key: UUID, article: Article, language: str) -> None:
    """The reader said that it solved the matter. Who had written before has written."""
    words = {"article": article, "language": language, "state": State.CONFIRMED}
    _deflection, is_new = Deflection.objects.get_or_create(key=key, defaults=words)
    if not is_new:
        Deflection.objects.filter(key=key).exclude(state=State.WROTE).update(**words)


def wrote(key: UUID) -> None:
    """The form was sent nevertheless, whatever its writer said of an article before."""
    Deflection.objects.filter(key=key).exclude(state=State.WROTE).update(state=State.WROTE)


def counts(start: datetime, end: datetime) -> tuple[int, int]:
    """Deflections of that time, end not included: maybe (read, left, and an hour has passed), and confirmed."""
    settled = min(end, timezone.now() - PATIENCE)
    row = Deflection.objects.filter(at__gte=start, at__lt=end).aggregate(
        maybe=Count("pk", filter=Q(state=State.MAYBE, at__lt=settled)),
        confirmed=Count("pk", filter=Q(state=State.CONFIRMED)),
    )
    return row["maybe"], row["confirmed"]
