"""The built-in servers: real ones, killed and started again."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis

from helpdesk import embedded
from tests.processes import EmbeddedPostgres, EmbeddedRedis


@pytest.fixture(scope="module")
def house_postgres() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres() as server:
        yield server


@pytest.fixture
def postgres(house_postgres: EmbeddedPostgres) -> EmbeddedPostgres:
    """A running server with an empty database, the same one for all tests: making one takes a second."""
    house_postgres.start()
    query(house_postgres, "DROP TABLE IF EXISTS word")
    return house_postgres


def query(server: EmbeddedPostgres, sql: str) -> list[tuple]:
    with psycopg.connect(host=str(server.server.sockets), user=embedded.NAME, dbname=embedded.NAME) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def modes(path: Path) -> list[int]:
    return [stat.S_IMODE(parent.stat().st_mode) for parent in (path, *path.parents)]


def run_python(code: str, data: Path) -> subprocess.Popen:
    """Run code in a process of its own, as a shell or a worker would, with the built-in servers in `data`."""
    unset = {"DATABASE_URL", "REDIS_URL", "TEST_DATABASE_URL", "TEST_REDIS_URL"}
    environ = {key: value for key, value in os.environ.items() if key not in unset}
    command = [sys.executable, "-c", f"from helpdesk import embedded; {code}"]
    return subprocess.Popen(
        command,
        cwd=embedded.BASE_DIR,
        env=environ | {"HELPDESK_DATA": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def empty_folder() -> Iterator[Path]:
    folder = Path(os.environ["HELPDESK_TEST_SLOT"]) / f"private-{uuid4().hex[:8]}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def modes_before(empty_folder: Path) -> list[int]:
    return modes(empty_folder.parent)


@pytest.fixture
def data(empty_folder: Path, modes_before: list[int]) -> Iterator[Path]:
    """A data folder, empty for the first test that asks; whatever is started in it is stopped by `stop()`."""
    yield empty_folder
    assert run_python("embedded.stop()", empty_folder).wait(60) == 0


def test_data_survives_kill_9_of_postgres(postgres):
    query(postgres, "CREATE TABLE word AS SELECT 'kept' AS text")
    postgres.kill9()
    postgres.start()
    assert query(postgres, "SELECT text FROM word") == [("kept",)]


def test_data_survives_stop_and_start(postgres):
    query(postgres, "CREATE TABLE word AS SELECT 'kept' AS text")
    postgres.stop()
    assert postgres.server.pid is None
    postgres.start()
    assert query(postgres, "SELECT text FROM word") == [("kept",)]


def test_a_hung_postgres_is_stopped_all_the_same(postgres):
    os.kill(postgres.server.pid, signal.SIGSTOP)
    postgres.stop()
    assert not postgres.server.answers()


def test_starting_a_running_server_changes_nothing(postgres):
    before = postgres.server.pid
    postgres.start()
    assert postgres.server.pid == before


def test_remains_of_a_server_do_not_mislead_the_next_one(postgres):
    """After a reboot the id in postmaster.pid may belong to any process, here to the test itself."""
    postgres.kill9()
    remains = postgres.server.folder / "postmaster.pid"
    lines = remains.read_text().splitlines()
    remains.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    postgres.start()
    assert query(postgres, "SELECT 1") == [(1,)]


def test_a_server_whose_start_was_interrupted_is_found_again(postgres):
    pid = postgres.server.pid
    postgres.server.ledger.forget([postgres.server.name])  # its starter was killed before it wrote the id down
    postgres.start()
    assert postgres.server.pid == pid


def test_an_interrupted_initdb_is_begun_again(postgres):
    postgres.stop()
    for entry in postgres.server.folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    draft = postgres.server.folder / "draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert query(postgres, "SELECT 1") == [(1,)]


def test_data_of_another_postgresql_is_refused_with_the_cure(postgres):
    postgres.stop()
    (postgres.server.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(embedded.EmbeddedError, match=r"made by PostgreSQL 17.*dump it"):
        postgres.start()
    (postgres.server.folder / "PG_VERSION").write_text("18\n")


def test_redis_comes_back_on_the_same_socket():
    with EmbeddedRedis() as server:
        server.kill9()
        assert not server.server.answers()
        server.start()
        client = redis.Redis.from_url(server.url)
        assert client.ping()
        client.close()


def test_long_paths_get_a_short_private_socket(tmp_path):
    server = embedded.Postgres(tmp_path / ("long" * 30))
    assert len(str(server.sockets / ".s.PGSQL.5432")) < 100
    assert server.sockets == embedded.Postgres(tmp_path / ("long" * 30)).sockets
    assert server.sockets != embedded.Postgres(tmp_path / ("longer" * 20)).sockets


def test_several_starts_at_once_make_one_pair_of_servers(data):
    pids = "data = embedded.data_dir(); print(embedded.Postgres(data).pid, embedded.Redis(data).pid)"
    starters = [run_python(f"embedded.start(); {pids}", data) for _ in range(3)]
    seen = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert len(seen) == 1
    assert "None" not in seen.pop()


def test_stop_ends_what_another_process_started_and_was_killed(data):
    starter = run_python("embedded.start(); print('up', flush=True); import time; time.sleep(60)", data)
    assert starter.stdout.readline() == "up\n"
    starter.kill()
    starter.communicate()
    servers = [embedded.Postgres(data), embedded.Redis(data)]
    assert all(server.answers() for server in servers)
    assert run_python("embedded.stop()", data).wait(60) == 0
    assert not any(server.answers() for server in servers)


def test_no_folder_that_was_there_before_changes_its_mode(data, modes_before):
    assert run_python("embedded.start()", data).wait(60) == 0
    assert modes(data.parent) == modes_before
    assert stat.S_IMODE(data.stat().st_mode) & 0o007 == 0  # and the data is nobody else's to read
    assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "run").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another user")
def test_root_is_told_when_the_servers_cannot_reach_their_data():
    with tempfile.TemporaryDirectory() as private:  # mode 700
        with pytest.raises(embedded.EmbeddedError, match=r"cannot enter .* Unset HELPDESK_DATA"):
            embedded.Postgres(Path(private) / "data").start()
        assert stat.S_IMODE(Path(private).stat().st_mode) == 0o700
