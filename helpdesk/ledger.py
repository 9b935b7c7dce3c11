"""Which processes we started, written down to be found again after a crash, and no stranger's."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil


class Ledger:
    """A file of process ids, each with the moment its process was created.

    An id alone is not enough: after a crash or a reboot it may belong to a stranger. The moment is counted in
    seconds since boot, because a corrected clock moves every other date of creation.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, name: str, pid: int) -> None:
        """Write down a living process under a name; the former owner of the name is forgotten."""
        self._write(self._read() | {name: (pid, _born(psutil.Process(pid)))})

    def pid(self, name: str) -> int | None:
        """The id of the process of that name if it still lives (stopped counts, a zombie does not)."""
        entry = self._read().get(name)
        return entry[0] if entry and _lives(*entry) else None

    def names(self) -> list[str]:
        return list(self._read())

    def forget(self, names: Iterable[str]) -> None:
        self._write({name: entry for name, entry in self._read().items() if name not in set(names)})

    def end_groups(self, patience: float) -> None:
        """End every process written down and the groups they lead, and wait until they are gone.

        Leaders get SIGTERM and `patience` seconds together; what is left of their groups gets SIGKILL. A group
        whose leader died before has nobody to let it finish and gets SIGKILL at once.
        """
        entries = self._read()
        for pid, born in entries.values():
            if _lives(pid, born):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
                    os.kill(pid, signal.SIGCONT)  # a stopped process hears SIGTERM only when it goes on
        _wait_until(lambda: not any(_lives(*entry) for entry in entries.values()), patience)
        for pid, born in entries.values():
            for process in _group(pid, born):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        _wait_until(lambda: not any(_group(*entry) for entry in entries.values()), patience)
        self.forget(entries)

    def _read(self) -> dict[str, tuple[int, float]]:
        try:
            return {name: (pid, born) for name, (pid, born) in json.loads(self.path.read_text()).items()}
        except FileNotFoundError:
            return {}

    def _write(self, entries: dict[str, tuple[int, float]]) -> None:
        draft = self.path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(entries))
        draft.replace(self.path)


def _born(process: psutil.Process) -> float:
    return round(process.create_time() - psutil.boot_time(), 2)


def _lives(pid: int, born: float) -> bool:
    try:
        process = psutil.Process(pid)
        return abs(_born(process) - born) < 0.05 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _group(pid: int, born: float) -> list[psutil.Process]:
    """The living members of the group led by that process, alive or dead.

    The kernel gives no new process an id that a group still bears. So while the leader is dead its group is
    ours, and when the id has a new owner our group is gone.
    """
    if psutil.pid_exists(pid) and not _lives(pid, born) and not _is_zombie(pid):
        return []
    members = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getpgid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


def _wait_until(done: Callable[[], bool], patience: float) -> None:
    deadline = time.monotonic() + patience
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
