"""What is found by which words, who finds it, and what a search costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.retrieval import Text, medical, publish, quality, stackfaq
from knowledge import search
from knowledge.choices import Language
from knowledge.models import Article, Posting, Section, Term, Version
from tests.shared import shared_path

pytestmark = pytest.mark.django_db

ENGLISH, CHINESE = "en", "zh-hans"


@pytest.fixture
def section(db) -> Section:
    return Section.objects.create(slug="network", name_en="Network", name_zh="网络")


@pytest.fixture
def write(section):
    """`write("wifi", en=("Title", "Body"))` publishes an article."""

    def write_(slug: str, *, state="published", **versions: tuple[str, str]) -> Article:
        article = Article.objects.create(section=section, slug=slug)
        article.set_state(state)
        for language, (title, body) in versions.items():
            Version.write(article, {"en": ENGLISH, "zh": CHINESE}[language], title=title, body=body)
        return article

    return write_


@pytest.fixture
def library(write):
    drops = ("Move your Wi-Fi to another channel", "It drops every evening? Neighbours disturb it.")
    unstable = ("把无线切换到其他信道", "网络连接不稳定，多半是邻居的路由器干扰。")
    return [
        write("channel", en=drops, zh=unstable),
        write("restart", en=("Restart the router", "Unplug the router and wait."), zh=("重启路由器", "拔掉再等待。")),
        write("refund", en=("How refunds are paid", "A refund arrives in five days."), zh=("退款", "五天内到账。")),
    ]


def found(text: str, **how) -> list[str]:
    return [each.version.article.slug for each in search.search(text, **how)]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("restarting routers", "restart"),  # other forms of the words
        ("wifi", "channel"),  # written Wi-Fi
        ("wi-fi", "channel"),
        ("WIFI channels", "channel"),
        ("refund", "refund"),
        ("网络连接不稳定怎么办", "channel"),
        ("退款", "refund"),
        ("退", "refund"),  # one character finds the words that begin with it
        ("ｒｅｆｕｎｄ", "refund"),  # full width
    ],
)
def test_words_find_their_article_in_both_languages(words, slug, library):
    assert found(words)[0] == slug


@pytest.mark.parametrize("typed", ["ref", "refu", "refun", "refund", "refunde", "how refu"])
def test_the_last_word_may_be_unfinished(typed, library):
    assert found(typed)[:1] == ["refund"]


def test_a_finished_word_is_no_beginning(library):
    assert found("ref ") == []
    assert found("ref", prefix=False) == []


@pytest.mark.parametrize("words", ["", "   ", "?!…", "zebra", "how do you", "\x00", "我是你的"])
def test_nothing_is_found_by_nothing(words, library):
    assert found(words) == []


def test_a_title_counts_more_than_the_text(write):
    write("mentions", en=("Lights", "A router has lights."))
    write("about", en=("The router", "It has lights."))
    assert found("router") == ["about", "mentions"]


def test_a_rare_word_counts_more_than_a_common_one(write):
    for number in range(5):
        write(f"common-{number}", en=("Router", "Router, router."))
    write("rare", en=("Lightning", "Struck."))
    assert found("router lightning")[0] == "rare"


def test_an_article_is_found_once_by_the_version_that_fits_best(library):
    results = search.search("路由器 router")
    assert len({each.article_id for each in results}) == len(results)
    assert search.search("重启路由器")[0].version.language == CHINESE
    assert search.search("restart the router")[0].version.language == ENGLISH


def test_one_language_only(library):
    assert found("路由器", language=ENGLISH) == []
    assert found("路由器", language=CHINESE) != []


def test_readers_find_what_is_published_and_staff_finds_all(write, alice):
    write("public", en=("Antenna", "x"))
    write("inner", state="internal", en=("Antenna", "x"))
    write("draft", state="draft", en=("Antenna", "x"))
    assert found("antenna") == ["public"]
    assert sorted(found("antenna", viewer=alice)) == ["draft", "inner", "public"]


def test_what_may_not_be_shown_hides_nothing_that_may(write, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 3)
    for number in range(5):
        write(f"draft-{number}", state="draft", en=("Antenna", "Antenna."))
    write("public", en=("Masts", "An antenna stands on it."))
    assert found("antenna") == ["public"]


def test_new_words_replace_the_old_ones(library):
    Version.write(library[2], ENGLISH, title="Vouchers", body="They come by mail.")
    assert found("refund") == []
    assert found("voucher") == ["refund"]


def test_writing_the_same_again_changes_no_count(library):
    before = dict(Term.objects.values_list("text", "versions"))
    for version in Version.objects.all():
        search.index(version)
    assert dict(Term.objects.values_list("text", "versions")) == before


def test_a_deleted_article_leaves_nothing_behind(library):
    Article.objects.filter(slug="refund").delete()
    Section.objects.exclude(slug="network").delete()
    assert found("refund") == []
    assert Term.objects.get(text="").versions == 4
    assert not Term.objects.filter(text="refund", versions__gt=0).exists()


def test_rebuilding_changes_nothing(library):
    def state():
        terms = set(Term.objects.filter(versions__gt=0).values_list("text", "versions"))
        return terms, set(Posting.objects.values_list("term", "version", "impact"))

    before = state()
    assert search.rebuild() == 6
    assert state() == before


def test_matches_are_marked_in_title_and_snippet(library):
    first = search.search("router unplugging")[0]
    assert first.title == "Restart the <mark>router</mark>"
    assert first.snippet == "<mark>Unplug</mark> the <mark>router</mark> and wait."
    assert search.search("wifi")[0].title.startswith("Move your <mark>Wi-Fi</mark> to")


def test_what_was_written_is_shown_escaped(write):
    write("odd", en=('<b>Cables</b> & "plugs"', "Type `<script>` & **hold** it, then plug."))
    first = search.search("cables script plug")[0]
    assert first.title == "&lt;b&gt;<mark>Cables</mark>&lt;/b&gt; &amp; &quot;<mark>plugs</mark>&quot;"
    assert first.snippet == "Type &lt;<mark>script</mark>&gt; &amp; hold it, then <mark>plug</mark>."


def test_overlapping_pairs_are_marked_as_one(library):
    first = search.search("网络连接不稳定")[0]
    assert first.snippet.startswith("<mark>网络连接不稳定</mark>，")


def test_a_long_text_is_shown_around_the_match(write):
    write("long", en=("Cables", "word " * 500 + "the **needle** is here " + "word " * 500))
    line = search.search("needle")[0].snippet
    assert line.startswith("…")
    assert line.endswith("…")
    assert "the <mark>needle</mark> is here" in line
    assert len(line) < 210


def test_a_snippet_begins_and_ends_with_whole_words(write):
    write("long", en=("Cables", "electrical appliance, " * 50 + "the needle is here " + "telephone " * 100))
    line = search.search("needle")[0].snippet
    assert set(line.strip("…").replace(",", "").split()) == {
        *("electrical", "appliance", "the", "<mark>needle</mark>", "is", "here", "telephone")
    }


def test_what_fits_is_likely_and_a_chance_meeting_is_not(library, write):
    for number in range(20):
        write(f"other-{number}", en=(f"Topic number {number}", f"About gadget{number} and its evening manual."))
    question = "since Monday our Wi-Fi drops, the channel is disturbed by neighbours"
    assert [each.version.article.slug for each in search.search(question) if each.is_likely] == ["channel"]
    chance = "my dog ate the homework in the evening and now the museum wants to see the manual of the cat"
    assert search.search(chance)
    assert not any(each.is_likely for each in search.search(chance))
    assert search.search("我的网络连接不稳定")[0].is_likely


def test_hostile_questions_are_only_words(library):
    for words in ["' OR 1=1 --", "%", "_", "a" * 100_000, "\\", "{}", "%s %(x)s", "((("]:
        assert all(each.score > 0 for each in search.search(words))
    assert search.search("我的网络连接不稳定"), "and the index is as it was"


@pytest.mark.parametrize("number", [3, 30])
def test_a_search_costs_the_same_at_any_size(number, write, django_assert_num_queries):
    for each in range(number):
        write(f"router-{each}", en=("Router", "It is about routers."))
    with django_assert_num_queries(3):
        results = search.search("router")
        assert [each.version.article.section.slug for each in results] == ["network"] * min(number, 10)


@pytest.mark.slow
def test_paraphrased_questions_find_their_thread(db):
    measured = quality(stackfaq(shared_path("data/stackfaq").parent))
    assert measured.mrr >= 80, measured


@pytest.mark.slow
def test_patients_questions_find_the_doctors_answer(db):
    measured = quality(medical(shared_path("data/med_triage_zh").parent))
    assert measured.mrr >= 24, measured


def test_a_common_word_costs_no_more_than_its_best_articles(db):
    publish([Text(f"Router {i}", "router " * 5, Language.ENGLISH, "") for i in range(search.MOST_POSTINGS + 500)])
    with CaptureQueriesContext(connection) as captured:
        assert len(search.search("router")) == 10
    ranking = next(query["sql"] for query in captured if "LATERAL" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {ranking}")
        plan = str(cursor.fetchone()[0])
    assert "knowledge_best_by_term" in plan
    assert f"'Actual Rows': {search.MOST_POSTINGS + 500}" not in plan
