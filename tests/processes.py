"""Real servers and processes for tests that break them; each is a context manager and ends what it starts."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psutil
from django.db import connection

from helpdesk import embedded


def environment(**more: str) -> dict[str, str]:
    """This process' environment, with the URL of the test database that Django uses here and now."""
    url = urlsplit(os.environ["DATABASE_URL"])
    folder, _, _ = url.path.rpartition("/")
    database = urlunsplit(url._replace(path=f"{folder}/{connection.settings_dict['NAME']}"))
    return os.environ | {"DATABASE_URL": database, "PYTHONUNBUFFERED": "1"} | more


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def migrate(environ: Mapping[str, str]) -> None:
    """Give a private database the house's tables."""
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=embedded.BASE_DIR, env=dict(environ), check=True)


class EmbeddedServer:
    """A private built-in server with a folder of its own; stopped and started it keeps its socket."""

    server: embedded.Server

    def __init__(self) -> None:
        # Not pytest's tmp_path: run by root, the server's user could not enter it.
        self.data = Path(os.environ["HELPDESK_TEST_SLOT"]) / f"private-{uuid4().hex[:8]}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.server.pid is not None:
            self.resume()
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.server.sockets, ignore_errors=True)

    def start(self) -> None:
        self.server.start()

    def stop(self) -> None:
        self.server.stop()

    def kill9(self) -> None:
        """Kill the server's main process, as the kernel does when memory is short, and wait for its end."""
        process = psutil.Process(self._pid())
        process.kill()
        _wait_gone(process)

    def hang(self) -> None:
        """Let it stop answering while its connections stay open; `resume()` lets it go on."""
        for process in self._family():
            process.suspend()

    def resume(self) -> None:
        for process in self._family():
            process.resume()

    def _family(self) -> list[psutil.Process]:
        parent = psutil.Process(self._pid())
        return [parent, *parent.children(recursive=True)]

    def _pid(self) -> int:
        pid = self.server.pid
        assert pid is not None, f"{self.server.name} does not run"
        return pid


class EmbeddedPostgres(EmbeddedServer):
    def __init__(self, *, durable: bool = False) -> None:
        super().__init__()
        self.server = self.postgres = embedded.Postgres(self.data, durable=durable)

    @property
    def url(self) -> str:
        """For DATABASE_URL; the database is empty until `migrate()`."""
        return self.postgres.url


class EmbeddedRedis(EmbeddedServer):
    def __init__(self) -> None:
        super().__init__()
        self.server = self.redis = embedded.Redis(self.data)

    @property
    def url(self) -> str:
        """For REDIS_URL."""
        return self.redis.url()


class HouseProcess:
    """One process of the house, in a group of its own, with its output read all the time into `output`."""

    ready_word: ClassVar[str] = ""
    command: list[str]

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ = dict(environ or environment())
        self.output: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, patience: float = 30.0) -> None:
        """Start it and wait until it is ready for work. An AssertionError shows the output if it is not."""
        self.output.clear()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.command],
            cwd=embedded.BASE_DIR,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, args=[self.process], daemon=True)
        self.reader.start()
        deadline = time.monotonic() + patience
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"{self.command} is not ready:\n{''.join(self.output)}")
            time.sleep(0.02)

    def is_ready(self) -> bool:
        return any(self.ready_word in line for line in self.output)

    def stop(self, patience: float = 10.0) -> None:
        """Let it finish what it does, then make sure that its whole group is gone."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill9()

    def kill9(self) -> None:
        """Kill the process and its children, and wait until they are gone."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None

    def hang(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGCONT)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.output.extend(process.stdout)


class Worker(HouseProcess):
    """A Celery worker. `pool="solo"` is up quickest; `pool="prefork"` has children to kill."""

    ready_word = " ready."

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        *,
        queues: str = "default,mail,triage",
        pool: str = "solo",
        concurrency: int = 1,
    ) -> None:
        super().__init__(environ)
        self.name = f"test-{uuid4().hex[:8]}@localhost"
        self.command = ["celery", "-A", "helpdesk", "worker", "-n", self.name, "-Q", queues, "-P", pool]
        self.command += ["-c", str(concurrency), "-l", "INFO", "--without-gossip", "--without-mingle"]


class Beat(HouseProcess):
    """Celery's beat, with the house's own schedule."""

    ready_word = "beat: Starting"

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(environ)
        self.command = ["celery", "-A", "helpdesk", "beat", "-l", "INFO"]


class Web(HouseProcess):
    """Granian on a free port: the pages (`live=False`) or the live stream (`live=True`)."""

    def __init__(self, environ: Mapping[str, str] | None = None, *, live: bool = False, workers: int = 1) -> None:
        super().__init__(environ)
        self.port = free_port()
        interface, application = (
            ("asginl", "helpdesk.live:application") if live else ("wsgi", "helpdesk.wsgi:application")
        )
        self.command = [
            "granian",
            "--interface",
            interface,
            "--port",
            str(self.port),
            "--workers",
            str(workers),
        ]
        self.command += ["--respawn-failed-workers", "--workers-kill-timeout", "3s"]
        self.command += [] if live else ["--blocking-threads", "4"]
        self.command += [application]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def is_ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _wait_gone(process: psutil.Process, patience: float = 10.0) -> None:
    deadline = time.monotonic() + patience
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"{process} does not end"
        time.sleep(0.01)
