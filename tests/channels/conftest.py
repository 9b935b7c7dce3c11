from collections.abc import Iterator

import pytest

from tests.channels import smtp
from tests.channels.smtp import Postbox


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    """A real SMTP server for all tests of a file."""
    with smtp.running() as postbox:
        yield postbox


@pytest.fixture
def postbox(server: Postbox) -> Iterator[Postbox]:
    """What it took in this test; it can be told to refuse."""
    yield server
    server.taken.clear()
    server.answers.clear()
    server.refuses.clear()
