"""`manage.py receive_mail` as a mail server calls it: a real process, a pipe and an exit code."""

import subprocess
import sys

import pytest

from channels.models import Inbound
from helpdesk.embedded import BASE_DIR
from tests.channels.letters import written
from tests.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)

EX_TEMPFAIL = 75


def receive_mail(raw: bytes, database_url: str = "") -> subprocess.CompletedProcess[bytes]:
    given = {"DATABASE_URL": database_url} if database_url else {}
    return subprocess.run(
        [sys.executable, "manage.py", "receive_mail"],
        cwd=BASE_DIR,
        env=environment(**given),
        input=raw,
        capture_output=True,
        timeout=60,
    )


def test_it_says_yes_once_the_mail_is_stored():
    done = receive_mail(written("Hello from the pipe."))

    assert done.returncode == 0, done.stderr.decode()
    assert Inbound.objects.get().message.text == "Hello from the pipe."


def test_it_says_yes_to_what_ends_in_quarantine():
    done = receive_mail(b"\xff\x00 no mail at all")

    assert done.returncode == 0, done.stderr.decode()
    assert Inbound.objects.get().state == "quarantined"


def test_it_asks_the_mail_server_to_try_again_while_the_database_is_away():
    done = receive_mail(written(), "postgres://nobody@127.0.0.1:9/nothing")

    assert done.returncode == EX_TEMPFAIL
    assert not Inbound.objects.exists()
