"""The polled mailbox, against a real IMAP server (pymap, in memory)."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connection
from imap_tools import MailBoxUnencrypted
from structlog.testing import capture_logs

from channels import imap
from channels.models import Inbound
from tests.channels.letters import answering, last_message, written
from tests.processes import free_port
from tickets.models import Ticket

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not find_spec("pymap"), reason="needs an IMAP server: pip install pymap"),
]

USER, PASSWORD = "demouser", "demopass"


@contextmanager
def running(*options: str) -> Iterator[int]:
    """An IMAP server; its port."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port), "--no-service", "admin",
        *options, "dict", "--demo-data",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the IMAP server did not start")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with running("--no-tls") as port:
        yield port


@pytest.fixture
def box(port, settings) -> Iterator[MailBoxUnencrypted]:
    """An empty folder which the desk polls."""
    with MailBoxUnencrypted("127.0.0.1", port).login(USER, PASSWORD) as box:
        box.folder.create("Support")
        box.folder.set("Support")
        settings.IMAP_URL = f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/Support"
        yield box
        box.folder.set("INBOX")
        box.folder.delete("Support")


def put(box: MailBoxUnencrypted, *mails: bytes) -> None:
    for raw in mails:
        box.append(raw, "Support")


def test_new_mail_becomes_tickets_byte_for_byte_and_is_marked_as_seen(box):
    first, second = written("One."), written("Two.", sender="erik@example.com")
    put(box, first, second)

    assert imap.poll() == 2

    assert {bytes(inbound.raw) for inbound in Inbound.objects.all()} == {first, second}
    assert Ticket.objects.count() == 2
    assert len(box.uids("SEEN")) == 2


def test_what_was_taken_is_not_taken_again(box):
    put(box, written())
    imap.poll()

    assert imap.poll() == 0


def test_an_answer_finds_its_ticket(box, ticket):
    put(box, answering(ticket, "Still slow."))

    imap.poll()

    assert last_message(ticket).text == "Still slow."


def test_more_than_a_page_is_taken_in_one_poll(box, monkeypatch):
    monkeypatch.setattr(imap, "PAGE", 3)
    put(box, *(written(f"Number {number}.", sender=f"guest{number}@example.com") for number in range(8)))

    assert imap.poll() == 8


def test_a_taken_mail_moves_to_the_folder_that_was_asked_for(box, settings):
    box.folder.create("Done")
    settings.IMAP_URL += "?move_to=Done"
    put(box, written())

    imap.poll()

    box.folder.set("Support")
    assert box.uids() == []
    box.folder.set("Done")
    assert len(box.uids()) == 1
    box.folder.set("Support")
    box.folder.delete("Done")


def test_a_mail_that_comes_again_after_we_lost_hold_of_it_is_one_ticket(box):
    put(box, written())
    imap.poll()
    box.flag(box.uids(), r"\Seen", False)  # as if the connection broke between our commit and the mark

    imap.poll()

    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_database_refuses_the_mail_stays_unseen(box):
    put(box, written())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE channels_inbound RENAME TO gone")
    try:
        assert imap.poll() == 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO channels_inbound")

    assert len(box.uids("UNSEEN")) == 1
    assert imap.poll() == 1
    assert Ticket.objects.count() == 1


def test_a_wrong_password_is_logged_without_it(port, settings):
    settings.IMAP_URL = f"imap://{USER}:not-the-password@127.0.0.1:{port}/INBOX"

    with capture_logs() as logs:
        assert imap.poll() == 0

    assert [entry["event"] for entry in logs] == ["mailbox_away"]
    assert "not-the-password" not in str(logs)


def test_a_server_that_is_away_is_logged(settings):
    settings.IMAP_URL = f"imap://{USER}:{PASSWORD}@127.0.0.1:{free_port()}/INBOX"

    with capture_logs() as logs:
        imap.poll()

    assert logs[0]["event"] == "mailbox_away"


def test_without_a_mailbox_there_is_nothing_to_do(settings):
    settings.IMAP_URL = ""

    assert imap.poll() == 0


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, settings):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    with running("--cert", str(cert), "--key", str(key)) as port:
        settings.IMAP_URL = f"imap+tls://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX"
        with capture_logs() as logs:
            assert imap.poll() == 0

    assert "CERTIFICATE_VERIFY_FAILED" in logs[0]["error"]


def test_an_address_that_is_none_says_what_it_must_look_like(settings):
    with pytest.raises(ValueError, match="imaps://user"):
        imap.Mailbox.from_url("pop3://host")


def test_a_password_may_hold_any_character():
    mailbox = imap.Mailbox.from_url(
        "imaps://desk%40example.com:p%40ss%2Fword@mail.example.com/Help%20Desk?move_to=Done"
    )

    assert (mailbox.user, mailbox.password) == ("desk@example.com", "p@ss/word")
    assert (mailbox.port, mailbox.folder, mailbox.move_to) == (993, "Help Desk", "Done")
