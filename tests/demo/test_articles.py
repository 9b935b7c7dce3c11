"""The demo company's help centre: complete, bilingual, honest, and stocked once however often it is asked."""

import re

import pytest

from common.text import language_of
from demo.company import establish
from demo.library import stock
from demo.texts.articles import FOLDERS, HERE, KnownSolution, Text, pictures, shelves
from demo.texts.company import company
from knowledge import search
from knowledge.choices import State
from knowledge.markdown import rendered
from knowledge.models import Article, Image, Revision, Section, Version
from tickets.choices import ActorKind
from triage.models import ArticleLink

SOLUTIONS = shelves().solutions
LINK = re.compile(r"\]\((/[^)]*)\)")
PICTURE = re.compile(r"!\[(.+?)\]\(/help/images/([\w-]+)/\)")
HAN = re.compile("[\u4e00-\u9fff]")
UNFINISHED = re.compile(r"lorem|ipsum|todo|fixme|tbd|xxx|[{}]|待补|此处|占位", re.IGNORECASE)
# What Markdown leaves behind when a mark was not understood: stars and ticks, table rows, headings, links.
RAW = re.compile(r"\*|`|^\s*\||\|\s*$|^#|\]\(", re.MULTILINE)
UNSTABLE = {"wifi-keeps-dropping", "line-keeps-dropping", "slow-in-the-evening"}

each_solution = pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda known: known.slug)


def texts(solution: KnownSolution) -> list[Text]:
    return list(solution.texts.values())


@pytest.fixture
def house(db):
    return establish()


# ---------------------------------------------------------------- what is written


def test_every_leaf_of_the_categories_has_an_article_for_customers():
    assert all(shelves().for_category(leaf.slug) for leaf in company().leaves)
    assert len(SOLUTIONS) >= 26


def test_articles_name_only_leaves_and_sections_that_exist():
    leaves = {leaf.slug for leaf in company().leaves}
    sections = {section.slug for section in shelves().sections}
    assert {slug for known in SOLUTIONS for slug in known.categories} == leaves
    assert {known.section for known in SOLUTIONS} == sections
    assert len({known.slug for known in SOLUTIONS}) == len(SOLUTIONS)


def test_no_text_lies_about_that_no_article_uses():
    slugs = {known.slug for known in SOLUTIONS}
    for folder in FOLDERS.values():
        assert {path.stem for path in (HERE / folder).iterdir()} == slugs


def test_articles_work_unequally_well_and_exactly_one_does_not_help():
    shares = {known.slug: known.works for known in SOLUTIONS if known.state == State.PUBLISHED}
    useless = shares.pop("clear-your-browser-cache")
    assert 0 < useless < 0.1
    assert all(0.35 <= share <= 0.85 for share in shares.values())
    assert len(set(shares.values())) > 20


def test_drafts_and_what_is_for_the_staff_do_not_count_as_solving_anything():
    hidden = [known for known in SOLUTIONS if known.state != State.PUBLISHED]
    assert sorted(known.state for known in hidden) == ["draft", "internal", "internal"]
    assert not any(known.works for known in hidden)
    assert not {known.slug for known in hidden} & {
        k.slug for leaf in company().leaves for k in shelves().for_category(leaf.slug)
    }


@each_solution
def test_each_language_is_written_in_that_language(solution):
    assert set(solution.texts) == {"en", "zh-hans"}
    for language, text in solution.texts.items():
        assert language_of(text.title) == language
        assert language_of(text.body) == language


@each_solution
def test_texts_are_of_a_readable_length(solution):
    assert 120 <= len(solution.texts["en"].body.split()) <= 350
    assert 250 <= len(HAN.findall(solution.texts["zh-hans"].body)) <= 600
    assert all(len(text.title) <= 90 for text in texts(solution))


@each_solution
def test_nothing_unfinished_is_left(solution):
    for text in texts(solution):
        assert not UNFINISHED.search(text.title + text.body)


def test_titles_are_told_apart():
    for language in FOLDERS:
        assert len({known.texts[language].title for known in SOLUTIONS}) == len(SOLUTIONS)


@each_solution
def test_links_lead_to_articles_in_the_same_language_or_to_the_form(solution):
    readable = {known.slug for known in SOLUTIONS if known.state == State.PUBLISHED}
    for language, text in solution.texts.items():
        articles = f"/help/{FOLDERS[language]}/articles/"
        for target in LINK.findall(text.body):
            if target != "/support/new" and not target.startswith("/help/images/"):
                assert target.startswith(articles), target
                assert target.removeprefix(articles).rstrip("/") in readable - {solution.slug}, target


@each_solution
def test_what_is_for_customers_says_what_to_do_when_it_does_not_help(solution):
    if solution.state == State.PUBLISHED:
        assert all("(/support/new)" in text.body for text in texts(solution))


@each_solution
def test_both_languages_have_the_same_build(solution):
    """As many steps, table rows, links and pictures: a sign that they tell the same facts."""
    build = [
        tuple(len(re.findall(mark, text.body, re.M)) for mark in (r"^\|", r"\]\(/help/[ez][nh]/", r"^!\["))
        for text in texts(solution)
    ]
    assert build[0] == build[1]


@each_solution
def test_no_markdown_is_left_in_the_page(solution):
    for text in texts(solution):
        html = re.sub(r"<(code|pre)>.*?</\1>", "", rendered(text.body), flags=re.S)
        assert not RAW.search(re.sub(r"<[^>]+>", "", html)), RAW.search(re.sub(r"<[^>]+>", "", html))
        assert "&lt;" not in html


def test_pictures_are_small_described_and_drawn_in_each_language():
    shown = {language: set() for language in FOLDERS}
    for known in SOLUTIONS:
        for language, text in known.texts.items():
            for description, key in PICTURE.findall(text.body):
                assert len(description) > 20
                shown[language].add(key)
    assert shown["en"] | shown["zh-hans"] == set(pictures())
    assert {key.removesuffix("-en") for key in shown["en"]} == {key.removesuffix("-zh") for key in shown["zh-hans"]}
    for path in pictures().values():
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert path.stat().st_size < 40_000


# ---------------------------------------------------------------- what is on the shelves


def test_stocking_fills_the_shelves_in_both_languages(house):
    articles = stock(house)
    assert set(articles) == {known.slug for known in SOLUTIONS}
    assert Section.objects.count() == len(shelves().sections)
    assert Version.objects.count() == 2 * len(SOLUTIONS)
    assert Article.objects.published().count() == len(SOLUTIONS) - 3
    assert list(Article.objects.values_list("slug", flat=True)) == [known.slug for known in SOLUTIONS]
    draft = articles["take-over-a-contract"]
    assert draft.state == State.DRAFT
    assert draft.published_at is None


def test_stocking_hangs_every_picture_under_the_key_the_texts_name(house):
    stock(house)
    for key, path in pictures().items():
        image = Image.objects.get(key=key)
        assert image.file.read() == path.read_bytes()
        assert image.size == path.stat().st_size
    for version in Version.objects.filter(body__contains="/help/images/"):
        assert '<img src="/help/images/' in version.html


def test_stocking_links_articles_to_categories_as_a_person_would(house):
    articles = stock(house)
    links = ArticleLink.objects.filter(category=house.categories["outage"])
    assert {link.by for link in links} == {ActorKind.PERSON}
    assert articles["red-light-no-internet"].pk in {link.article_id for link in links}
    assert not ArticleLink.objects.filter(article=articles["take-over-a-contract"]).exists()


def test_stocking_again_changes_nothing(house):
    first = stock(house)
    before = [list(model.objects.order_by("pk").values()) for model in (Section, Article, Version, Image, ArticleLink)]
    assert stock(house) == first
    after = [list(model.objects.order_by("pk").values()) for model in (Section, Article, Version, Image, ArticleLink)]
    assert after == before
    assert Revision.objects.count() == 2 * len(SOLUTIONS)


def test_stocking_again_keeps_what_somebody_has_edited(house):
    article = stock(house)["charged-twice"]
    Version.write(article, "en", title="Charged twice?", body="Look at the booking text first.")
    article.set_state(State.INTERNAL)
    stock(house)
    article.refresh_from_db()
    assert article.state == State.INTERNAL
    assert article.versions.get(language="en").title == "Charged twice?"


def test_an_unstable_connection_finds_its_three_solutions_first(house):
    articles = stock(house)
    three = {articles[slug].pk for slug in UNSTABLE}
    for language, words in [
        ("zh-hans", "我的网络连接不稳定"),
        ("en", "My connection is unstable"),
        (None, "我的网络连接不稳定"),
    ]:
        assert {found.article_id for found in search.search(words, language=language, limit=3)} == three
