"""Processes are found again by id and moment of creation, and no stranger is touched."""

import json
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from helpdesk.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "processes.json")


@pytest.fixture
def family():
    """A shell that leads a group, with a child in it that ignores SIGTERM."""
    script = "trap '' TERM; sleep 60 & child=$!; trap - TERM; echo $child; wait"
    leader = subprocess.Popen(["bash", "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    child = psutil.Process(int(leader.stdout.readline()))
    yield leader, child
    leader.kill()
    if child.is_running():
        child.kill()
    leader.communicate()


def test_a_living_process_is_found_by_its_name(ledger, family):
    leader, _ = family
    ledger.add("web", leader.pid)
    assert Ledger(ledger.path).pid("web") == leader.pid


def test_a_dead_process_is_not_found(ledger, family):
    leader, _ = family
    ledger.add("web", leader.pid)
    leader.kill()
    leader.wait()
    assert ledger.pid("web") is None


def test_a_stranger_with_the_same_id_is_neither_found_nor_ended(ledger, family):
    leader, _ = family
    ledger.add("web", leader.pid)
    pid, born = json.loads(ledger.path.read_text())["web"]
    ledger.path.write_text(json.dumps({"web": [pid, born - 60]}))
    assert ledger.pid("web") is None
    ledger.end_groups(patience=0.2)
    assert leader.poll() is None


def test_the_whole_group_ends_even_what_ignores_sigterm(ledger, family):
    leader, child = family
    ledger.add("web", leader.pid)
    ledger.end_groups(patience=3)
    assert leader.wait(5) == -signal.SIGTERM
    _assert_ends(child)
    assert ledger.names() == []


def test_the_group_of_a_leader_that_was_killed_ends_too(ledger, family):
    leader, child = family
    ledger.add("web", leader.pid)
    leader.kill()
    leader.wait()
    assert child.is_running()
    ledger.end_groups(patience=0.1)
    _assert_ends(child)


def _assert_ends(process: psutil.Process) -> None:
    deadline = time.monotonic() + 5
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
