"""The house's own processes, together, on servers of their own."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.processes import Beat, EmbeddedPostgres, EmbeddedRedis, Web, Worker, migrate

pytestmark = pytest.mark.fault


@pytest.fixture
def environ() -> Iterator[dict[str, str]]:
    with EmbeddedPostgres() as postgres, EmbeddedRedis() as redis:
        environ = os.environ | {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, "PYTHONUNBUFFERED": "1"}
        migrate(environ)
        yield environ


def readiness(web: Web) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"{web.url}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_web_worker_and_beat_make_a_ready_house(environ):
    with Web(environ) as web, Worker(environ), Beat(environ):
        deadline = time.monotonic() + 30
        while readiness(web)[1]["status"] != "ok":
            assert time.monotonic() < deadline, readiness(web)
            time.sleep(0.5)
        assert readiness(web)[0] == 200


def test_a_worker_that_was_killed_leaves_nothing_behind_and_starts_again(environ):
    with Worker(environ, pool="prefork", concurrency=2) as worker:
        assert worker.process is not None
        children = psutil.Process(worker.process.pid).children(recursive=True)
        assert children
        worker.kill9()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive
        worker.start()
        assert worker.is_ready()
