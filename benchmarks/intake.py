"""How many tickets an hour the house takes in by its form, and how soon triage has read each.

    DATABASE_URL=postgres://…/bench python -m benchmarks.intake [--rate 40] [--seconds 180]

Starts the processes of the Procfile on that database (two web workers, one worker with two slots, beat), which must
hold a trained model, as `manage.py simulate` and `manage.py train` leave it. First single tickets with an idle
worker, then an open loop: forms are due at a fixed rate whether the former were answered or not. Mail is thrown away.
"""

import argparse
import os
import queue
import random
import re
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlencode
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F, Max  # noqa: E402

from demo.texts.generator import Writer  # noqa: E402
from helpdesk.celery import app  # noqa: E402
from tests.processes import Beat, Web, Worker, environment  # noqa: E402
from tickets.models import Pending, Ticket  # noqa: E402
from triage.models import LearnedModel, Suggestion, Target  # noqa: E402

SINGLES = 15
CLIENTS = 12
PATIENCE = 120.0  # seconds after the last form
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)')


class Answering(Worker):
    """Ready when it answers: in production its log does not say so."""

    def is_ready(self) -> bool:
        return bool(app.control.ping(destination=[self.name], timeout=1.0, limit=1))


class Ticking(Beat):
    ready_word = "is starting"


class Visitor:
    """A browser that sends forms, each from another network: the limits of one are not what is measured."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        answer = self._ask("GET", "/support/new")
        self.cookie = answer[1].split(";")[0]
        found = TOKEN.search(answer[2])
        assert found, "the form shows no token"
        self.token = found.group(1).decode()

    def send(self, form: dict[str, str]) -> bool:
        body = urlencode(form | {"csrfmiddlewaretoken": self.token, "key": str(uuid4())})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
            "Origin": f"http://localhost:{self.connection.port}",
            "X-Forwarded-For": ".".join(str(random.randint(1, 250)) for _ in range(4)),
        }
        return self._ask("POST", "/support/new", body, headers)[0] == 302

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        self.connection.request(method, path, body, {"Host": f"localhost:{self.connection.port}"} | (headers or {}))
        answer = self.connection.getresponse()
        return answer.status, answer.getheader("Set-Cookie") or "", answer.read()


def forms() -> Iterator[dict[str, str]]:
    """What customers write, in both languages, over and over under new addresses."""
    writer = Writer(random.Random(11))
    drafts = [writer.ticket() for _ in range(1000)]
    while True:
        for draft in drafts:
            mail = f"{uuid4().hex[:12]}@client.example"
            yield {"email": mail, "name": draft.name, "subject": draft.subject, "description": draft.body}


def sustained(port: int, rate: float, seconds: float) -> tuple[list[float], int]:
    """(seconds each form took from when it was due, how many were refused)."""
    due: queue.Queue[tuple[float, dict[str, str]] | None] = queue.Queue()
    took: list[float] = []
    refused = [0]

    def work() -> None:
        visitor = Visitor(port)
        while (job := due.get()) is not None:
            if visitor.send(job[1]):
                took.append(time.perf_counter() - job[0])
            else:
                refused[0] += 1

    workers = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for worker in workers:
        worker.start()
    start, written = time.perf_counter(), forms()
    for n in range(int(rate * seconds)):
        moment = start + n / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        due.put((moment, next(written)))
    for _ in workers:
        due.put(None)
    for worker in workers:
        worker.join()
    return took, refused[0]


def waits(after: int) -> list[float]:
    """Seconds from each ticket to its stored suggestion of a category."""
    read = Suggestion.objects.filter(target=Target.CATEGORY, ticket__gt=after)
    return [wait.total_seconds() for wait in read.values_list(F("created_at") - F("ticket__created_at"), flat=True)]


def until_read(after: int, count: int) -> float:
    """Seconds until triage has read all `count` tickets newer than `after`."""
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        if Suggestion.objects.filter(target=Target.CATEGORY, ticket__gt=after).count() >= count:
            break
        time.sleep(0.1)
    return time.perf_counter() - start


def newest() -> int:
    return Ticket.objects.aggregate(newest=Max("pk"))["newest"] or 0


def measure(port: int, rate: float, seconds: float) -> None:
    visitor, written = Visitor(port), forms()
    visitor.send(next(written))  # warms every process up
    time.sleep(5)
    first = newest()
    for n in range(SINGLES):
        visitor.send(next(written))
        until_read(first, n + 1)
    singles = waits(first)
    print(f"one at a time, worker idle: median {statistics.median(singles):.2f} s, worst {max(singles):.2f} s")
    first, start = newest(), time.perf_counter()
    took, refused = sustained(port, rate, seconds)
    spent = time.perf_counter() - start
    behind = until_read(first, len(took))
    read = waits(first)
    print(f"forms: {len(took)} in {spent:.0f} s = {len(took) / spent:.1f} a second, {refused} refused")
    print(f"seconds a form took: {spread(took)}")
    print(f"tickets read by triage: {len(read)}; seconds from ticket to suggestion: {spread(read)}")
    print(f"all read {behind:.0f} s after the last form; other work still owed then: {Pending.objects.count()} rows")


def spread(seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"median {cuts[49]:.3f}, p95 {cuts[94]:.3f}, worst {max(seconds):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=40, help="forms a second")
    parser.add_argument("--seconds", type=float, default=180)
    asked = parser.parse_args()
    if not LearnedModel.objects.active().exists():
        raise SystemExit("This database holds no trained model: run `python manage.py train` on it first.")
    connection.ensure_connection()
    around = environment(LOG_LEVEL="INFO", BEHIND_PROXY="1", EMAIL_URL="dummymail://", SITE_URL="http://localhost")
    with ExitStack() as stack:
        web = stack.enter_context(Web(around | {"DATABASE_POOL": "4"}, workers=2))
        stack.enter_context(Answering(around, pool="prefork", concurrency=2))
        stack.enter_context(Ticking(around))
        measure(web.port, asked.rate, asked.seconds)


if __name__ == "__main__":
    main()
