"""Which solution comes first: arithmetic only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.learn.recommend import Evidence, effect, fit, rank, score, share_of_votes

shares = st.floats(0, 1)
evidence = st.builds(
    lambda text, votes, linked, solved, unsaid, other: Evidence(
        "a1", text, votes, linked, solved + unsaid + other, solved, unsaid
    ),
    shares,
    shares,
    st.booleans(),
    *[st.integers(0, 500)] * 3,
)


def codes(*candidates: Evidence) -> list[str]:
    return [one.evidence.code for one in rank(candidates)]


def test_without_a_past_the_better_fit_comes_first():
    assert codes(Evidence("a1", text=0.3), Evidence("a2", text=0.9), Evidence("a3", text=0.6)) == ["a2", "a3", "a1"]


def test_before_anything_is_known_the_chance_to_help_is_even_and_weighs_four_tickets():
    assert effect(Evidence("a1")) == 0.5
    assert effect(Evidence("a1", used=4)) == 0.25
    assert effect(Evidence("a1", used=8, solved=8)) == pytest.approx(10 / 12)


def test_a_perfect_past_does_not_replace_the_fit():
    assert fit(Evidence("a1", text=1.0, used=4)) == 0.5
    assert score(Evidence("a1", text=0.0, used=50, solved=50)) == 0


def test_of_two_that_fit_alike_the_one_that_solves_comes_first():
    assert codes(Evidence("a1", 1.0, used=9, solved=2), Evidence("a2", 1.0, used=9, solved=7)) == ["a2", "a1"]


def test_a_new_article_that_fits_can_overtake_an_old_one_that_hardly_does():
    old, new = Evidence("a1", text=0.1, used=1000, solved=550), Evidence("a2", text=1.0, votes=0.4)
    assert codes(old, new) == ["a2", "a1"]


def test_what_was_only_shown_loses_nothing():
    shown = Evidence("a1", text=0.5)
    assert score(shown) > score(Evidence("a2", text=0.5, used=1))


def test_silence_after_use_is_half_a_success():
    silent, solved, failed = (
        score(Evidence("a1", 1.0, used=6, unsaid=6)),
        score(Evidence("a1", 1.0, used=6, solved=6)),
        score(Evidence("a1", 1.0, used=6)),
    )
    assert silent == pytest.approx((solved + failed) / 2)


def test_votes_lift_what_shares_no_word():
    assert codes(Evidence("a1", text=0.4), Evidence("a2", votes=0.8)) == ["a2", "a1"]


def test_a_link_decides_between_equals():
    assert codes(Evidence("a1", text=0.4), Evidence("a2", text=0.4, linked=True)) == ["a2", "a1"]


@given(evidence)
def test_a_score_is_a_chance(one):
    assert 0 <= score(one) <= 1


@given(evidence)
def test_one_more_success_never_lowers_it(one):
    better = Evidence("a1", one.text, one.votes, one.linked, one.used + 1, one.solved + 1, one.unsaid)
    assert score(better) >= score(one) - 1e-9


@given(st.lists(evidence, max_size=6), st.randoms())
def test_the_order_they_come_in_does_not_matter(candidates, chance):
    named = [Evidence(f"a{n}", c.text, c.votes, c.linked, c.used, c.solved, c.unsaid) for n, c in enumerate(candidates)]
    shuffled = named[:]
    chance.shuffle(shuffled)
    assert rank(named) == rank(shuffled)


def test_one_distant_ticket_does_not_decide_alone():
    near, far = share_of_votes({"a1": 0.9}, 0.9), share_of_votes({"a1": 0.15}, 0.15)
    assert near["a1"] > 0.6
    assert far["a1"] < 0.25
