"""Open lists."""

import sys
from dataclasses import dataclass

import pytest

from common.registry import Registry


@dataclass(frozen=True)
class Fruit:
    name: str
    colour: str = "green"


@pytest.fixture
def fruits() -> Registry[Fruit]:
    registry: Registry[Fruit] = Registry("fruit")
    registry.register(Fruit("apple"))
    registry.register(Fruit("banana"))
    return registry


def test_entries_are_found_by_name_in_the_order_they_came(fruits):
    assert fruits["apple"] == Fruit("apple")
    assert fruits.names() == ["apple", "banana"]
    assert [fruit.name for fruit in fruits] == ["apple", "banana"]
    assert "apple" in fruits
    assert "pear" not in fruits
    assert fruits.get("pear") is None


def test_a_stranger_is_answered_with_the_known_names(fruits):
    with pytest.raises(KeyError, match="no fruit 'pear'; known: apple, banana"):
        fruits["pear"]


def test_two_entries_cannot_have_one_name(fruits):
    with pytest.raises(ValueError, match="two fruits are named 'apple'"):
        fruits.register(Fruit("apple", "red"))


def test_the_same_entry_may_come_twice(fruits):
    apple = fruits["apple"]
    assert fruits.register(apple) is apple


def test_a_file_in_the_package_is_an_entry(tmp_path, monkeypatch):
    package = tmp_path / "orchard"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from common.registry import Registry\nfruits = Registry('fruit', 'orchard')\n"
    )
    for name in ("pear", "plum"):
        (package / f"{name}.py").write_text(
            "from types import SimpleNamespace\nfrom orchard import fruits\n"
            f"fruits.register(SimpleNamespace(name='{name}'))\n"
        )
    monkeypatch.syspath_prepend(tmp_path)
    from orchard import fruits

    assert not {"orchard.pear", "orchard.plum"} & sys.modules.keys()
    assert sorted(fruits.names()) == ["pear", "plum"]
