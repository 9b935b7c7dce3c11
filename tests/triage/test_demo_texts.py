"""Trained on the demo company's texts, the desk understands what it has never read."""

from random import Random

import pytest

from demo.texts.company import company
from demo.texts.generator import Writer
from triage.learn.base import Example
from triage.learn.model import Model
from triage.learn.train import train

NETWORK = {"network", "wifi", "outage", "slow-speed"}


def drafts(seed: int, number: int) -> list[Example]:
    writer = Writer(Random(seed))
    rows = [writer.ticket() for _ in range(number)]
    return [Example(row.subject, row.body, row.category, at) for at, row in enumerate(rows)]


@pytest.fixture(scope="module")
def model() -> Model:
    parents = {category.slug: category.parent for category in company().categories}
    return train(drafts(1, 400), parents=parents)


@pytest.mark.parametrize("title", ["我的网络连接不稳定", "网络问题"])
def test_an_unstable_network_connection_lands_in_the_network(model, title):
    said = model.predict(title, "我的网络连接不稳定")
    assert said.label in NETWORK
    assert said.sure


def test_where_it_is_sure_it_is_right(model):
    asked = drafts(2, 200)
    said = model.predict_many([(row.title, row.body) for row in asked])
    sure = [(one.label, row.label) for one, row in zip(said, asked, strict=True) if one.sure]
    assert len(sure) > 100
    right = sum(label in (truth, model.parents[truth]) for label, truth in sure)
    assert right / len(sure) > 0.9
