"""Finding tickets in both languages, with the reader's rights."""

import pytest

from tests.conftest import opened_by
from tickets.search import search


def found(text, viewer):
    return [hit.ticket for hit in search(text, viewer).hits]


@pytest.mark.parametrize(
    "words", ["wifi", "drop", "dropping evening", "dana", "Fields", "dana@example.com", "mond", "eight wi-fi"]
)
def test_english_words_are_found_in_any_form_in_subject_message_and_customer(words, ticket, alice):
    assert found(words, alice) == [ticket]


@pytest.mark.parametrize("words", ["网络", "连接不稳定", "视频会议", "断", "稳", "路由器 网络"])
def test_chinese_is_found_by_any_part_of_a_sentence(words, dana, alice):
    ticket = opened_by(dana, "我的网络连接不稳定", "视频会议总是断，已经重启过路由器。")
    assert found(words, alice) == [ticket]


def test_the_number_finds_the_ticket(ticket, alice):
    assert found(str(ticket.number), alice) == [ticket]
    assert found(f"#{ticket.number}", alice) == [ticket]


def test_later_messages_notes_and_tags_are_found(ticket, alice):
    ticket.reply("Have you tried channel eleven?", by=alice)
    ticket.note("Known firmware defect", by=alice)
    ticket.set_tags(["hardware-swap"], by=alice)
    for words in ["eleven", "firmware", "swap"]:
        assert found(words, alice) == [ticket]


def test_all_words_must_occur(ticket, alice):
    assert found("evening refund", alice) == []


@pytest.mark.parametrize("words", ["", "   ", "!!!", "the", "'", "a & b | !c:*", "\\", "):*"])
def test_odd_queries_find_nothing_and_break_nothing(words, ticket, alice):
    assert found(words, alice) == []


def test_charlie_does_not_find_what_he_may_not_see(ticket, charlie):
    assert found("wifi", charlie) == []


def test_the_subject_weighs_more_than_a_passing_word(dana, erik, alice):
    passing = opened_by(dana, "A question", "My invoice came late, and by the way the modem is warm.")
    subject = opened_by(erik, "Modem is broken", "It does not start.")
    assert found("modem", alice) == [subject, passing]


def test_a_snippet_shows_the_place_and_escapes_what_people_wrote(dana, alice):
    opened_by(dana, "Hello", "x " * 200 + "<script>alert(1)</script> the gateway fails " + "y " * 200)
    (hit,) = search("gateway", alice).hits
    assert "<mark>gateway</mark>" in hit.snippet
    assert "<script>" not in hit.snippet
    assert hit.snippet.startswith("…")


def test_more_than_500_matches_are_told_and_the_page_stays_small(dana, alice):
    from tickets.book import BulkBook
    from tickets.intake import Incoming, receive_in_bulk

    book = BulkBook()
    for n in range(503):
        receive_in_bulk(Incoming(channel="import", customer=dana, subject=f"Outage {n}", text="down"), book)
    book.store()
    results = search("outage", alice)
    assert (results.found, results.is_more, len(results.hits)) == (500, True, 25)


def test_search_takes_a_constant_number_of_statements(dana, alice, django_assert_max_num_queries):
    for n in range(30):
        opened_by(dana, f"Printer {n}", "paper jam")
    alice.team_ids  # noqa: B018  read once per request
    with django_assert_max_num_queries(3):
        search("printer", alice)
