"""Finding articles. The only place that knows how the index is made and asked.

The ranking is BM25 (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), summed by
PostgreSQL over the postings of the question's words. What a word adds to a version is computed when the version is
written, against a fixed length instead of the moving average, so that one article never changes the entries of
another; how rare the word is, when somebody asks.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import islice, takewhile

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from common.kept import Kept, among
from common.text import CJK, unhyphenated, words

from .choices import Language
from .models import Article, Posting, Term, Version
from .shelves import address_of
from .words import is_cjk, stem, terms, unfinished

AT_ONCE = 200  # versions that are indexed together
LONGEST_TEXT = 100_000  # characters of an article that are indexed
LONGEST_QUESTION = 4_000  # characters
MOST_TERMS = 48  # the rarest words of a question
MOST_POSTINGS = 1_000  # a word's best versions; one that stands in more tells little
CANDIDATES = 200  # the best, before it is known who may see which
MOST_ENDINGS = 8  # words that an unfinished one may become
ENDING = 0.5  # what such a word counts, beside one that was typed in full

TITLE = 3  # a word in the title counts as so many in the text
SATURATION = 1.4  # BM25's k1
LENGTH_MATTERS = 0.5  # BM25's b
USUAL_LENGTH = 60  # words
PAIR = 0.4  # of a word's length: a Chinese word is two to three overlapping pairs
LIKELY = 0.8  # see `_by_chance`
FEW = 4  # words

_COUNT = """
    INSERT INTO knowledge_term (text, versions) SELECT * FROM unnest(%s::text[], %s::int[])
    ON CONFLICT (text) DO UPDATE SET versions = knowledge_term.versions + EXCLUDED.versions
"""
_DISCOUNT = "UPDATE knowledge_term SET versions = greatest(versions - 1, 0) WHERE text = ANY(%s)"
_STORE = """
    INSERT INTO knowledge_posting (term, version_id, impact)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::float8[])
"""
_RANK = """
    SELECT version.id, ranked.score FROM (
        SELECT best.version_id, sum(best.impact * wanted.weight) AS score
        FROM unnest(%s::text[], %s::float8[]) AS wanted (term, weight)
        CROSS JOIN LATERAL (
            SELECT version_id, impact FROM knowledge_posting
            WHERE term = wanted.term ORDER BY impact DESC, version_id LIMIT %s
        ) AS best
        GROUP BY best.version_id ORDER BY score DESC, best.version_id LIMIT %s
    ) AS ranked JOIN knowledge_version AS version ON version.id = ranked.version_id
    WHERE version.article_id IN ({visible}) AND version.language = ANY(%s)
    ORDER BY ranked.score DESC, version.id LIMIT %s
"""


# The rest of a word that has begun before, with what ends it; of a very long one some of it.
_IN_A_WORD = re.compile(rf"(?<=[^\W_{CJK}])[^\W_{CJK}]{{1,40}}[ ,.;:!?)]*")


@dataclass(frozen=True, slots=True)
class Found:
    """A version that fits, with its article and section at hand. `score` compares within one search only.

    `is_likely` where it is more than what words meet by chance: what may be shown unasked.
    """

    version: Version
    score: float
    is_likely: bool
    question: str

    @property
    def article_id(self) -> int:
        return self.version.article_id

    @property
    def address(self) -> str:
        return address_of(self.version.article.slug, self.version.language)

    @property
    def title(self) -> SafeString:
        return _marked(self.version.title, self.question)

    @property
    def snippet(self) -> SafeString:
        """Some words around the first place where the question is met, as one line; escaped but for <mark>."""
        return _marked(plain(self.version.html), self.question, width=180)


@transaction.atomic
def index(version: Version) -> None:
    """Makes the version's present words findable, and no others of it. Writers wait for each other."""
    forget(version)
    _add([version])


@transaction.atomic
def forget(version: Version) -> None:
    """Takes the version out of the index, if it is in it."""
    _wait_for_other_writers()
    with connection.cursor() as cursor:
        # In two steps: where statistics are still of an empty table, PostgreSQL would join the two row by row.
        cursor.execute("DELETE FROM knowledge_posting WHERE version_id = %s RETURNING term", [version.pk])
        cursor.execute(_DISCOUNT, [[term for (term,) in cursor.fetchall()]])


@transaction.atomic
def rebuild() -> int:
    """The whole index anew; the number of versions in it."""
    _wait_for_other_writers()
    Posting.objects.all().delete()
    Term.objects.exclude(text="").delete()
    Term.objects.filter(text="").update(versions=0)
    versions = iter(Version.objects.order_by("pk").iterator(chunk_size=AT_ONCE))
    number = 0
    while some := list(islice(versions, AT_ONCE)):
        _add(some)
        number += len(some)
    return number


def search(
    text: str, *, language: str | None = None, limit: int = 10, viewer: object = None, prefix: bool = True
) -> list[Found]:
    """The versions that fit the words best, one an article, best first: those in `language`, or in any.

    `viewer` is staff or nobody in particular (`Article.objects.visible_to`). With `prefix` the last word may be
    unfinished. Three statements; one more where the best must not be shown and all others are looked through.
    """
    text = text[:LONGEST_QUESTION]
    weights, total = _weights(text, prefix=prefix)
    if not weights:
        return []
    languages = [language] if language else Language.values
    visible = Article.objects.visible_to(viewer)
    ranked = _ranked(weights, visible, languages, limit * len(languages), CANDIDATES)
    if len(ranked) < limit and total > CANDIDATES:
        ranked = _ranked(weights, visible, languages, limit * len(languages), total)
    versions = {version.pk: version for version in _VERSIONS(versions=[pk for pk, _score in ranked])}
    chance = _by_chance(weights, total)
    best: dict[int, Found] = {}
    for pk, score in ranked:
        if version := versions.get(pk):
            found = Found(version, score, is_likely=score >= chance, question=text)
            best.setdefault(version.article_id, found)
    return list(best.values())[:limit]


_VERSIONS = Kept(lambda: Version.objects.select_related("article__section").filter(among("pk", "versions")))


def _wait_for_other_writers() -> None:
    """Whoever holds the row of the empty word writes; two at once would lock the words they share in any order."""
    Term.objects.get_or_create(text="", defaults={"versions": 0})
    Term.objects.select_for_update().get(text="")


def _add(versions: Sequence[Version]) -> None:
    rows = [(term, version.pk, impact) for version in versions for term, impact in _impacts(version).items()]
    counts = Counter(term for term, _version, _impact in rows)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(counts), list(counts.values())])
        cursor.execute(_STORE, [list(column) for column in zip(*rows, strict=True)])


def _impacts(version: Version) -> dict[str, float]:
    """What each word adds to the version's rank before its rarity is known. The empty word counts the versions."""
    heading, text = terms(version.title), terms(version.body[:LONGEST_TEXT])
    counts = Counter(text)
    for term in heading:
        counts[term] += TITLE
    length = sum(PAIR if is_cjk(term) else 1 for term in heading + text)
    norm = SATURATION * (1 - LENGTH_MATTERS + LENGTH_MATTERS * length / USUAL_LENGTH)
    return {"": 0.0} | {term: count * (SATURATION + 1) / (count + norm) for term, count in counts.items()}


def _weights(text: str, *, prefix: bool) -> tuple[dict[str, float], int]:
    """The question's words that stand in the index, weighed by rarity and repetition; and how many versions do."""
    asked = Counter(terms(text))
    half = unfinished(text) if prefix else ""
    shorter = [half[:size] for size in range(len(half) - 1, max(3, len(half) - 4), -1)]
    known = _known([*asked, *shorter, ""], half)
    total = known.pop("", 0)
    weights = {term: count * _rarity(known[term], total) for term, count in asked.items() if term in known}
    if half:
        endings = [term for term in known if term.startswith(half)] or [term for term in shorter if term in known][:1]
        for term in endings:
            weights.setdefault(term, ENDING * _rarity(known[term], total))
    rarest = sorted(weights, key=lambda term: (-weights[term], term))[:MOST_TERMS]
    return {term: weights[term] for term in rarest}, total


def _by_chance(weights: dict[str, float], total: int) -> float:
    """A score that a question about something else seldom reaches: one rare word and a half, more for a long text.

    Fitted on questions put to the wrong collection: one in seven reached it, of the right answers all but one in 25.
    """
    length = sum(PAIR if is_cjk(term) else 1 for term in weights)
    return LIKELY * _rarity(1, total) * math.sqrt(max(length, FEW))


def _known(exact: list[str], half: str) -> dict[str, int]:
    """How many versions hold each of the words, and each of the commonest that begin with `half`."""
    rows = Term.objects.filter(text__in=exact, versions__gt=0)
    if half:
        beginning = Term.objects.filter(text__startswith=half, versions__gt=0).order_by("-versions", "text")
        rows = rows.union(beginning[:MOST_ENDINGS])
    return dict(rows.values_list("text", "versions"))


def _rarity(versions: int, total: int) -> float:
    """BM25's inverse document frequency, which is never negative."""
    return math.log(1 + (max(total, versions) - versions + 0.5) / (versions + 0.5))


def _ranked(
    weights: dict[str, float], visible: QuerySet[Article], languages: list[str], limit: int, candidates: int
) -> list[tuple[int, float]]:
    """Keys and scores, best first: of the `candidates` that fit best those that may be shown, up to `limit`."""
    readable, params = visible.order_by().values("pk").query.sql_with_params()
    values = [list(weights), list(weights.values()), MOST_POSTINGS, candidates, *params, languages, limit]
    with connection.cursor() as cursor:
        cursor.execute(_RANK.format(visible=readable), values)
        return cursor.fetchall()


def plain(html: str) -> str:
    """The words of our own HTML, in which every angle bracket that is text was escaped."""
    joined = re.sub(r"</?(?:a|code|del|em|s|strong)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", joined)).split())


def _marked(text: str, question: str, *, width: int = 200) -> SafeString:
    pattern = _pattern(question)
    first = pattern.search(text)
    shown = _around(text, first.start() if first else 0, width)
    pieces, end = [], 0
    for begin, stop in _spans(pattern, shown):
        pieces.append((shown[end:begin], shown[begin:stop]))
        end = stop
    return format_html_join("", "{}<mark>{}</mark>", pieces) + escape(shown[end:])


def _around(text: str, place: int, width: int) -> str:
    """About `width` characters with the place among them; no word of an alphabet is cut in two."""
    start = max(0, place - width // 3) if len(text) > width else 0
    stop = start + width
    if start and (cut := _IN_A_WORD.match(text, start)):
        start = cut.end()
    if stop < len(text) and (cut := _IN_A_WORD.match(text, stop)):
        stop = cut.end()
    return ("…" if start else "") + text[start:stop].strip(" ,;:") + ("…" if stop < len(text) else "")


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where the pattern is met, overlapping pairs joined."""
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        start, end = match.start(), max(match.end(), match.end("pair"))
        if spans and start <= spans[-1][1]:
            start, _end = spans.pop()
        spans.append((start, end))
    return spans


@lru_cache(maxsize=256)
def _pattern(question: str) -> re.Pattern[str]:
    """Finds the question's words in original text: English by the beginning that their forms share."""
    asked = Counter(terms(question))
    beginnings = {
        _beginning(word) for word in words(unhyphenated(question)) if not is_cjk(word) and stem(word) in asked
    }
    # A hyphen may stand anywhere: who asks for wifi finds Wi-Fi.
    latin = [rf"(?<![^\W_]){'-?'.join(map(re.escape, beginning))}[^\W_{CJK}]*" for beginning in beginnings]
    pairs = [re.escape(term) for term in asked if is_cjk(term)] or ["(?!)"]
    # Pairs are looked at without being taken, because the next one may begin inside.
    return re.compile("|".join([*latin, rf"(?=(?P<pair>{'|'.join(pairs)}))"]), re.IGNORECASE)


def _beginning(word: str) -> str:
    pairs = zip(word, stem(word), strict=False)
    return "".join(a for a, _b in takewhile(lambda pair: pair[0] == pair[1], pairs))
