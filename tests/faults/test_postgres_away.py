"""PostgreSQL restarted and killed under load: an honest 503, never a false yes, and it heals by itself."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

from tests.faults.conftest import house_environment
from tests.faults.conservation import assert_conserved, assert_triaged_and_told, is_settled, seconds_until
from tests.faults.customers import Browser, Log, crowd, letter, receive_mail
from tests.processes import Beat, EmbeddedPostgres, Web, Worker

ASK_THE_DATABASE = ["/inbox/", "/api/v1/tickets/", "/readyz"]
OUTAGE = 17.0  # seconds: so long that waits which double are long, too


@dataclass
class House:
    postgres: EmbeddedPostgres
    web: Web
    environ: dict[str, str]


@pytest.fixture
def house(postgres, redis) -> Iterator[House]:
    environ = house_environment(redis) | {"DATABASE_URL": postgres.url}
    with Web(environ) as web, Worker(environ, pool="prefork", concurrency=2), Beat(environ):
        yield House(postgres, web, environ)


def send_again_what_was_refused(house: House, log: Log) -> None:
    """With the keys they had: a yes that got lost on its way must not make a second ticket."""
    browser = Browser(house.web.url)
    for form in log.refused:
        log.add(form, browser.send(form))
    assert not log.refused


def recovered(house: House, log: Log, mails: list[bytes]) -> float:
    """Settles everything and proves that nothing is lost; returns how long the workers took."""
    connection.close()  # ours died, too
    send_again_what_was_refused(house, log)
    settled = seconds_until(is_settled, patience=60)
    assert_conserved(log.accepted, mails)
    assert_triaged_and_told()
    return settled


def assert_honest(log: Log) -> None:
    """Each answer is a yes or says when to come back."""
    told = {(answer.status, answer.headers.get("retry-after")) for _, _, answer in log.said if not answer.is_yes}
    assert told <= {(503, "5")}


def test_a_database_away_for_a_while_under_load(house):
    mail = letter()
    with crowd(house.web.url) as log:
        time.sleep(2)
        house.postgres.stop()
        stopped = time.monotonic()
        signed_in, browser = Browser(house.web.url), Browser(house.web.url)
        signed_in.cookies["sessionid"] = "x" * 32
        assert {path: signed_in.get(path).status for path in ASK_THE_DATABASE} == dict.fromkeys(ASK_THE_DATABASE, 503)
        assert browser.get("/healthz").status == 200  # nobody restarts the web process for this
        assert receive_mail(mail, house.environ) == os.EX_TEMPFAIL
        time.sleep(max(0, stopped + OUTAGE - time.monotonic()))
        house.postgres.start()
        back = time.monotonic()
        seconds_until(lambda: log.first_yes_after(back), patience=10)
        time.sleep(2)
    assert receive_mail(mail, house.environ) == 0

    assert_honest(log)
    assert log.refused
    settled = recovered(house, log, [mail])
    assert max(answer.seconds for _, _, answer in log.said[-10:]) < 3
    print(f"database back: first yes after {log.first_yes_after(back):.1f} s; workers done {settled:.1f} s later")


def test_a_database_killed_under_load(house):
    with crowd(house.web.url) as log:
        time.sleep(2)
        house.postgres.kill9()
        house.postgres.start()
        back = time.monotonic()
        seconds_until(lambda: log.first_yes_after(back), patience=10)
        time.sleep(2)

    assert_honest(log)
    settled = recovered(house, log, [])
    print(f"database killed: first yes after {log.first_yes_after(back):.1f} s; workers done {settled:.1f} s later")
