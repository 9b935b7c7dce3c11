"""How well each article does where it is used. The order shows first what does not help."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import get_language

from knowledge.models import Version
from triage.models import Outcome

from . import formulas
from .filters import Filter
from .models import Fact

SHOWN = 12
LEAST = 5  # uses below which nothing is said about an article


@dataclass(frozen=True, slots=True)
class Standing:
    """An article's title, how often it was put into answers, and the share of those in which it solved the matter."""

    slug: str
    title: str
    used: int
    solved: int
    rarely: bool  # surely less often than articles do on the whole

    @property
    def share(self) -> float:
        return self.solved / self.used

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def interval(self) -> tuple[int, int]:
        low, high = formulas.wilson(self.solved, self.used) or (0, 1)
        return round(100 * low), round(100 * high)

    @property
    def is_small(self) -> bool:
        return self.used < formulas.SMALL


def standings(wanted: Filter) -> list[Standing]:
    """The articles most used in the period, the least helpful first. Two statements."""
    period = wanted.period
    used = Outcome.objects.filter(article__isnull=False, used_at__gte=period.start, used_at__lt=period.end)
    if wanted.words:
        used = used.filter(ticket__in=Fact.objects.filter(wanted.condition).values("ticket"))
    counts = (
        used.values("article", "article__slug")
        .annotate(used=Count("pk"), solved=Count("pk", filter=Q(solved_at__isnull=False)))
        .filter(used__gte=LEAST)
        .order_by("-used", "article")[:SHOWN]
    )
    rows = list(counts)
    titles = _titles(row["article"] for row in rows)
    all_used, all_solved = sum(row["used"] for row in rows), sum(row["solved"] for row in rows)
    usual = all_solved / all_used if all_used else 0
    found = [
        Standing(
            row["article__slug"],
            titles.get(row["article"], row["article__slug"]),
            row["used"],
            row["solved"],
            rarely=(formulas.wilson(row["solved"], row["used"]) or (0, 1))[1] < usual,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.share, -one.used))


def _titles(articles: Iterable[int]) -> dict[int, str]:
    """In the reader's language where there is such a version."""
    mine = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    rows = Version.objects.filter(article__in=list(articles)).values_list("article", "language", "title")
    return {article: title for article, language, title in sorted(rows, key=lambda row: row[1] == mine)}
