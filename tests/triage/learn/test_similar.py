import pickle
import random

import pytest

from triage.learn.similar import SimilarIndex

TEXTS = {
    11: "The wifi connection drops every evening",
    12: "Where is my invoice for March? I need the invoice.",
    13: "无线网络每天晚上断开",
    14: "请把三月的发票发给我",
    15: "Keyboard with a broken key",
}


@pytest.fixture(scope="module")
def index():
    return SimilarIndex().fit(list(TEXTS), list(TEXTS.values()))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("wifi connections dropping", 11),
        ("lost an invoice", 12),
        ("我的网络连接不稳定", 13),
        ("发票在哪里", 14),
        ("wifi 网络 断开", 13),
        ("kyboard key brokn", 15),
    ],
)
def test_the_text_about_the_same_thing_comes_first(index, question, answer):
    assert index.nearest(question)[0][0] == answer


def test_a_text_is_nearest_to_itself_and_scores_fall(index):
    found = index.nearest(TEXTS[12], k=3)

    assert found[0] == (12, pytest.approx(1.0))
    assert len(found) <= 3
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_what_has_nothing_in_common_is_left_out(index):
    assert index.nearest("") == []
    assert index.nearest("совершенно") == []


def test_an_empty_index_finds_nothing():
    assert SimilarIndex().fit([], []).nearest("wifi") == []


def test_texts_without_words_can_be_indexed():
    assert SimilarIndex().fit([1, 2], ["", "?!"]).nearest("wifi") == []


def test_each_text_needs_an_id():
    with pytest.raises(ValueError, match="1 ids for 2 texts"):
        SimilarIndex().fit([1], ["a", "b"])


@pytest.mark.slow
def test_twenty_thousand_tickets_fit_in_memory_and_find_themselves():
    stream = random.Random(0)
    words = ["".join(stream.choices("abcdefghijklmnopqrstuvwxyz", k=stream.randint(3, 10))) for _ in range(6000)]
    texts = [" ".join(words[int(stream.paretovariate(0.4)) % 6000] for _ in range(60)) for _ in range(20_000)]
    index = SimilarIndex().fit(range(20_000), texts)

    assert [index.nearest(text)[0][0] for text in texts[:50]] == list(range(50))
    postings = index.postings_
    assert postings.data.nbytes + postings.indices.nbytes + len(pickle.dumps(index.terms_)) < 100_000_000
