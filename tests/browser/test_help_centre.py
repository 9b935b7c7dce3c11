"""Before somebody writes to us: articles are found while they type, and read without losing a word."""

import re

import pytest
from playwright.sync_api import expect

from knowledge.models import Article, Deflection, Feedback, Section, Version
from tests.browser.conftest import eventually
from tickets.models import Ticket

WORDS = {
    "en": {
        "subject": "Internet goes down every evening",
        "text": "Since Monday our Wi-Fi drops every evening around eight, the router lights stay green.",
        "title": "Wi-Fi drops every evening",
        "body": "Move the router to **channel 36**.",
        "typed": "drop eve",
        "marked": "drops every evening",
    },
    "zh-hans": {
        "subject": "我的网络连接不稳定",
        "text": "已经重启过路由器，无线还是每隔十几分钟就断一次。",
        "title": "网络连接不稳定怎么办",
        "body": "请把路由器的信道改到 **36**。",
        "typed": "网络不稳定",
        "marked": "网络",
    },
}
both = pytest.mark.parametrize("language", ["en", "zh-hans"])


@pytest.fixture
def library(site):
    section = Section.objects.create(slug="network", name_en="Network", name_zh="网络")
    for number in range(10):
        other = Article.objects.create(section=section, slug=f"other-{number}")
        other.set_state("published")
        Version.write(other, "en", title=f"Matter {number}", body=f"How to set up gadget{number}.")
    article = Article.objects.create(section=section, slug="channel", position=9)
    article.set_state("published")
    for language, words in WORDS.items():
        Version.write(article, language, title=words["title"], body=words["body"])
    return article


def typed(page, words):
    """The form with everything typed, and the article offered beside it."""
    page.fill("[name=email]", "dana@example.com")
    page.locator("[name=subject]").press_sequentially(words["subject"])
    page.locator("[name=description]").press_sequentially(words["text"])
    offer = page.locator(".offer", has_text=words["title"])
    expect(offer).to_be_visible()
    return offer


@both
def test_an_article_offered_while_writing_solves_it(language, library, open_page):
    words = WORDS[language]
    page = open_page("/support/new", language=language)
    offer = typed(page, words)
    assert not Deflection.objects.exists()

    offer.click()
    dialog = page.locator("dialog.reader")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(words["title"])
    expect(dialog.locator("strong")).to_contain_text("36")
    assert eventually(lambda: Deflection.objects.filter(state="maybe").count()) == 1

    dialog.locator("form[action$='/solved/'] button").click()
    page.wait_for_url(re.compile("/solved/$"))
    assert Deflection.objects.get().state == "confirmed"
    assert Feedback.objects.get().is_helpful
    assert not Ticket.objects.exists()


@both
def test_what_was_typed_is_kept_while_reading_and_can_still_be_sent(language, library, open_page):
    words = WORDS[language]
    page = open_page("/support/new", language=language)
    before = page.locator("[name=description]").bounding_box()
    typed(page, words).click()
    page.locator("dialog.reader form[method=dialog] button").click()
    expect(page.locator("dialog.reader")).to_be_hidden()
    assert page.locator("[name=description]").bounding_box() == before  # nothing jumped
    expect(page.locator("[name=description]")).to_have_value(words["text"])

    page.click("main button.primary.big")
    page.wait_for_url(re.compile("/support/sent/"))
    assert Ticket.objects.get().subject == words["subject"]
    assert Deflection.objects.get().state == "wrote"


@both
def test_search_as_you_type_and_without_javascript(language, library, open_page, site, browser):
    words, short = WORDS[language], language[:2]
    page = open_page(f"/help/{short}/", language=language)
    page.locator("[name=q]").press_sequentially(words["typed"])
    found = page.locator("#found a", has_text=words["title"])
    expect(found.locator("mark").first).to_be_visible()
    found.click()
    page.wait_for_url(re.compile(f"/help/{short}/articles/channel/$"))
    expect(page.locator("h1")).to_have_text(words["title"])

    plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
    plain.goto(f"/help/{short}/")
    plain.fill("[name=q]", words["typed"])
    plain.keyboard.press("Enter")
    plain.wait_for_url(re.compile(rf"/help/{short}/search/\?q="))
    assert words["marked"].split()[0] in plain.locator("#found mark").all_inner_texts()[0]
    plain.locator("#found a").first.click()
    plain.locator("button[value=no]").click()
    plain.wait_for_url(re.compile(r"said=no"))
    plain.fill("[name=comment]", "Which menu?")
    plain.locator("#feedback button").click()
    plain.wait_for_url(re.compile(r"said=thanks"))
    assert Feedback.objects.get().comment == "Which menu?"
    plain.context.close()


def test_the_search_page_keeps_its_address_in_step(library, open_page):
    page = open_page("/help/en/search/")
    page.locator("[name=q]").press_sequentially("gadget3")
    page.wait_for_url(re.compile(r"q=gadget3$"))
    expect(page.locator("#found li")).to_have_count(1)
    page.reload()
    expect(page.locator("#found li")).to_have_count(1)


def test_the_language_switch_leads_to_the_other_version(library, open_page):
    page = open_page("/help/en/articles/channel/")
    page.locator(".portal-head .switch button").click()
    page.wait_for_url(re.compile("/help/zh/articles/channel/$"))
    expect(page.locator("h1")).to_have_text(WORDS["zh-hans"]["title"])
