"""What the help centre's lists show of articles: a title in the reader's language, or else in the other one."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet
from django.urls import reverse

from common.kept import Kept, among

from .choices import Language, State
from .models import Version

Row = tuple[int, str, str, str, str]


@dataclass(slots=True)
class Entry:
    title: str
    address: str  # on the pages of the reader's language, whatever the article's is
    other_language: Language | None  # where it is not the reader's
    hidden_state: State | None  # where not everybody may read it


def listed(versions: "QuerySet[Version]") -> "QuerySet[Version, Row]":
    """The rows that `entries` is made of, in the articles' own order."""
    columns = ("article_id", "article__slug", "article__state", "title", "language")
    return versions.order_by("article__position", "article").values_list(*columns)


LISTED = Kept(lambda: listed(Version.objects.filter(among("article", "articles"))))


def entries(rows: Iterable[Row], language: Language) -> dict[int, Entry]:
    """By id of the article; one without any words has none."""
    known: dict[int, Entry] = {}
    for article_id, slug, state, title, spoken in rows:
        if article_id not in known or spoken == language:
            other = None if spoken == language else Language(spoken)
            hidden = None if state == State.PUBLISHED else State(state)
            known[article_id] = Entry(title, address_of(slug, language), other, hidden)
    return known


def address_of(slug: str, language: str) -> str:
    """The page of an article. Lists have many: the route is resolved once."""
    return _pattern(language).replace("/slug/", f"/{slug}/")


@cache
def _pattern(language: str) -> str:
    return reverse("knowledge:article", args=[language, "slug"])
