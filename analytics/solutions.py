"""How well each article does where it is used. The order shows first what does not help."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from knowledge.helpfulness import Helpfulness, helpfulness
from knowledge.models import Article, Version
from triage.models import Outcome

from . import formulas
from .filters import Filter
from .models import Fact
from .units import Unit, shown

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
    readers: Helpfulness  # what those of the help centre said of it, whenever they did

    @property
    def share(self) -> float:
        return self.solved / self.used

    @property
    def percent(self) -> str:
        return shown(self.share, Unit.SHARE)

    @property
    def interval(self) -> str:
        low, high = formulas.wilson(self.solved, self.used) or (0, 1)
        return f"{shown(low, Unit.SHARE)} – {shown(high, Unit.SHARE)}"

    @property
    def is_small(self) -> bool:
        return self.used < formulas.SMALL


def standings(wanted: Filter) -> list[Standing]:
    """The articles most used in the period, the least helpful first. Three statements."""
    counts = (
        _used(wanted)
        .values("article", "article__slug")
        .annotate(used=Count("pk"), solved=Count("pk", filter=Q(solved_at__isnull=False)))
        .filter(used__gte=LEAST)
        .order_by("-used", "article")[:SHOWN]
    )
    rows = list(counts)
    articles = [row["article"] for row in rows]
    titles, said = _titles(articles), helpfulness(articles)
    all_used, all_solved = sum(row["used"] for row in rows), sum(row["solved"] for row in rows)
    usual = all_solved / all_used if all_used else 0
    found = [
        Standing(
            row["article__slug"],
            titles.get(row["article"], row["article__slug"]),
            row["used"],
            row["solved"],
            rarely=(formulas.wilson(row["solved"], row["used"]) or (0, 1))[1] < usual,
            readers=said.get(row["article"], Helpfulness()),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.share, -one.used))


def behind(slug: str, wanted: Filter) -> QuerySet[Fact]:
    """The tickets in which an article was used in the period, newest first."""
    tickets = _used(wanted).filter(article__slug=slug).values("ticket")
    return Fact.objects.filter(ticket__in=tickets).order_by("-created_at", "-pk")


def title_of(slug: str) -> str:
    """'' where there is no such article."""
    article = Article.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return _titles([article]).get(article, slug) if article else ""


def _used(wanted: Filter) -> QuerySet[Outcome]:
    """Articles put into answers in the period."""
    period = wanted.period
    used = Outcome.objects.filter(article__isnull=False, used_at__gte=period.start, used_at__lt=period.end)
    if not wanted.words:
        return used
    return used.filter(ticket__in=Fact.objects.filter(wanted.condition).values("ticket"))


def _titles(articles: Iterable[int]) -> dict[int, str]:
    """In the reader's language where there is such a version."""
    mine = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    rows = Version.objects.filter(article__in=list(articles)).values_list("article", "language", "title")
    return {article: title for article, language, title in sorted(rows, key=lambda row: row[1] == mine)}
