"""From the mail in Dana's postbox to her face on Alice's screen."""

import email
import re
from email.policy import default

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessible, eventually, live, mailbox
from tests.browser.test_every_page import VARIANTS, looked_at
from tickets.actors import SYSTEM
from tickets.links import page_token, rating_token
from tickets.models import Survey, Ticket


@pytest.fixture
def asked(site, ticket, alice) -> Ticket:
    ticket.reply("We moved you to another channel.", by=alice, then="resolved")
    ticket.ask_opinion(by=SYSTEM)
    return ticket


def mailed_faces(ticket: Ticket) -> list[str]:
    """The five addresses in the mail that the house sent."""

    def faces() -> list[str]:
        for path in reversed(mailbox()):
            mail = email.message_from_bytes(path.read_bytes(), policy=default)
            body = mail.get_body(("html",))
            found = re.findall(rf'href="[^"]*(/rate/{ticket.number}-[^"]+)"', body.get_content() if body else "")
            if found:
                return found
        return []

    return eventually(faces, within=30)  # type: ignore[return-value]


def test_dana_rates_5_from_the_mail_and_alice_sees_it_at_once(asked, open_page, alice):
    desk = open_page(f"/inbox/{asked.number}/?view=resolved", as_=alice)
    live(desk, "stream")
    expect(desk.locator("#survey")).to_contain_text("Asked, no answer yet")

    page = open_page(mailed_faces(asked)[4])
    expect(page.get_by_role("radio", name="Very good")).to_be_checked()
    assert not Survey.objects.answered().exists(), "opening the page records nothing"
    page.get_by_label("Anything you want to add?").fill("Quick and friendly.")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(desk.locator("#survey")).to_contain_text("Quick and friendly.")
    expect(desk.locator("#head .chip")).to_contain_text("5/5")


def test_it_works_without_javascript_and_by_keyboard(asked, dana, browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"/rate/{rating_token(asked, dana)}/?score=1")
    page.get_by_role("radio", name="Very bad").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("You chose Bad")
    assert Survey.objects.get().score == 2
    context.close()


def test_on_the_tickets_own_page_she_rates_and_changes_her_mind(asked, dana, open_page):
    page = open_page(f"/t/{page_token(asked, dana)}/")
    page.locator("#opinion label", has_text="So-so").click()
    page.locator("#opinion").get_by_role("button", name="Send").click()
    expect(page.locator("#opinion")).to_contain_text("You rated this: So-so")
    page.get_by_text("Change it or add a word").click()
    page.locator("#opinion label", has_text="Very bad").click()
    page.locator("#opinion").get_by_role("button", name="Send").click()
    expect(page.locator("#opinion")).to_contain_text("You rated this: Very bad")
    assert Survey.objects.get().score == 1


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_its_pages(language, theme, width, asked, dana, alice, open_page):
    shape = {"language": language, "theme": theme, "width": width}
    token, card = rating_token(asked, dana), f"/t/{page_token(asked, dana)}/"
    for path in [f"/rate/{token}/", f"/rate/{token}/?score=4", "/rate/nonsense/", card]:
        looked_at(open_page(path, **shape), width)
    page = open_page(f"/rate/{token}/", **shape)
    page.locator("main button.primary").click()
    expect(page.locator("#score-error")).to_be_visible()
    looked_at(page, width)
    asked.rate(2, "Slow. " * 100 + "W" * 200, by=dana)
    for path in [f"/rate/{token}/", card]:
        looked_at(open_page(path, **shape), width)
    page = open_page(f"/inbox/{asked.number}/?view=resolved", as_=alice, **shape)
    expect(page.locator("#survey")).to_have_count(1)
    accessible(page)
