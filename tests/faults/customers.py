"""Customers as the desk meets them: over HTTP and through the mail door, in processes that know nothing of the test."""

import http.client
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import randrange
from urllib.parse import urlencode
from uuid import uuid4

from helpdesk.embedded import BASE_DIR
from tests.channels.letters import written

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float

    @property
    def is_yes(self) -> bool:
        """The form is taken: the browser is sent to the thank-you page."""
        return self.status == 302 and "/sent/" in self.headers["location"]


@dataclass(frozen=True, slots=True)
class Form:
    """One filled-in form. Posted again it carries the same key, as from a browser."""

    key: str = field(default_factory=lambda: str(uuid4()))
    address: str = field(default_factory=lambda: f"guest-{uuid4().hex[:12]}@example.com")
    subject: str = "The line is dead"
    description: str = "Since this morning nothing works. 早上起一直断网。"

    @property
    def fields(self) -> dict[str, str]:
        return {"key": self.key, "email": self.address, "subject": self.subject, "description": self.description}


class Browser:
    """Keeps cookies; each request takes a connection of its own and comes from another network."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path)
        if found := TOKEN.search(answer.body):
            self.token = found[1]
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """With the token of the form that was last looked at."""
        return self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": self.token}))

    def send(self, form: Form) -> Answer:
        if not self.token:
            self.get("/support/new")
        return self.post("/support/new", **form.fields)

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": f"10.{randrange(256)}.{randrange(256)}.{randrange(256)}",
        }
        started = time.monotonic()
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, text, time.monotonic() - started)


@dataclass
class Log:
    """What customers sent, and how it was answered."""

    said: list[tuple[float, Form, Answer]] = field(default_factory=list)  # (time.monotonic() of the answer, …)

    def add(self, form: Form, answer: Answer) -> None:
        self.said.append((time.monotonic(), form, answer))

    @property
    def accepted(self) -> set[Form]:
        return {form for _, form, answer in self.said if answer.is_yes}

    @property
    def refused(self) -> set[Form]:
        """Never taken: their senders would try again."""
        return {form for _, form, _ in self.said} - self.accepted

    def first_yes_after(self, moment: float) -> float | None:
        """How many seconds after `moment`."""
        return min((at - moment for at, _, answer in self.said if answer.is_yes and at > moment), default=None)


@contextmanager
def crowd(url: str, writers: int = 3, pause: float = 0.2) -> Iterator[Log]:
    """Customers who write all the time, each form once; the log grows meanwhile."""
    log, over, faults = Log(), threading.Event(), []

    def write(browser: Browser) -> None:
        try:
            while not over.wait(pause):
                form = Form()
                log.add(form, browser.send(form))
        except Exception as fault:  # a thread's fault would be lost
            faults.append(fault)

    threads = [threading.Thread(target=write, args=[Browser(url)]) for _ in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield log
    finally:
        over.set()
        for thread in threads:
            thread.join(90)
    assert not faults, faults


def letter() -> bytes:
    """A mail of somebody new."""
    name = f"writer-{uuid4().hex[:12]}"
    return written("My router is dead.", sender=f"{name}@example.com", Message_ID=f"<{name}@example.com>")


def receive_mail(raw: bytes, environ: Mapping[str, str]) -> int:
    """What a mail server does; returns the exit code."""
    command = [sys.executable, "manage.py", "receive_mail"]
    return subprocess.run(
        command, cwd=BASE_DIR, env=dict(environ), input=raw, stdout=subprocess.DEVNULL, timeout=60
    ).returncode
