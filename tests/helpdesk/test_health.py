"""What the house says of itself, and what a visitor is told while PostgreSQL is away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from common import redis as house_redis
from common.models import Heartbeat
from helpdesk import health
from tests.conftest import signed_in
from tickets.models import Event, Pending


@pytest.fixture
def working(db) -> None:
    """A worker that just showed itself."""
    Heartbeat.beat("worker")


@pytest.fixture
def redis_away(settings) -> Iterator[None]:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    house_redis.client.cache_clear()
    yield
    house_redis.client.cache_clear()


@pytest.fixture
def database_away(transactional_db, monkeypatch) -> Iterator[None]:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        yield
        connection.close()


def ready(client: Client) -> tuple[int, str, dict[str, str]]:
    response = client.get("/readyz")
    told = response.json()
    return response.status_code, told["status"], told["parts"]


def test_the_process_is_alive_whatever_else_is_not(client, database_away, redis_away):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_being_alive_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/healthz")


def test_all_is_well(client, working):
    assert ready(client) == (200, "ok", {"database": "ok"} | dict.fromkeys(health.CHECKS, "ok"))


def test_without_any_worker_visitors_are_still_served(client, db):
    status, word, parts = ready(client)
    assert (status, word) == (200, "degraded")
    assert parts["worker"].startswith("never seen")


@pytest.mark.parametrize(("age", "word"), [(55, "ok"), (65, "degraded")])
def test_a_worker_is_missed_after_a_minute(client, working, age, word):
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=age))
    assert ready(client)[:2] == (200, word)


@pytest.mark.parametrize(("minutes", "word"), [(4, "ok"), (6, "degraded")])
def test_work_that_waits_too_long_is_told(client, working, ticket, minutes, word):
    Pending.objects.all().delete()
    event = Event.objects.latest("pk")
    Event.objects.filter(pk=event.pk).update(at=timezone.now() - timedelta(minutes=minutes))
    Pending.objects.create(event=event, consumer="triage")
    status, said, parts = ready(client)
    assert (status, said) == (200, word)
    assert parts["pending"].startswith("ok" if word == "ok" else f"oldest waits for {60 * minutes}")


def test_without_redis_visitors_are_still_served(client, working, redis_away):
    status, word, parts = ready(client)
    assert (status, word) == (200, "degraded")
    assert parts["redis"].startswith("away")
    assert parts["database"] == "ok"


def test_a_missing_migration_is_down_until_it_is_applied(client, working):
    health._all_applied.cache_clear()
    row = MigrationRecorder.Migration.objects.filter(app="triage").latest("pk")
    row.delete()
    status, word, parts = ready(client)
    assert (status, word) == (503, "down")
    assert "manage.py migrate" in parts["migrations"]
    MigrationRecorder.Migration.objects.create(app=row.app, name=row.name)
    assert ready(client)[:2] == (200, "ok")


def test_without_the_database_it_is_down(client, database_away):
    status, word, parts = ready(client)
    assert (status, word) == (503, "down")
    assert parts["database"].startswith("away")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ["/inbox/", "/support/new", "/my/", "/t/1-1-aaaaaaaaaaaaaaaaaaaaaaaaaa/"])
def test_without_the_database_a_page_asks_for_a_moment(database_away, address, method):
    visitor = Client(raise_request_exception=False)
    visitor.cookies["sessionid"] = visitor.cookies["customer"] = "k" * 32
    response = getattr(visitor, method)(address, {"email": "dana@example.com", "subject": "a", "description": "b"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "请稍候" in response.content.decode()


def test_without_the_database_the_api_says_so_in_json(database_away):
    program = Client(raise_request_exception=False, headers={"Authorization": "Token 123"})
    response = program.get("/api/v1/tickets/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "database" in response.json()["detail"]


def test_when_the_database_is_back_so_is_the_page(transactional_db, alice, monkeypatch):
    visitor = signed_in(alice)
    visitor.raise_request_exception = False
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        assert visitor.get("/inbox/").status_code == 503
    assert visitor.get("/inbox/").status_code == 200


def test_our_own_faults_are_no_excuse_of_the_database(db, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(health.CHECKS, "worker", broken)
    response = Client(raise_request_exception=False).get("/readyz")
    assert response.status_code == 500
    assert "Retry-After" not in response
