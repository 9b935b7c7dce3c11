"""Prepares a test run before Django's settings load: pytest is told `-p tests.plugin` (pyproject.toml).

A run gets a PostgreSQL and a Redis of its own, never the developer's data: built-in servers in a slot below
the data folder. Slots are reused, which saves a second; runs at the same time take different ones.
TEST_DATABASE_URL and TEST_REDIS_URL, set both, name ordinary servers instead.
"""

import fcntl
import os
import re
import shutil
from itertools import count
from pathlib import Path
from typing import TextIO

import pytest

from helpdesk import embedded

SLOT = "HELPDESK_TEST_SLOT"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
IS_CONTROLLER = "PYTEST_XDIST_WORKER" not in os.environ
NO_BROWSER = "no Chromium on the PATH: install it, or the tests marked `browser` prove nothing here"


def chromium() -> str | None:
    """The path of the machine's Chromium or Chrome."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def _take_slot() -> TextIO:
    """Lock the first free slot for as long as the returned file stays open."""
    base = embedded.data_dir() / "test"
    embedded.make_data_dir(embedded.data_dir())
    embedded.make_data_dir(base)
    for number in count():
        embedded.make_data_dir(base / str(number))
        lock = (base / str(number) / "slot.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        os.environ[SLOT] = str(base / str(number))
        return lock
    raise AssertionError("count() has no end")


def _servers() -> list[embedded.Server]:
    given = [name in os.environ for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")]
    if any(given) and not all(given):
        raise pytest.UsageError("Set both TEST_DATABASE_URL and TEST_REDIS_URL, or neither.")
    slot = Path(os.environ[SLOT])
    return [] if all(given) else [embedded.Postgres(slot, durable=False), embedded.Redis(slot)]


def _redis_url() -> str:
    """Each process of a run has a Redis database of its own; 0 stays free."""
    db = int(WORKER.removeprefix("gw")) + 1
    if given := os.environ.get("TEST_REDIS_URL"):
        return re.sub(r"(?<=[^:/])/\d*$", "", given) + f"/{db}"
    return embedded.Redis(Path(os.environ[SLOT])).url(db)


def _set_environment() -> None:
    """Nothing of the developer's own configuration may decide a test."""
    for line in (embedded.BASE_DIR / ".env.example").read_text().splitlines():
        if match := re.match(r"#?\s*([A-Z_]+)=", line):
            os.environ.pop(match[1], None)
    slot = Path(os.environ[SLOT])
    files = slot / "files" / WORKER
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.settings",
        DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or embedded.Postgres(slot).url,
        REDIS_URL=_redis_url(),
        HELPDESK_DATA=str(files),
    )


_slot_lock = _take_slot() if IS_CONTROLLER else None
_set_environment()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real Chromium")
    config.addinivalue_line("markers", "fault: starts, stops and kills real processes; takes seconds")
    if IS_CONTROLLER:
        for server in _servers():
            server.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if IS_CONTROLLER:
        for server in _servers():
            server.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_sessionstart() -> None:
    if os.environ.get("REQUIRE_BROWSER") == "1" and not chromium():
        raise pytest.UsageError(f"REQUIRE_BROWSER=1, but there is {NO_BROWSER}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.getreports("skipped") if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS SKIPPED: {NO_BROWSER}", red=True, bold=True)
