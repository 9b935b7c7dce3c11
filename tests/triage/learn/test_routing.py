import itertools
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from triage.learn.routing import PRESENCE, WEIGHTS, Candidate, rank

ALICE, BOB, CHARLIE = 1, 2, 3


USUAL = Candidate(0, skill=0.5, load=5, capacity=10, presence="online", knows_customer=False)


def person(id: int, **other: Any) -> Candidate:
    return replace(USUAL, id=id, **other)


def ids(*candidates: Candidate) -> list[int]:
    return [ranking.id for ranking in rank(candidates)]


@pytest.mark.parametrize(
    "better",
    [{"skill": 0.9}, {"load": 1}, {"capacity": 20}, {"knows_customer": True}],
)
def test_alice_comes_before_bob_for_each_thing_she_has_more_of(better):
    assert ids(person(BOB), person(ALICE, **better)) == [ALICE, BOB]


def test_who_is_online_comes_before_who_is_away():
    assert ids(person(BOB, presence="away"), person(ALICE)) == [ALICE, BOB]


def test_who_is_offline_comes_last_however_skilled():
    expert = person(ALICE, skill=1, load=0, presence="offline", knows_customer=True)
    novice = person(BOB, skill=0, load=10, presence="away")

    assert ids(expert, novice) == [BOB, ALICE]


def test_who_is_offline_is_still_named_when_nobody_else_is_there():
    assert ids(person(ALICE, presence="offline")) == [ALICE]


def test_the_parts_add_up_to_the_score():
    skills, loads, capacities = (-1, 0, 0.3, 1, 7), (0, 5, 50), (0, 10)
    for particulars in itertools.product(skills, loads, capacities, PRESENCE, (True, False)):
        (ranking,) = rank([Candidate(ALICE, *particulars)])
        assert list(ranking.parts) == ["skill", "load", "presence", "continuity"]
        assert sum(ranking.parts.values()) == ranking.score
        assert 0 <= ranking.score <= 1.0000001
        assert all(0 <= ranking.parts[name] <= WEIGHTS[name] for name in WEIGHTS)


def test_equals_keep_their_order():
    assert ids(person(CHARLIE), person(ALICE), person(BOB)) == [CHARLIE, ALICE, BOB]


def test_nobody_is_an_empty_list():
    assert rank([]) == []


def test_an_unknown_presence_is_refused():
    with pytest.raises(ValueError, match="use one of online, away, offline"):
        rank([person(ALICE, presence="asleep")])


def test_base_and_routing_do_not_load_the_learning_library():
    code = (
        "import sys, triage.learn.base, triage.learn.routing; "
        "sys.exit('sklearn' in sys.modules or 'numpy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
