"""A whole house of real processes, with servers that a test may stop, hang and kill."""

from collections.abc import Iterator

import environ as environment_variables
import pytest
from django.db import connection

from tests.processes import Beat, EmbeddedPostgres, EmbeddedRedis, Web, Worker, environment, migrate
from tests.triage.conftest import history, learned, models

__all__ = ["history", "learned", "models"]  # what triage has to know before it can do anything


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults" in str(item.fspath):
            item.add_marker(pytest.mark.fault)


@pytest.fixture
def redis() -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis() as server:
        yield server


@pytest.fixture
def environ(transactional_db, redis) -> dict[str, str]:
    """Of processes on the test database and a Redis of their own."""
    return house_environment(redis)


def house_environment(redis: EmbeddedRedis, **more: str) -> dict[str, str]:
    # Behind a proxy a visitor comes from where the test says, so that none meets a limit.
    return environment(REDIS_URL=redis.url, DEMO="1", BEHIND_PROXY="1", **more)


@pytest.fixture
def postgres(django_db_blocker) -> Iterator[EmbeddedPostgres]:
    """A database server of this test alone; the test's own Django asks it, too."""
    with EmbeddedPostgres() as server, django_db_blocker.unblock():
        migrate(environment() | {"DATABASE_URL": server.url})
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(environment_variables.Env.db_url_config(server.url))
        yield server
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def web(environ) -> Iterator[Web]:
    with Web(environ) as web:
        yield web


@pytest.fixture
def worker(environ) -> Iterator[Worker]:
    with Worker(environ, pool="prefork", concurrency=2) as worker:
        yield worker


@pytest.fixture
def beat(environ) -> Iterator[Beat]:
    with Beat(environ) as beat:
        yield beat
