"""An agent takes a known solution into the answer and says that it solved the matter, in English and in Chinese."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessible, eventually
from tests.conftest import opened_by
from tests.triage.library import stock
from triage.models import ArticleLink

WORDS = {
    "en": {
        "ticket": ("The Wi-Fi drops", "My wireless network drops every evening."),
        "title": "The Wi-Fi keeps dropping",
        "text": "Move the router to channel 36.",
        "address": "/help/en/articles/wifi-drops/",
        "heading": "Known solutions",
        "solved": "This solved it",
        "undo": "Undo",
    },
    "zh-hans": {
        "ticket": ("无线网络总是掉线", "无线网络总是断，路由器的信道也换过了。"),
        "title": "无线网络总是掉线",
        "text": "请把路由器的信道改到 36，再重启一次。",
        "address": "/help/zh/articles/wifi-drops/",
        "heading": "已知解决方案",
        "solved": "这个解决了问题",
        "undo": "撤销",
    },
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_recommended_solution_goes_into_the_answer_and_is_marked_solved(
    language, open_page, site, dana, alice, network_team, categories
):
    words = WORDS[language]
    article = stock()["wifi-drops"]
    ticket = opened_by(dana, *words["ticket"])
    ticket.send_to(network_team, by=alice)
    ticket.categorise(categories["wifi"], by=alice)
    eventually(lambda: ticket.suggestions.filter(target="solutions").first())

    page = open_page(f"/inbox/{ticket.number}/?view=open", as_=alice, language=language)
    side = page.locator("#triage-panel")
    expect(side.get_by_role("heading", name=words["heading"])).to_be_visible()
    offer = side.locator(".offer", has_text=words["title"])
    expect(side.locator(".offer").first).to_contain_text(words["title"])

    # By keyboard, and to where the cursor was: between what the agent had written.
    text = page.locator("#text")
    text.fill("Hello Dana,Kind regards")
    text.evaluate("(box) => box.setSelectionRange(11, 11)")
    offer.locator(f"#insert-a{article.pk}").press("Enter")
    expect(text).to_be_focused()
    written = text.input_value()
    assert written.startswith(f"Hello Dana,\n\n{words['text']}")
    assert written.endswith("Kind regards")
    assert words["address"] in written
    eventually(lambda: words["text"] in getattr(alice.drafts.filter(ticket=ticket).first(), "text", ""))
    assert ticket.outcomes.get(article=article).used_at
    accessible(page)

    page.click("#send")
    expect(page.locator(".msg.us", has_text=words["text"])).to_be_visible()
    expect(text).to_have_value("")

    offer.get_by_role("button", name=words["solved"]).click()
    expect(offer.get_by_role("button", name=words["undo"])).to_be_visible()
    accessible(page)
    eventually(lambda: ArticleLink.objects.filter(article=article, category__slug="wifi", solved=1).first())
    offer.get_by_role("button", name=words["undo"]).click()
    expect(offer.get_by_role("button", name=words["solved"])).to_be_visible()
    assert ticket.outcomes.get(article=article).solved_at is None
