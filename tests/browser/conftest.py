"""A real site for a real browser: pages, stream and worker as processes of their own, and Chromium.

Every page that a test opens is watched: a violation of the Content-Security-Policy or a script error fails the test.
"""

import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.plugin import chromium
from tests.processes import Web, Worker, environment

# Playwright keeps an event loop in this thread; the tests themselves use the database in plain sequence.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Without these Chromium looks for hosts of its own at every start.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
    window.faults = [];
    document.addEventListener("securitypolicyviolation", (e) =>
        window.faults.push(`CSP ${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
    window.addEventListener("error", (e) => window.faults.push(`script error: ${e.message}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
            # One group: the processes below are started once, on one of the test run's two halves.
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield chrome
        chrome.close()


@pytest.fixture(scope="session")
def processes(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Pages, stream and worker on the test database, for the whole run."""
    with django_db_blocker.unblock():
        base = environment(DEMO="1")
    live = Web(base, live=True)
    web = Web(base)
    shared = base | {"SITE_URL": web.url, "LIVE_PORT": str(live.port)}
    live.environ = web.environ = shared
    worker = Worker(shared, queues="default,mail,triage,training")
    with live, web, worker:
        yield SimpleNamespace(web=web, live=live, worker=worker)


@pytest.fixture
def site(processes, transactional_db, settings) -> Iterator[SimpleNamespace]:
    """The running site on an empty house. While the house is emptied the processes stand still and hold nothing."""
    for process in vars(processes).values():
        process.resume()
    eventually(lambda: _answers(processes.web.url), within=30)
    settings.SITE_URL = processes.web.url
    yield SimpleNamespace(url=processes.web.url, **vars(processes))
    for process in vars(processes).values():
        process.hang()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _answers(url: str) -> bool:
    """The pool has living connections again."""
    try:
        return urllib.request.urlopen(f"{url}/readyz", timeout=10).status == 200
    except OSError:
        return False


@pytest.fixture
def open_page(browser, site) -> Iterator[Callable[..., Page]]:
    """Opens a page in a session of its own: `open_page("/inbox/", as_=alice, language="zh-hans")`."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []

    def open_(path: str, *, as_=None, language="en", theme="light", width=1440, height=900) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale="zh-CN" if language == "zh-hans" else "en-GB",
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        cookies = {"django_language": language}
        if as_ is not None:
            cookies["sessionid"] = session_of(as_)
        context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(10_000)
        pages.append(page)
        page.goto(path)
        return page

    yield open_
    faults = [fault for page in pages for fault in page.evaluate("window.faults || []")]
    for context in contexts:
        context.close()
    assert not faults, faults


def session_of(user) -> str:
    from tests.conftest import signed_in

    return signed_in(user).cookies["sessionid"].value


def accessible(page: Page) -> None:
    """Fails with what axe holds to be a serious or critical barrier."""
    found = Axe().run(page).response["violations"]
    serious = [
        (violation["id"], [node["target"] for node in violation["nodes"]][:4], violation["help"])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert not serious, serious


def eventually(condition: Callable[[], object], *, within: float = 10.0) -> object:
    """The condition's first true value; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"did not come true within {within} s")


def mailbox() -> list[Path]:
    """The mails sent so far, oldest first."""
    return sorted((Path(os.environ["HELPDESK_DATA"]) / "mailbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)


def live(page: Page, how: str, *, within: float = 10.0) -> None:
    """Waits until the page learns of changes in this way: by "stream" or by "polling"."""
    expect(page.locator("html")).to_have_attribute("data-live", how, timeout=within * 1000)
