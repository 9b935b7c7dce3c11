import pytest
from django.core.files.storage import storages

from knowledge.models import Article
from tests.conftest import opened_by
from tests.triage.desk import SAID, USUAL, solve_many, texts
from tests.triage.library import stock
from tickets.models import Ticket
from tickets.work import work_off
from triage import alike, store
from triage.learn.base import Example
from triage.learn.model import Model
from triage.learn.train import train
from triage.models import LEARNED, LearnedModel


@pytest.fixture(autouse=True)
def a_worker_that_has_just_started(monkeypatch):
    """No test sees the models or the index that another left in this process."""
    monkeypatch.setattr(alike, "shelf", alike.Shelf())
    monkeypatch.setattr(store, "_loaded", {})


@pytest.fixture
def history(erik, bob, categories) -> list[Ticket]:
    """One hundred and eight solved tickets of Erik's, answered by Bob."""
    return solve_many(erik, bob, categories)


@pytest.fixture(scope="session")
def learned() -> dict[str, Model]:
    """What the history teaches: trained once for all tests."""
    told = [(slug, text) for slug in SAID for text in texts(slug)]
    rows = [Example(*text, slug, at) for at, (slug, text) in enumerate(told)]
    urgency = [Example(*text, USUAL[slug].slug, at) for at, (slug, text) in enumerate(told)]
    tree = {"wifi": "network", "outage": "network", "refund": "billing", "invoice": "billing"}
    return {"category": train(rows, parents=tree), "priority": train(urgency)}


@pytest.fixture
def models(categories, learned) -> dict[str, LearnedModel]:
    """The rows of the active models."""
    return {target: store.save(target, learned[target]) for target in LEARNED}


@pytest.fixture
def files():
    return storages["models"]


@pytest.fixture
def articles(db) -> dict[str, Article]:
    return stock()


@pytest.fixture
def arrive(dana):
    """A ticket of Dana's that a worker has read."""

    def arrive(subject: str, text: str) -> Ticket:
        ticket = opened_by(dana, subject, text)
        for consumer in ("triage", "similar", "triage"):
            work_off(consumer)
        ticket.refresh_from_db()
        return ticket

    return arrive
