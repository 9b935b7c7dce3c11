"""The live stream: who hears of which change, and when a page is greeted anew or sent away."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.models import Session
from django.db import connection

from common import doorbell
from common import redis as house_redis
from helpdesk import live
from people.models import CustomerSession, User
from tests.conftest import opened_by, signed_in
from tests.processes import EmbeddedRedis, Web, environment
from tickets.links import page_token
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 5.0  # seconds within which everything here happens


@pytest.fixture(scope="module")
def redis() -> Iterator[EmbeddedRedis]:
    """A Redis of this file alone: words are heard across all databases of one server."""
    with EmbeddedRedis() as redis:
        yield redis


@pytest.fixture(autouse=True)
def its_own_hub(redis, settings, monkeypatch) -> Iterator[None]:
    settings.REDIS_URL = redis.url
    monkeypatch.setattr(live, "hub", live.Hub())
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    house_redis.client.cache_clear()
    yield
    house_redis.client.cache_clear()


class Page:
    """An open page and what it hears."""

    def __init__(self, cookies: dict[str, str], *, path: str = "/live/", **headers: str) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        given = {"host": "desk.example", "cookie": cookie} | headers
        raw = [(name.encode(), value.encode()) for name, value in given.items()]
        scope = {"type": "http", "method": "GET", "path": path, "scheme": "http", "query_string": b"", "headers": raw}
        self.wire = ApplicationCommunicator(live.application, scope)
        self.hushed = 0  # words this page was not told, each a bare comment

    async def open(self) -> "Page":
        await self.wire.send_input({"type": "http.request", "body": b""})
        start = await self.wire.receive_output(SOON)
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return self

    async def word(self) -> tuple[str, dict[str, Any]]:
        """The next event with what it says."""
        while True:
            text = (await self.wire.receive_output(SOON))["body"].decode()
            if text == ":\n\n":
                self.hushed += 1
            elif not text.startswith(":"):
                lines = dict(line.split(": ", 1) for line in text.strip().split("\n"))
                return lines["event"], json.loads(lines["data"])

    async def greeted(self, times: int = 1) -> "Page":
        for _ in range(times):
            assert await self.word() == ("hello", {})
        return self

    async def close(self) -> None:
        await self.wire.send_input({"type": "http.disconnect"})
        await self.wire.wait(SOON)


def staff(user: User) -> dict[str, str]:
    return {"sessionid": signed_in(user).cookies["sessionid"].value}


def run(story: Callable[[], Awaitable[None]]) -> None:
    async_to_sync(story)()


async def listening(*cookies: dict[str, str]) -> list[Page]:
    """Pages that have been greeted, the first one twice: once more when the subscription stands."""
    pages = [await (await Page(cookies[0]).open()).greeted(2)]
    return pages + [await (await Page(each).open()).greeted() for each in cookies[1:]]


async def heard(page: Page) -> int:
    event, told = await page.word()
    assert event == "ticket"
    assert set(told) == {"ticket", "event"}
    return told["ticket"]


@pytest.fixture
def unsorted(erik, ticket) -> Ticket:
    """A ticket that every agent sees."""
    return opened_by(erik, "What now?")


def test_the_team_hears_of_its_ticket_and_another_team_does_not(alice, charlie, mona, ticket, unsorted):
    cookies = [staff(user) for user in (alice, charlie, mona)]

    async def story() -> None:
        pages = alices, charlies, monas = await listening(*cookies)
        await sync_to_async(ticket.set_priority)(4, by=alice)
        await sync_to_async(unsorted.set_priority)(4, by=alice)
        assert [await heard(alices), await heard(alices)] == [ticket.number, unsorted.number]
        assert [await heard(monas), await heard(monas)] == [ticket.number, unsorted.number]
        assert await heard(charlies) == unsorted.number
        assert charlies.hushed == 1
        assert alices.hushed == monas.hushed == 0
        for page in pages:
            await page.close()

    run(story)


def test_who_could_see_a_ticket_hears_that_it_left(alice, charlie, mona, ticket, billing_team):
    cookies = [staff(user) for user in (alice, charlie)]

    async def story() -> None:
        alices, charlies = await listening(*cookies)
        await sync_to_async(ticket.send_to)(billing_team, by=mona)
        assert await heard(alices) == await heard(charlies) == ticket.number
        await sync_to_async(ticket.set_priority)(4, by=mona)
        await sync_to_async(ticket.assign)(alice, by=mona)
        assert [await heard(charlies), await heard(charlies)] == [ticket.number] * 2
        assert await heard(alices) == ticket.number
        assert alices.hushed == 1
        await alices.close()
        await charlies.close()

    run(story)


@pytest.mark.parametrize("who", ["stranger", "customer", "bearer", "signed out", "former"])
def test_only_signed_in_staff_may_listen(who, alice, dana, ticket):
    cookies = {
        "stranger": {},
        "customer": {CustomerSession.COOKIE: CustomerSession.open(dana)},
        "bearer": {"sessionid": page_token(ticket, dana)},
        "signed out": staff(alice),
        "former": staff(alice),
    }[who]
    if who == "signed out":
        Session.objects.all().delete()
    if who == "former":
        User.objects.update(is_active=False)

    async def story() -> None:
        page = await Page(cookies).open()
        assert page.status == 401
        assert (await page.wire.receive_output(SOON))["body"] == b""
        await page.wire.wait(SOON)

    run(story)


@pytest.mark.parametrize("name", ["alice", "charlie", "mona", "ada"])
def test_every_member_of_staff_may_listen(name, request):
    cookies = staff(request.getfixturevalue(name))

    async def story() -> None:
        page = await Page(cookies).open()
        assert page.status == 200
        assert page.headers["content-type"].startswith("text/event-stream")
        assert page.headers["cache-control"] == "no-store"
        await (await page.greeted(2)).close()

    run(story)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://desk.example:8000", 200),
        ("http://localhost:8000", 200),
        ("https://evil.example", 403),
        ("http://desk.example.evil.example", 403),
        ("http://evil.example/desk.example", 403),
        ("http://desk.example@evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_only_pages_of_this_site_may_listen(origin, status, alice):
    cookies = staff(alice)

    async def story() -> None:
        page = await Page(cookies, origin=origin).open()
        assert page.status == status
        assert page.headers.get("access-control-allow-origin") == (origin if status == 200 else None)
        if status == 200:
            await (await page.greeted(2)).close()

    run(story)


def test_there_is_nothing_else_at_its_port(alice):
    cookies = staff(alice)

    async def story() -> None:
        assert (await Page(cookies, path="/inbox/").open()).status == 404

    run(story)


def test_when_redis_comes_back_every_page_is_greeted_anew(alice, bob, ticket, redis):
    cookies = [staff(alice), staff(bob)]

    async def story() -> None:
        pages = await listening(*cookies)
        for outage in (redis.stop, redis.kill9):
            await sync_to_async(outage)()
            await sync_to_async(redis.start)()
            for page in pages:
                await page.greeted()
        await sync_to_async(ticket.set_priority)(4, by=alice)
        for page in pages:
            assert await heard(page) == ticket.number
            await page.close()

    run(story)


def test_a_page_that_lags_behind_is_told_to_fetch_everything(monkeypatch):
    monkeypatch.setattr(live, "BACKLOG", 3)

    async def story() -> None:
        queue = live.hub.join()
        assert await asyncio.wait_for(queue.get(), SOON) == live.HELLO  # the subscription stands
        for number in range(5):
            live.hub._tell({"ticket": number})
        assert [queue.get_nowait() for _ in range(queue.qsize())] == [live.HELLO, {"ticket": 4}]

    run(story)


@pytest.fixture
def rechecked_at_once(monkeypatch) -> None:
    monkeypatch.setattr(live, "RECHECK", 0)
    monkeypatch.setattr(live, "KEEP_ALIVE", 0.05)


@pytest.mark.parametrize("what", ["left the company", "signed out"])
def test_the_stream_of_one_who_is_gone_ends_at_the_recheck(what, alice, rechecked_at_once):
    cookies = staff(alice)

    def go() -> None:
        if what == "signed out":
            Session.objects.all().delete()
        else:
            User.objects.filter(pk=alice.pk).update(is_active=False)

    async def story() -> None:
        (page,) = await listening(cookies)
        await sync_to_async(go)()
        await page.wire.wait(SOON)
        assert not live.hub._listeners

    run(story)


def test_who_leaves_a_team_no_longer_hears_of_its_tickets(alice, ticket, unsorted, rechecked_at_once):
    cookies = staff(alice)

    async def story() -> None:
        (page,) = await listening(cookies)
        await sync_to_async(alice.teams.clear)()
        await sync_to_async(ticket.set_priority)(4, by=alice)
        await sync_to_async(unsorted.set_priority)(4, by=alice)
        assert await heard(page) == unsorted.number
        assert page.hushed == 1
        await page.close()

    run(story)


# --- The real process


def listen(port: int, cookies: dict[str, str]) -> socket.socket:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    line = socket.create_connection(("127.0.0.1", port), timeout=SOON)
    line.sendall(f"GET /live/ HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    return line


def read_until(line: socket.socket, word: str) -> str:
    text = ""
    while word not in text:
        piece = line.recv(4096)
        assert piece, f"the stream ended after {text!r}"
        text += piece.decode()
    return text


@pytest.mark.fault
def test_streams_of_the_real_process_hold_no_database_connection(alice, ticket, redis):
    cookies = staff(alice)
    with Web(environment(REDIS_URL=redis.url), live=True) as web:
        lines = [closing(listen(web.port, cookies)) for _ in range(20)]
        for line in lines:
            read_until(line.thing, "event: hello")
        assert connections_of_others() == 0
        ticket.set_priority(4, by=alice)
        for line in lines:
            with line as open_line:
                read_until(open_line, f'"ticket": {ticket.number},')
        assert "401" in read_until(listen(web.port, {}), "\r\n")


def connections_of_others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        (count,) = cursor.fetchone()
    return count
