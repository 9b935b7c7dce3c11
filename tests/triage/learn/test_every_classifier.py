"""What every classifier in the registry keeps: a new one is tested by being there."""

import random
from functools import cache

import numpy as np
import pytest
from scipy.special import softmax

from tests.triage.learn.toy import TEXTS, desk
from triage.learn.base import Example, classifiers
from triage.learn.files import dumps, loads
from triage.learn.model import Model
from triage.learn.train import in_order
from triage.learn.trial import fit

every_classifier = pytest.mark.parametrize("name", classifiers.names())


def learn(name: str, rows, random_state: int = 0) -> Model:
    _, pipeline = fit(classifiers[name], in_order(rows), random_state)
    return Model(name, pipeline, tuple(pipeline.classes_), threshold=0.8)


@cache
def learned(name: str) -> Model:
    return learn(name, desk())


@every_classifier
def test_it_has_a_name_for_people(name):
    assert classifiers[name].name == name
    assert classifiers[name].label


@every_classifier
def test_probabilities_sum_to_one_whatever_the_text(name):
    probabilities = learned(name).probabilities(TEXTS)

    assert probabilities.shape == (len(TEXTS), 4)
    assert np.isfinite(probabilities).all()
    assert probabilities.min() >= 0
    assert probabilities.sum(axis=1) == pytest.approx(1)


@every_classifier
def test_the_same_seed_gives_the_same_answers(name):
    again = learn(name, desk())

    assert np.array_equal(again.probabilities(TEXTS), learned(name).probabilities(TEXTS))


@every_classifier
def test_the_order_of_the_rows_leaves_no_trace(name):
    rows = desk()
    random.Random(7).shuffle(rows)

    assert np.array_equal(learn(name, rows).probabilities(TEXTS), learned(name).probabilities(TEXTS))


@every_classifier
def test_a_text_alone_is_answered_as_in_a_batch(name):
    model = learned(name)

    alone = [model.probabilities([text])[0] for text in TEXTS]

    assert np.allclose(alone, model.probabilities(TEXTS))


@every_classifier
def test_english_chinese_and_mixed_texts_leave_a_mark(name):
    pipeline = learned(name).pipeline
    if "features" not in pipeline.named_steps:
        pytest.skip(f"{name} does not read the text")
    english, chinese = (
        next(row for row in desk() if row.title.isascii() == ascii_only) for ascii_only in (True, False)
    )
    read = [(english.title, ""), ("", chinese.body), (english.body, chinese.title)]

    assert (pipeline["features"].transform(read).getnnz(axis=1) > 0).all()


@every_classifier
def test_a_model_file_answers_exactly_as_the_model_did(name):
    model = learned(name)

    again = loads(dumps(model))

    assert np.array_equal(again.probabilities(TEXTS), model.probabilities(TEXTS))
    assert again.predict_many(TEXTS) == model.predict_many(TEXTS)
    assert again.explain(*TEXTS[0], "network") == model.explain(*TEXTS[0], "network")


@every_classifier
def test_a_label_that_arrives_later_is_learned_by_training_again(name):
    rows = desk(each=6)
    rows += [Example("printer jam 打印机", f"number {n}", "printing") for n in range(6)]

    assert "printing" in learn(name, rows).classes


@every_classifier
def test_two_labels_are_enough(name):
    rows = [row for row in desk(each=8) if row.label in ("network", "billing")]

    assert learn(name, rows).probabilities(TEXTS).sum(axis=1) == pytest.approx(1)


@every_classifier
def test_the_weights_of_a_linear_one_explain_its_own_ranking(name):
    model = learned(name)
    weights = classifiers[name].weights(model.pipeline)
    if weights is None:
        assert model.explain(*TEXTS[0], "network") == []
        return
    calibrated = model.pipeline["model"].calibrated_classifiers_[0]
    constant = calibrated.estimator.intercept_ * calibrated.calibrators[0].beta_
    sums = model.pipeline["features"].transform(TEXTS[:4]) @ weights.T + constant

    assert softmax(sums, axis=1) == pytest.approx(model.probabilities(TEXTS[:4]), abs=1e-5)
