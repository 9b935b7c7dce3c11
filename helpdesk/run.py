"""`make demo`, `make stop` and `make logs`: the Procfile's processes, in the background.

Each process leads a group of its own and writes to a log of its own. A kill -9 of anything leaves the others
running, and two copies of them would share ports and queues without an error. So whatever a former start left
is ended first, by process id and moment of creation.
"""

# ruff: noqa: S603, S606, S607 (the commands are the Procfile's and our own)

import fcntl
import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import environ
from django.core.management import CommandError, call_command
from django.db import connections
from honcho.environ import parse_procfile

from helpdesk import embedded
from helpdesk.ledger import Ledger

BASE_DIR = embedded.BASE_DIR
PATIENCE = 10.0  # seconds that processes get to finish what they are doing
READY_WITHIN = 90.0  # seconds


class RunError(RuntimeError):
    """The site cannot be started; the text says why and what to do."""


def demo() -> None:
    """Prepare the demo company, run every process, and print the address and the sign-ins."""
    port = os.environ.setdefault("PORT", "8000")
    live_port = os.environ.setdefault("LIVE_PORT", "8001")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ.update(DEMO="1", SITE_URL=f"http://localhost:{port}", PYTHONUNBUFFERED="1")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    embedded.start()
    with _alone():
        ledger = _ledger()
        ledger.end_groups(PATIENCE)
        _demand_free("PORT", port)
        _demand_free("LIVE_PORT", live_port)
        _prepare_company()
        try:
            _launch(ledger)
            _wait_until_ready(ledger, f"http://localhost:{port}/readyz")
        except BaseException:
            ledger.end_groups(PATIENCE)
            raise
    print(f"\nHelpdesk runs at http://localhost:{port}/ until `make stop`; `make logs` shows what it does.\n")
    call_command("demo", "--sign-ins")


def stop() -> None:
    """End the processes and the built-in servers. The data stays."""
    if embedded.data_dir().is_dir():
        _ledger().end_groups(PATIENCE)
        embedded.stop()


def logs() -> None:
    """Show the end of every log, and what comes, until Ctrl-C."""
    files = sorted(str(path) for path in (embedded.data_dir() / "log").glob("*.log"))
    if not files:
        raise RunError("There are no logs yet: `make demo` starts the site.")
    os.execvp("tail", ["tail", "-n", "20", "-F", *files])


@contextmanager
def _alone() -> Iterator[None]:
    """Refuse a second start while one is at work."""
    data = embedded.data_dir()
    data.mkdir(parents=True, exist_ok=True)
    with (data / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError("Another `make demo` is at work in this checkout: wait until it has ended.") from error
        yield


def _ledger() -> Ledger:
    return Ledger(embedded.data_dir() / "processes.json")


def _demand_free(variable: str, port: str) -> None:
    """Refuse a port that somebody listens on; what was just killed gets a moment to let go of it."""
    for _ in range(20):
        try:
            socket.create_connection(("localhost", int(port)), timeout=2).close()
        except OSError:
            return
        time.sleep(0.1)
    raise RunError(f"Port {port} is taken by another program. Choose another: make demo {variable}={int(port) + 10}")


def _prepare_company() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", stdout=io.StringIO())  # the sign-ins are printed at the end; progress goes to stderr
    connections.close_all()


def _launch(ledger: Ledger) -> None:
    folder = embedded.data_dir() / "log"
    folder.mkdir(exist_ok=True)
    for name, command in parse_procfile((BASE_DIR / "Procfile").read_text()).processes.items():
        with (folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                ["sh", "-c", command],
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        ledger.add(name, process.pid)


def _wait_until_ready(ledger: Ledger, url: str) -> None:
    answer = "nothing"
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if ended := [name for name in ledger.names() if ledger.pid(name) is None]:
            raise RunError(f"{_last_words(ended[0])}\n`{ended[0]}` ended at once; its last words are above.")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own address)
                return
        except urllib.error.HTTPError as error:
            answer = error.read().decode(errors="replace")
        except OSError as error:
            answer = str(error)
        time.sleep(0.2)
    raise RunError(f"{url} is not ready after {READY_WITHIN:.0f} seconds and says: {answer}")


def _last_words(name: str) -> str:
    text = (embedded.data_dir() / "log" / f"{name}.log").read_text(errors="replace")
    return "\n".join(text.splitlines()[-15:])


def main() -> None:
    commands = {"demo": demo, "stop": stop, "logs": logs}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python -m helpdesk.run {'|'.join(commands)}")
    environ.Env.read_env(BASE_DIR / ".env")
    try:
        commands[sys.argv[1]]()
    except (RunError, embedded.EmbeddedError, CommandError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
