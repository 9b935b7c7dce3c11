"""Spans of characters become words that a reader knows."""

import pytest

from triage.learn.base import Reason
from triage.words import telling


def words(title: str, body: str, *reasons: Reason) -> list[tuple[str, float]]:
    return [(one["word"], one["weight"]) for one in telling(title, body, reasons)]


def test_a_piece_of_a_word_stands_for_the_word():
    assert words("", "The routers blink", Reason("body", 5, 8, 1.5)) == [("routers", 1.5)]


def test_a_span_over_two_words_is_shared_by_its_characters():
    found = words("", "no signal", Reason("body", 0, 9, 9.0))
    assert found == [("signal", 6.0), ("no", 2.0)]


def test_chinese_is_cut_into_words():
    text = "我的网络连接不稳定，路由器也重启了"
    start = text.index("路由")
    assert words("", text, Reason("body", start, start + 2, 2.0)) == [("路由器", 2.0)]


def test_a_negation_belongs_to_its_word_and_particles_are_none():
    text = "我的网络不稳定"
    assert words("", text, Reason("body", 0, 7, 7.0)) == [("不稳定", 3.0), ("网络", 2.0)]
    assert words("", "还不", Reason("body", 0, 2, 1.0)) == [("不", 0.5)]


def test_a_word_said_twice_weighs_twice_and_is_shown_once():
    found = telling("Refund", "refund please", [Reason("title", 0, 6, 2.0), Reason("body", 0, 6, 1.0)])
    assert [(one["word"], one["weight"], one["field"]) for one in found] == [("Refund", 3.0, "title")]


def test_places_are_those_of_the_original_text():
    text = "Hello, the Wi-Fi is gone. 无线网络断了"
    for one in telling("", text, [Reason("body", 11, 13, 1.0), Reason("body", 26, 28, 1.0)]):
        assert text[one["start"] : one["end"]] == one["word"]


def test_crumbs_and_the_rest_of_many_are_left_out():
    text = "one two three four five six seven eight"
    spans = [Reason("body", place, place + 2, 1.0) for place in (0, 4, 8, 14, 19, 24, 28, 34)]
    assert len(words("", text, *spans)) == 6
    assert words("", "big small", Reason("body", 0, 3, 9.0), Reason("body", 4, 6, 0.1)) == [("big", 9.0)]


@pytest.mark.parametrize("text", ["", "…!?", "🙂🙂", "x" * 5000])
def test_text_without_a_word_gives_none(text):
    assert words("", text, Reason("body", 0, len(text), 1.0)) == []
    assert words("", text) == []
