import json
import random
from dataclasses import replace

import pytest

from tests.triage.learn.toy import TEXTS, desk
from triage.learn.abstain import NEVER
from triage.learn.base import Example, TooLittleToLearn
from triage.learn.train import STAGES, in_order, train


@pytest.fixture(scope="module")
def model():
    return train(desk(spaced=True, each=60))


def test_the_support_vector_machine_earns_its_place(model):
    assert model.classifier == "svm"
    assert model.classes == ("account", "billing", "hardware", "network")
    assert model.report["macro_f1"] > 0.95 > model.report["baseline"]["macro_f1"]


def test_a_network_ticket_is_recognised_in_both_languages(model):
    for title in ("The wifi connection is gone", "我的网络连接不稳定"):
        said = model.predict(title, "")
        assert said.label == "network"
        assert said.sure
        assert not said.fallback
        assert said.confidence >= model.threshold
        assert said.ranked[0] == ("network", said.confidence)
        assert [chance for _, chance in said.ranked] == sorted((c for _, c in said.ranked), reverse=True)


def test_what_it_has_never_seen_is_not_sure(model):
    assert not model.predict("", "").sure
    assert not model.predict("совершенно", "иное").sure


def test_many_are_answered_as_one_by_one(model):
    assert [said.label for said in model.predict_many(TEXTS)] == [model.predict(*text).label for text in TEXTS]
    assert model.predict_many([]) == []


def test_the_report_is_json_and_its_figures_come_from_later_tickets(model):
    report = json.loads(json.dumps(model.report, allow_nan=False))

    assert (report["rows"], report["used"], report["dropped"], report["classes"]) == (240, 240, 0, 4)
    assert (report["method"], report["judged"]) == ("time", 120)
    assert report["oldest"] < report["newest"]
    assert report["precision"] >= 0.95
    assert 0 < report["coverage"] <= 1
    assert set(report["candidates"]) == {"dummy", "svm"}
    assert {row["label"]: row["rows"] for row in report["per_class"]} == dict.fromkeys(model.classes, 60)
    assert report["libraries"]["scikit-learn"]


def test_the_same_examples_in_another_order_give_the_same_model(model):
    rows = desk(spaced=True, each=60)
    random.Random(3).shuffle(rows)

    again = train(rows)

    assert again.threshold == model.threshold
    assert again.report["data_digest"] == model.report["data_digest"]
    assert again.predict_many(TEXTS) == model.predict_many(TEXTS)


def test_one_changed_word_changes_the_data_digest():
    rows = desk(each=3)
    digests = {
        train(those, candidates=()).report["data_digest"]
        for those in (rows, [replace(rows[0], body="else"), *rows[1:]])
    }

    assert len(digests) == 2


def test_progress_only_grows_and_ends_at_one():
    told = []

    train(desk(each=6), progress=lambda share, stage: told.append((share, stage)))

    assert told == sorted(told, key=lambda one: one[0])
    assert list(dict.fromkeys(stage for _, stage in told)) == list(STAGES)
    assert told[-1] == (1.0, "done")


def test_words_that_say_nothing_about_the_label_are_not_used():
    stream = random.Random(5)
    rows = [replace(row, label=stream.choice(["a", "a", "b", "c"])) for row in desk(each=30)]

    model = train(rows)

    assert model.classifier == "dummy"
    assert model.threshold == NEVER
    assert not any(said.sure for said in model.predict_many(TEXTS))
    assert "svm" in model.report["candidates"]


def test_the_better_of_two_candidates_is_chosen():
    model = train(desk(), candidates=("founding", "svm"))

    figures = model.report["candidates"]
    assert model.report["macro_f1"] == max(figures["svm"]["macro_f1"], figures["founding"]["macro_f1"])


def test_a_higher_wanted_precision_never_speaks_more_often():
    rows = desk(each=20)
    stream = random.Random(2)
    noisy = [replace(row, label="network") if stream.random() < 0.15 else row for row in rows]

    lax, strict = (train(noisy, precision=wanted) for wanted in (0.7, 0.95))

    assert lax.threshold <= strict.threshold
    assert lax.report["coverage"] >= strict.report["coverage"]


class TestAYoungDesk:
    def test_nothing_at_all_is_too_little(self):
        for rows in ([], [Example("hello", "", "")]):
            with pytest.raises(TooLittleToLearn, match="at least 3 tickets"):
                train(rows)

    def test_two_tickets_of_each_category_are_too_little(self):
        with pytest.raises(TooLittleToLearn, match="no label has 3"):
            train(desk(each=2))

    def test_one_category_is_always_answered_and_never_surely(self):
        model = train([row for row in desk() if row.label == "network"])

        said = model.predict("anything", "")
        assert (said.label, said.sure, said.fallback) == ("network", False, False)
        assert said.ranked == (("network", 1.0),)
        assert model.report["accuracy"] is None
        assert model.explain("anything", "", "network") == []

    def test_a_few_tickets_are_suggested_from_but_never_surely(self):
        model = train(desk(each=4))

        assert model.classes == ("account", "billing", "hardware", "network")
        assert not any(said.sure for said in model.predict_many(TEXTS))

    def test_a_young_category_falls_to_its_parent(self):
        rows = [*desk(), *(Example(f"fibre cut {n}", "the fibre in the street", "fibre") for n in range(2))]
        rows += [Example("slow dsl", "the dsl crawls 太慢", "dsl")]

        model = train(rows, parents={"fibre": "lines", "dsl": "lines", "lines": None})

        assert "lines" in model.classes
        assert not {"fibre", "dsl"} & set(model.classes)
        assert model.report["young"] == {"dsl": "lines", "fibre": "lines"}
        said = model.predict("fibre cut", "the fibre in the street")
        assert (said.label, said.fallback) == ("lines", True)

    def test_a_young_category_without_a_parent_is_dropped(self):
        model = train([*desk(), Example("odd", "one", "oddity")])

        assert "oddity" not in model.classes
        assert model.report["young"] == {"oddity": None}
        assert model.report["dropped"] == 1

    def test_texts_without_a_word_do_not_fail(self):
        rows = [Example("", "?!", label) for label in "ab" for _ in range(10)]

        assert not train(rows).predict("", "").sure


def test_close_children_are_answered_by_their_parent():
    """Copper and fibre tickets read alike; both are unlike billing."""
    stream = random.Random(4)
    rows = []
    for row in desk(each=60):
        label = {"network": stream.choice(["copper", "fibre"])}.get(row.label, row.label)
        rows.append(replace(row, label=label))
    model = train(rows, parents={"copper": "network", "fibre": "network", "network": None})

    asked = [(row.title, row.body) for row in desk(each=60, seed=8) if row.label == "network"]
    by_family = [said for said in model.predict_many(asked) if said.fallback]

    assert len(by_family) > 20
    assert {said.label for said in by_family} == {"network"}
    assert all(said.sure and said.confidence > said.ranked[0][1] for said in by_family)
    assert all(said.ranked[0][0] in ("copper", "fibre") for said in by_family)
    assert model.report["fallback_share"] > 0.1
    assert model.report["precision"] >= 0.95
    assert model.explain(*asked[0], "network")


def test_rows_are_put_in_order_of_time_then_content():
    late, early, also_early = (Example("t", body, "a", at) for body, at in (("x", 2.0), ("y", 1.0), ("z", 1.0)))

    assert in_order([late, early, also_early]) == in_order([also_early, late, early])
    assert in_order([late, early])[-1] == late
