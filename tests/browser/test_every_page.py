"""Each page in both themes, languages and widths: no serious barrier for anyone, nothing wider than the screen, no
violation of the Content-Security-Policy (every page is watched for those)."""

import re

import pytest
from playwright.sync_api import expect

from channels.mail import receive
from demo.mailbox import newest
from people.models import CustomerSession
from tests.browser.conftest import accessible, eventually
from tests.conftest import opened_by
from tickets.links import page_token
from tickets.models import Ticket
from tickets.uploads import upload

VARIANTS = [("en", "light", 1440), ("en", "dark", 390), ("zh-hans", "light", 390), ("zh-hans", "dark", 1440)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


@pytest.fixture
def lived_in(site, ticket, alice, bob, dana, erik, categories, ada, mona):
    """A house with something on every page: a conversation, files, long words, mail in quarantine, a mail sent."""
    ticket.categorise(categories["wifi"], by=alice)
    ticket.set_priority(4, by=alice)
    ticket.set_tags(["vip", "callback"], by=alice)
    ticket.reply(f"See https://example.com/{LONG}", by=alice, files=[upload("channel-plan.csv", b"a,b\n1,2\n")])
    ticket.note("He called twice. 他很着急。", by=bob)
    ticket.answer("Still the same, sorry.", by=dana, channel="mail")
    opened_by(erik, LONG, "我的网络连接不稳定，" * 30)
    receive(b"Subject: no sender at all\r\nMessage-ID: <1@x.example>\r\n\r\nHello\r\n")
    return ticket


def looked_at(page, width: int) -> None:
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_the_staffs_pages(language, theme, width, lived_in, open_page, alice, mona, ada):
    shape = {"language": language, "theme": theme, "width": width}
    for path in ["/inbox/?view=open", f"/inbox/{lived_in.number}/?view=open", "/inbox/?view=mine", "/inbox/?q=wifi"]:
        page = open_page(path, as_=alice, **shape)
        expect(page.locator(".loading")).to_have_count(0)
        looked_at(page, width)
    for path in ["/triage/model/", "/quarantine/"]:
        looked_at(open_page(path, as_=mona, **shape), width)
    page = open_page("/quarantine/", as_=mona, **shape)
    page.locator("main a", has_text="no sender at all").click()
    expect(page).to_have_url(re.compile(r"/quarantine/\d+/$"))
    looked_at(page, width)
    looked_at(open_page("/account/password/change/", as_=ada, **shape), width)
    expect(open_page("/api/", as_=ada, **shape).locator("#swagger-ui")).to_be_visible()


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_the_customers_pages(language, theme, width, lived_in, open_page, dana, site):
    shape = {"language": language, "theme": theme, "width": width}
    link = page_token(lived_in, dana)
    paths = ["/", "/support/new", "/my/sign-in/", "/account/login/", "/account/password/reset/", f"/t/{link}/"]
    for path in [*paths, "/t/nonsense/", "/no-such-page/"]:
        looked_at(open_page(path, **shape), width)
    page = open_page("/", **shape)
    key = CustomerSession.open(dana)
    page.context.add_cookies([{"name": CustomerSession.COOKIE, "value": key, "url": site.url}])
    for path in ["/my/", f"/my/{lived_in.number}/"]:
        page.goto(path)
        looked_at(page, width)


def test_the_demo_mailbox(lived_in, open_page, site):
    eventually(lambda: next(iter(newest()), None), within=20)
    for language, theme, width in VARIANTS:
        page = open_page("/mailbox/", language=language, theme=theme, width=width)
        looked_at(page, width)
        page.locator("a[href*='/mailbox/']:not([href$='/mailbox/'])").first.click()
        expect(page).to_have_url(re.compile(r"/mailbox/[\w-]+/$"))
        looked_at(page, width)


def test_the_administration_keeps_to_the_policy(lived_in, open_page, ada):
    page = open_page("/admin/", as_=ada)
    for model in ["tickets/ticket", "tickets/category", "people/user", "people/customer", "channels/delivery"]:
        page.goto(f"/admin/{model}/")
        expect(page.locator("#content h1")).to_be_visible()


def test_the_form_works_without_javascript_and_errs_in_words(site, browser):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/support/new")
    page.fill("[name=email]", "dana@example.com")
    page.fill("[name=subject]", "Dark")
    page.click("main button.primary")
    page.fill("[name=description]", "The router shows no light at all.")
    assert page.input_value("[name=subject]") == "Dark"
    page.click("main button.primary")
    page.wait_for_url(re.compile("/support/sent/"))
    assert Ticket.objects.get().subject == "Dark"
    context.close()
