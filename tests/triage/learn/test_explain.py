import numpy as np
import pytest

from tests.triage.learn.toy import THINGS, desk
from triage.learn.base import classifiers
from triage.learn.explain import character_scores
from triage.learn.features import rows_of
from triage.learn.train import train


@pytest.fixture(scope="module")
def model():
    return train(desk())


def told(text: str, reasons, field: str = "title") -> str:
    return " ".join(text[reason.start : reason.end] for reason in reasons if reason.field == field)


@pytest.mark.parametrize(
    ("title", "label", "word"),
    [
        ("The Wifi is gone since monday", "network", "Wifi"),
        ("please send me the invoice", "billing", "invoice"),
        ("我的网络连接不稳定", "network", "网络"),
        ("你好，我想要发票", "billing", "发票"),
        ("My VPN 密码 is wrong", "account", "密码"),
        ("ＰＡＳＳＷＯＲＤ forgotten", "account", "ＰＡＳＳＷＯＲＤ"),
    ],
)
def test_the_telling_word_is_the_strongest_reason(model, title, label, word):
    reasons = model.explain(title, "", label)

    strongest = title[reasons[0].start : reasons[0].end]
    assert strongest.strip() in word or word in strongest
    assert len(set(strongest) & set(word)) >= len(set(word)) / 2


def test_the_filling_words_are_no_reason(model):
    title = "你好，我的网络连接不稳定，谢谢"

    assert "你好" not in told(title, model.explain(title, "", "network"))


def test_spans_do_not_overlap_are_positive_and_few(model):
    title, body = "wifi router internet connection", " ".join(THINGS["network"][0] * 20)

    reasons = model.explain(title, body, "network")

    assert 0 < len(reasons) <= 8
    assert list(reasons) == sorted(reasons, key=lambda reason: -reason.weight)
    covered = [(reason.field, at) for reason in reasons for at in range(reason.start, reason.end)]
    assert len(covered) == len(set(covered))
    assert all(reason.weight > 0 and reason.start < reason.end for reason in reasons)
    assert all(reason.end <= len({"title": title, "body": body}[reason.field]) for reason in reasons)


def test_both_title_and_body_are_explained(model):
    reasons = model.explain("wifi is gone", "请检查路由器", "network")

    assert {reason.field for reason in reasons} == {"title", "body"}
    assert "路由" in told("请检查路由器", reasons, "body")


def test_another_label_has_other_reasons(model):
    title = "the wifi password"

    assert "wifi" in told(title, model.explain(title, "", "network"))
    assert "password" in told(title, model.explain(title, "", "account"))
    assert "password" not in told(title, model.explain(title, "", "network"))


@pytest.mark.parametrize("text", ["", "совершенно иное", "?!"])
def test_a_text_that_says_nothing_has_no_reasons(model, text):
    assert model.explain(text, text, "network") == []


def test_a_label_it_does_not_know_has_no_reasons(model):
    assert model.explain("wifi", "", "fibre") == []


def test_a_huge_text_is_explained_from_its_head(model):
    strongest = model.explain("", "the router fails " + "x " * 50_000, "network")[0]

    assert 4 <= strongest.start < strongest.end <= len("the router")


@pytest.mark.parametrize("label", ["network", "billing"])
def test_the_characters_add_up_to_the_decision(model, label):
    """Nothing is lost and nothing invented: the sum over characters is the linear model's own sum."""
    texts = {
        "title": "wifi 网络 Straße ＶＰＮ",
        "body": "the invoice ```x = 1``` https://a.example/b 连接发票 a ﷺ e\u0301te\u0301",
    }
    features = model.pipeline["features"]
    weights = classifiers["svm"].weights(model.pipeline)
    target = model.classes.index(label)

    row = rows_of(features, [(texts["title"], texts["body"])])
    scores = character_scores(features, row, weights, [target], texts)

    contrast = weights[target] - np.delete(weights, target, axis=0).mean(axis=0)
    expected = (features.transform([(texts["title"], texts["body"])]) @ contrast)[0]
    assert sum(score.sum() for score in scores.values()) == pytest.approx(expected, abs=1e-4)
