import numpy as np
import pytest

from triage.learn.abstain import LEAST, NEVER, Answers, Marks, spoken, threshold_for
from triage.learn.labels import Families, settle
from triage.learn.score import calibration_error, figures

FLAT = Families.of(["a", "b"], {})
TREE = Families.of(["cat", "dog", "oak"], {"cat": "animal", "dog": "animal", "oak": "tree"})


def certain(confidence: list[float], right: list[bool]) -> tuple[Answers, Marks]:
    """Answers "a" with these confidences; the truth is "a" where right."""
    answers = Answers.of(np.array([[c, 1 - c] for c in confidence]), FLAT)
    return answers, Marks.of(answers, np.array(["a" if r else "b" for r in right], dtype=object), FLAT)


def test_the_threshold_is_the_lowest_that_is_right_often_enough():
    answers, marks = certain([0.6] * 20 + [0.7] * 20 + [0.9] * 40, [False] * 10 + [True] * 10 + [True] * 60)

    assert threshold_for(answers, marks, 0.95) == 0.7
    assert threshold_for(answers, marks, 0.60) == LEAST


def test_nineteen_right_answers_are_needed_before_it_speaks():
    for count, expected in ((18, NEVER), (19, LEAST)):
        assert threshold_for(*certain([0.99] * count, [True] * count), 0.95) == expected


def test_a_model_that_is_often_wrong_never_speaks():
    assert threshold_for(*certain([0.9] * 100, [True, False] * 50), 0.95) == NEVER


def test_it_does_not_speak_below_an_even_chance():
    assert threshold_for(*certain([0.51] * 100, [True] * 100), 0.95) >= LEAST


def test_a_family_speaks_for_children_too_close_to_each_other():
    answers = Answers.of(np.array([[0.5, 0.45, 0.05], [0.05, 0.05, 0.9], [0.4, 0.1, 0.5]]), TREE)
    marks = Marks.of(answers, np.array(["dog", "oak", "cat"], dtype=object), TREE)

    assert answers.mass == pytest.approx([0.95, 0, 0])
    assert marks.top.tolist() == [False, True, False]
    assert marks.home.tolist() == [True, False, False]
    assert spoken(answers, marks, 0.9) == (2, 2, 1)
    assert spoken(answers, marks, 0.5) == (3, 1, 0)


def test_a_truth_outside_all_classes_is_never_right():
    answers = Answers.of(np.array([[0.5, 0.45, 0.05]]), TREE)
    marks = Marks.of(answers, np.array(["fish"], dtype=object), TREE)

    assert (marks.top.tolist(), marks.home.tolist()) == ([False], [False])


def test_a_family_is_not_everything_and_not_one():
    assert TREE.names == ("animal",)
    assert Families.of(["a", "b"], {"a": "root", "b": "root"}).names == ()
    assert TREE.below("animal") == [0, 1]
    assert TREE.below("oak") == [2]
    assert TREE.below("tree") == []


def test_young_siblings_gather_in_their_parent():
    parents = {"cat": "animal", "dog": "animal", "animal": "thing", "oak": None}
    labels = ["cat"] * 2 + ["dog"] + ["oak"] * 2 + ["thing"] * 5

    assert settle(labels, parents) == {"cat": "animal", "dog": "animal", "oak": None, "thing": "thing"}


def test_the_young_climb_until_there_are_enough():
    assert settle(["cat"] + ["thing"] * 2, {"cat": "animal", "animal": "thing"}) == {
        "cat": "thing",
        "thing": "thing",
    }


def test_a_circle_of_parents_does_not_hang():
    assert settle(["a", "b"], {"a": "b", "b": "a"}) == {"a": None, "b": None}
    assert settle(["a", "a", "b"], {"a": "b", "b": "a"})["b"] in ("b", None)


def test_figures_of_a_table_one_can_check_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]])

    said = figures(probabilities, ["a", "b", "b", "a"], FLAT, threshold=0.75)

    assert said["accuracy"] == 0.5
    assert said["macro_f1"] == pytest.approx(0.5)
    assert said["top3"] == 1
    assert (said["coverage"], said["precision"]) == (0.5, 1)
    assert said["log_loss"] == pytest.approx(-np.log([0.9, 0.4, 0.8, 0.3]).mean())
    assert said["ece"] == pytest.approx((0.1 + 0.6 + 0.2 + 0.7) / 4)


def test_calibration_error_is_nought_when_as_often_right_as_said():
    assert calibration_error(np.full(10, 0.8), np.array([True] * 8 + [False] * 2)) == pytest.approx(0)
