"""How articles did in each category, counted anew from what came of them: twice gives the same as once."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tickets.choices import DONE_STATUSES, ActorKind

from .models import ArticleLink, Outcome

COUNTS = ("used", "solved", "unsaid")


@transaction.atomic
def recount(articles: Collection[int] | None = None) -> int:
    """Counts for these articles, or for all, and returns how many pairs of article and category are known.

    A ticket counts when it is finished or when somebody said what solved it; one that was reopened does not until it
    is finished again. Examination tickets never count. What managers linked by hand stays, whatever its numbers.
    """
    with connection.cursor() as cursor:  # two at a time could each keep what the other has not seen
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('triage.links'))")
    links, outcomes = ArticleLink.objects.all(), _telling()
    if articles is not None:
        links, outcomes = links.filter(article__in=articles), outcomes.filter(article__in=articles)
    links.filter(by=ActorKind.PERSON).update(**dict.fromkeys(COUNTS, 0))
    links.exclude(by=ActorKind.PERSON).delete()
    known = ArticleLink.objects.bulk_create(
        (ArticleLink(**row) for row in outcomes),
        update_conflicts=True,
        unique_fields=["category", "article"],
        update_fields=COUNTS,
    )
    return len(known)


def _telling() -> QuerySet[Outcome, Any]:
    said = Outcome.objects.filter(ticket=OuterRef("ticket"), solved_at__isnull=False)
    is_solved = Q(solved_at__isnull=False)
    counted = Outcome.objects.filter(
        is_solved | Q(used_at__isnull=False, ticket__status__in=DONE_STATUSES),
        article__isnull=False,
        ticket__category__isnull=False,
        ticket__exam=None,
    )
    return (
        counted.values("article_id", category_id=F("ticket__category"))
        .order_by()
        .annotate(
            used=Count("pk"),
            solved=Count("pk", filter=is_solved),
            unsaid=Count("pk", filter=Q(solved_at=None) & ~Q(Exists(said))),
        )
    )
