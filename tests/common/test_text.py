"""Text as the search engine and the lists see it, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import language_of, preview, searchable, storable, unhyphenated, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Wi-Fi drops", ["the", "wi", "fi", "drops"]),
        ("网络不稳定", ["网络", "络不", "不稳", "稳定", "定"]),
        ("猫", ["猫"]),
        ("WiFi断了", ["wifi", "断了", "了"]),
        ("ＷｉＦｉ　１２", ["wifi", "12"]),
        ("Straße, ÉCOLE", ["straße", "école"]),
        ("order_number=77", ["order", "number", "77"]),
        ("…!?", []),
    ],
)
def test_words(text, found):
    assert words(text) == found


def test_a_hyphenated_word_is_found_in_both_spellings():
    assert unhyphenated("wi-fi and e-mail -x- 5-") == "wifi and email -x- 5-"
    assert {"wi", "fi", "wifi"} <= set(searchable("my Wi-Fi").split())


def test_every_character_of_a_chinese_text_begins_a_word():
    text = "我的网络连接不稳定"
    assert {word[0] for word in words(text)} == set(text)


@given(st.text())
def test_words_hold_nothing_that_a_query_must_fear(text):
    for word in words(text):
        assert word == word.lower() or not word.isascii()
        assert not set(word) & set(" '&|!():*<>\\\x00")
        assert 0 < len(word) <= 80


@given(st.text(st.characters(codec=None)))
def test_what_is_stored_can_be_stored(text):
    kept = storable(text)
    assert "\x00" not in kept
    kept.encode()
    assert storable(kept) == kept


def test_a_long_word_takes_time_linear_in_its_length():
    assert len(searchable("a-" * 50_000)) < 60_000


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My router is offline", "en"),
        ("我的路由器离线了", "zh-hans"),
        ("我的 router 坏了", "zh-hans"),
        ("The package from 上海 has not arrived at my address yet", "en"),
        ("", "en"),
        ("12345 !!", "en"),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


def test_a_preview_is_one_line_of_at_most_its_length():
    assert preview("Hello\n\n  Dana") == "Hello Dana"
    long = preview("word " * 100, length=20)
    assert len(long) <= 20
    assert long.endswith("…")
    assert preview("x" * 20, length=20) == "x" * 20
