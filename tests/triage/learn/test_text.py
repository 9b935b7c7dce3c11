import time

import pytest

from triage.learn.text import LONGEST, MAX_BODY, CharGrams, WordGrams, pieces

SAMPLES = [
    "My WiFi is down",
    "我的网络连接不稳定",
    "VPN连接 error 0x7e，请看 https://help.example/a?b=1谢谢",
    "ｗｉｆｉ Straße İstanbul ﷺ e\u0301te\u0301",
    "```python\nprint('hi')\n``` after",
    "a ok x",
    "ゟ カタカナ 한국어 ไทย",
    "",
]


def test_words_and_neighbours_of_english():
    assert WordGrams().flat("The WiFi fails") == ["the", "wifi", "the wifi", "fails", "wifi fails"]


def test_chinese_needs_no_spaces():
    assert WordGrams().flat("网络断") == ["网", "络", "断", "网络", "络断"]
    assert "网络断" in CharGrams().flat("网络断")


def test_mixed_text_is_parted_where_the_script_changes():
    assert [token for _, token, _, _ in pieces("VPN连接error")] == ["vpn", "连接", "error"]


def test_width_and_case_are_folded():
    assert WordGrams().flat("ＶＰＮ") == WordGrams().flat("vpn")


def test_an_accent_is_part_of_its_letter_however_it_is_written():
    assert WordGrams().flat("cafe\u0301") == WordGrams().flat("café") == ["café"]


@pytest.mark.parametrize(
    ("text", "token"), [("see https://a.example/x?y=1谢谢", "<url>"), ("```\nlots of code\n```", "<code>")]
)
def test_addresses_and_code_become_one_token(text, token):
    terms = WordGrams().flat(text)

    assert token in terms
    assert not {"example", "lots", "https"} & set(terms)


def test_what_follows_an_address_or_code_is_still_read():
    assert "谢谢" in WordGrams().flat("https://a.example/x谢谢")
    assert "after" in WordGrams().flat("```x``` after")
    assert "code" not in WordGrams().flat("```never closed code")


@pytest.mark.parametrize("grams", [WordGrams(), CharGrams(), CharGrams(low=3, high=3, cjk=2)])
@pytest.mark.parametrize("text", SAMPLES)
def test_terms_with_and_without_places_are_the_same(grams, text):
    assert grams.flat(text) == [term for term, _, _ in grams.terms(text)]


@pytest.mark.parametrize("grams", [WordGrams(), CharGrams()])
@pytest.mark.parametrize("text", SAMPLES)
def test_every_place_is_inside_the_text_and_not_empty(grams, text):
    assert all(0 <= start < end <= len(text) for _, start, end in grams.terms(text))


def test_a_place_holds_the_very_letters():
    for term, start, end in CharGrams().terms("slow wifi 网络断了"):
        assert "slow wifi 网络断了"[start:end] == term.strip()


def test_the_title_counts_twice():
    assert WordGrams()(("wifi", "down")) == ["wifi", "wifi", "down"]


def test_a_ticket_without_words_still_has_a_term():
    assert len(CharGrams()(("", "?!"))) == 1


@pytest.mark.parametrize(
    "body", ["x" * 100_000, "网" * 100_000, "a" + "\u0301" * 100_000, "`" * 100_000, "ﷺ" * 100_000]
)
def test_hostile_text_costs_little(body):
    started = time.perf_counter()

    terms = CharGrams()(("", body))

    assert time.perf_counter() - started < 0.5
    assert len(terms) < 6 * 2 * MAX_BODY
    assert max(map(len, terms)) <= LONGEST
