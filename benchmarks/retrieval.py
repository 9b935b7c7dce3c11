"""How well and how fast the help centre's own search finds, on the database of DATABASE_URL.

    SHARED_DIR=../shared python -m benchmarks.retrieval

Two public sets are searched as a customer would: `stackfaq` (questions put in other words; an article is a question and
its answer) and `med_triage_zh` (a patient's title and question; an article is a doctor's answer). Then 10,000 articles
made of the same texts are searched as somebody types, through the page that the browser asks. All of it happens in one
transaction that is taken back: the database's own articles are neither found nor changed.
"""

import gzip
import json
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from knowledge import search
from knowledge.choices import Language, State
from knowledge.markdown import rendered
from knowledge.models import Article, Posting, Section, Version

MANY = 10_000  # articles
SEARCHES = 400  # requests measured


@dataclass(frozen=True)
class Text:
    title: str
    body: str
    language: Language
    label: str  # what a question must find


@dataclass(frozen=True)
class Collection:
    texts: list[Text]
    questions: list[tuple[str, str]]  # and the label that answers it


@dataclass(frozen=True)
class Quality:
    """Per cent: mean reciprocal rank within ten, the right one first, the right one within five."""

    mrr: float
    hit: float
    recall: float


def stackfaq(data: Path) -> Collection:
    entries, questions = (_rows(data / "stackfaq" / f"{name}.jsonl.gz") for name in ("kb", "queries_dev"))
    return Collection(
        [Text(row["question"], row["answer"], Language.ENGLISH, str(row["thread"])) for row in entries],
        [(row["query"], str(row["thread"])) for row in questions],
    )


def medical(data: Path) -> Collection:
    folder = data / "med_triage_zh"
    answer_of = {row["id"]: row["doc_id"] for row in _rows(folder / "qrels_train_dev.jsonl.gz")}
    return Collection(
        [Text("", row["answer"], Language.CHINESE, row["doc_id"]) for row in _rows(folder / "kb_answers.jsonl.gz")],
        [(f"{row['title']} {row['ask']}", answer_of[row["id"]]) for row in _rows(folder / "dev.jsonl.gz")],
    )


def publish(texts: Sequence[Text]) -> dict[int, str]:
    """Makes each text an article and nothing else findable; the label of each article by its key."""
    # Postings at one stroke, before the versions take theirs along one by one.
    Posting.objects.all().delete()
    Article.objects.all().delete()
    section, _is_new = Section.objects.get_or_create(slug="measured", defaults={"name_en": "Measured"})
    articles = Article.objects.bulk_create(
        [Article(section=section, slug=f"text-{i}", state=State.PUBLISHED) for i in range(len(texts))], batch_size=1000
    )
    versions = (
        Version(article=a, language=t.language, title=t.title[:200], body=t.body, html=rendered(t.body))
        for a, t in zip(articles, texts, strict=True)
    )
    Version.objects.bulk_create(versions, batch_size=1000)
    search.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE knowledge_term, knowledge_posting, knowledge_version, knowledge_article")
    return {article.pk: text.label for article, text in zip(articles, texts, strict=True)}


def quality(collection: Collection) -> Quality:
    labels = publish(collection.texts)
    places = [_place(question, right, labels) for question, right in collection.questions]
    return Quality(
        mrr=100 * statistics.fmean(1 / place if place else 0 for place in places),
        hit=100 * statistics.fmean(place == 1 for place in places),
        recall=100 * statistics.fmean(0 < place <= 5 for place in places),
    )


def _place(question: str, right: str, labels: dict[int, str]) -> int:
    """Where the first right article stands among ten, from 1; 0 if nowhere."""
    found = [labels[found.article_id] for found in search.search(question)]
    return found.index(right) + 1 if right in found else 0


def typed(collections: Iterable[Collection]) -> list[str]:
    """What stands in the search field, key by key, while the first words of some questions are typed."""
    questions = [question for collection in collections for question, _right in collection.questions[::25]]
    return [question[:size] for question in questions for size in range(2, min(len(question), 40), 3)]


def milliseconds(inputs: Sequence[str]) -> list[float]:
    """How long the page takes over each, as the browser asks while somebody types."""
    client, times = Client(), []
    for text in inputs:
        language = "zh" if any(ord(character) > 0x2E7F for character in text) else "en"
        started = time.perf_counter()
        response = client.get(f"/help/{language}/search/", {"q": text}, headers={"hx-request": "true"})
        times.append(1000 * (time.perf_counter() - started))
        assert response.status_code == 200
    return times


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    root = Path(__file__).resolve().parent.parent
    data = Path(os.environ.get("SHARED_DIR", root.parent / "shared")) / "data"
    sets = {"stackfaq": stackfaq(data), "med_triage_zh": medical(data)}
    with transaction.atomic():
        print(f"{'set':<16}{'articles':>9}{'questions':>10}{'MRR@10':>9}{'hit@1':>9}{'recall@5':>9}")
        for name, known in sets.items():
            found = quality(known)
            counts = f"{len(known.texts):>9}{len(known.questions):>10}"
            print(f"{name:<16}{counts}{found.mrr:>9.2f}{found.hit:>9.2f}{found.recall:>9.2f}", flush=True)
        texts = [text for known in sets.values() for text in known.texts]
        publish((texts * (MANY // len(texts) + 1))[:MANY])
        inputs = typed(sets.values())
        milliseconds(inputs[:20])
        times = milliseconds((inputs * (SEARCHES // len(inputs) + 1))[:SEARCHES])
        cuts = statistics.quantiles(times, n=20)
        print(f"search as you type, {MANY} articles, {len(times)} requests in one process without a web server:")
        print(f"median {statistics.median(times):.1f} ms, p95 {cuts[18]:.1f} ms, longest {max(times):.1f} ms")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
