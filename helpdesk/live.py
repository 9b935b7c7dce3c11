"""The live stream: a small ASGI application that serves `/live/` alone.

Each open page holds one connection and is told which tickets changed, never what they say. One Redis subscription
serves all pages of the process. A page without a valid session gets 401 and falls back to looking by itself.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import django
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
django.setup()

import structlog  # noqa: E402
from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user  # noqa: E402
from django.db import DatabaseError, connections  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from common.redis import async_client  # noqa: E402
from people.access import Scope, scope_of  # noqa: E402
from tickets.live import CHANNEL  # noqa: E402

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

KEEP_ALIVE = 15  # seconds between comments, so that proxies do not close a quiet stream
RECHECK = 60  # seconds after which session and teams are read again
BACKLOG = 200  # words a slow page may lag behind before it is told to fetch everything
HELLO: dict[str, Any] = {"hello": True}


class Hub:
    """One subscription, many listeners."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()
        self._task: asyncio.Task[None] | None = None

    def join(self) -> "asyncio.Queue[dict[str, Any]]":
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: "asyncio.Queue[dict[str, Any]]") -> None:
        self._listeners.discard(queue)

    async def _listen(self) -> None:
        """For ever. After Redis was away, words may be missing: every page is greeted anew and fetches."""
        while True:
            try:
                async with async_client() as client, client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    async for word in subscription.listen():
                        if word["type"] == "subscribe":
                            self._tell(HELLO)  # from here on nothing is missed
                        elif word["type"] == "message":
                            self._tell(json.loads(word["data"]))
            except (RedisError, OSError) as error:
                log.warning("live_redis_away", error=str(error))
                await asyncio.sleep(1)

    def _tell(self, word: dict[str, Any]) -> None:
        for queue in self._listeners:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                word = HELLO
            queue.put_nowait(word)


hub = Hub()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["path"] != "/live/" or scope["method"] != "GET":
        await _answer(send, 404, {})
        return
    allowed = _cors(headers, scope.get("scheme", "http"))
    if allowed is None:
        await _answer(send, 403, {})
        return
    try:
        viewer = await sync_to_async(_scope_of_session)(_session_key(headers))
    except DatabaseError:
        await _answer(send, 503, allowed)
        return
    if viewer is None:
        await _answer(send, 401, allowed)
        return
    await _stream(receive, send, viewer, _session_key(headers), allowed)


def _cors(headers: dict[str, str], scheme: str) -> dict[str, str] | None:
    """Headers that let the pages of this very host listen; None for a page of another host."""
    origin = headers.get("origin")
    if origin is None:
        return {}
    mine = {urlsplit(f"//{headers.get('host', '')}").hostname, *settings.ALLOWED_HOSTS}
    if urlsplit(origin).hostname not in mine - {"*"} and origin not in settings.CSRF_TRUSTED_ORIGINS:
        return None
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "vary": "Origin",
    }


def _session_key(headers: dict[str, str]) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _scope_of_session(key: str) -> Scope | None:
    """What the session's owner may see, read anew; holds no database connection afterwards."""
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key or None)
        user = get_user(request)
        viewer = scope_of(user)
        return viewer if viewer.is_staff else None
    finally:
        connections.close_all()


async def _stream(receive: Receive, send: Send, viewer: Scope, key: str, extra: dict[str, str]) -> None:
    queue = hub.join()
    gone = asyncio.create_task(_until_gone(receive))
    loop = asyncio.get_running_loop()
    checked_at = loop.time()
    try:
        await _start(send, 200, extra | STREAM_HEADERS)
        await _write(send, "retry: 1000\nevent: hello\ndata: {}\n\n")
        while not gone.done():
            word = await _next(queue, gone)
            if loop.time() - checked_at > RECHECK:
                fresh = await sync_to_async(_scope_of_session)(key)
                if fresh is None:
                    return
                viewer, checked_at = fresh, loop.time()
            await _write(send, _said(word, viewer))
    except DatabaseError:
        return  # the page connects again by itself and is then checked
    finally:
        hub.leave(queue)
        gone.cancel()


STREAM_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
}


async def _next(queue: "asyncio.Queue[dict[str, Any]]", gone: "asyncio.Task[None]") -> dict[str, Any] | None:
    """The next word, or None when there was none for a while or the page has gone."""
    getting = asyncio.ensure_future(queue.get())
    done, _ = await asyncio.wait({getting, gone}, timeout=KEEP_ALIVE, return_when=asyncio.FIRST_COMPLETED)
    if getting in done:
        return getting.result()
    getting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await getting
    return None


def _said(word: dict[str, Any] | None, viewer: Scope) -> str:
    """The word as the stream writes it; a comment instead where there is nothing this viewer may know."""
    if word is None:
        return ": still here\n\n"
    if word == HELLO:
        return "event: hello\ndata: {}\n\n"
    if not any(viewer.includes(team_id=team, assignee_id=assignee) for team, assignee in word["seen_by"]):
        return ":\n\n"
    told = {"ticket": word["ticket"], "event": word["event"]}
    return f"event: ticket\ndata: {json.dumps(told)}\n\n"


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, headers: dict[str, str]) -> None:
    await _start(send, status, headers | {"content-type": "text/plain", "content-length": "0"})
    await send({"type": "http.response.body", "body": b""})
