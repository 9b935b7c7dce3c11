"""What readers said of articles, in one figure each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from .models import Feedback

# Below this many votes one reader more moves the share by five points or more.
FEW = 20


@dataclass(frozen=True, slots=True)
class Helpfulness:
    helpful: int = 0
    votes: int = 0

    @property
    def percent(self) -> int | None:
        return round(100 * self.helpful / self.votes) if self.votes else None

    @property
    def is_small(self) -> bool:
        return self.votes < FEW


def helpfulness(article_ids: Iterable[int]) -> dict[int, Helpfulness]:
    """Of each article that anybody voted on, over all its languages: one statement."""
    votes = Feedback.objects.filter(version__article__in=list(article_ids)).order_by().values("version__article")
    counts = votes.annotate(votes=Count("pk"), helpful=Count("pk", filter=Q(is_helpful=True)))
    return {row["version__article"]: Helpfulness(row["helpful"], row["votes"]) for row in counts}
