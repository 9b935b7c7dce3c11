"""Each page in both themes, languages and widths: no serious barrier for anyone, nothing wider than the screen, no
violation of the Content-Security-Policy (every page is watched for those)."""

import re

import pytest
from playwright.sync_api import expect

from analytics.facts import rebuild
from channels.mail import receive
from demo.mailbox import newest
from knowledge.models import Article, Section, Version
from people.models import CustomerSession
from tests.browser.conftest import accessible, eventually
from tests.conftest import opened_by
from tickets.links import page_token, rating_token
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
    known = Article.objects.create(
        section=Section.objects.create(slug="network", name_en="Network", name_zh="网络", icon="wifi"), slug="known"
    )
    for body in ("Unplug it.", f"# {LONG}\n\n- Unplug it for ten seconds.\n\n|light|meaning|\n|-|-|\n|{LONG}|no line|"):
        written = Version.write(known, "en", title=f"Wi-Fi {LONG}", body=body, by=alice)
    written.feedback.create(reader="1", is_helpful=False, comment=f"Which {LONG}?")
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
    of_article = "/knowledge/articles/known/"
    for path in ["/knowledge/", "/knowledge/?q=nothing", "/knowledge/new/", of_article, f"{of_article}en/"]:
        looked_at(open_page(path, as_=alice, **shape), width)
    for path in ["/triage/model/", "/quarantine/"]:
        looked_at(open_page(path, as_=mona, **shape), width)
    rebuild()
    behind = "/reports/tickets/?metric=created&team=nonsense"
    for path in ["/reports/", "/reports/satisfaction/?period=7d", "/reports/efficiency/", behind]:
        page = open_page(path, as_=mona, **shape)
        expect(page.locator("figure[data-chart]:not(.is-drawn)")).to_have_count(0)
        looked_at(page, width)
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
    for path in [*paths, f"/rate/{rating_token(lived_in, dana)}/", "/t/nonsense/", "/no-such-page/"]:
        looked_at(open_page(path, **shape), width)
    page = open_page("/", **shape)
    key = CustomerSession.open(dana)
    page.context.add_cookies([{"name": CustomerSession.COOKIE, "value": key, "url": site.url}])
    for path in ["/my/", f"/my/{lived_in.number}/"]:
        page.goto(path)
        looked_at(page, width)


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_the_help_centre(language, theme, width, lived_in, open_page, alice):
    shape = {"language": language, "theme": theme, "width": width}
    help_ = f"/help/{language[:2]}"
    draft = f"{help_}/articles/known/"
    looked_at(open_page(draft, as_=alice, **shape), width)
    Article.objects.get(slug="known").set_state("published")
    ways = ["/", "/network/", "/articles/known/", "/articles/known/?said=no", "/search/?q=unplug", "/search/?q=zebra"]
    for path in [*ways, "/search/", "/solved/"]:
        looked_at(open_page(f"{help_}{path}", **shape), width)
    page = open_page(f"{help_}/", **shape)
    page.fill("[name=q]", "unpl")
    expect(page.locator("#found mark").first).to_be_visible()
    looked_at(page, width)
    page = open_page("/support/new", **shape)
    page.fill("[name=subject]", f"Wi-Fi {LONG} lights")
    page.fill("[name=description]", "I shall unplug it for ten seconds.")
    page.locator(".offer").first.click()
    expect(page.locator("dialog.reader")).to_be_visible()
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
    for model in [
        "tickets/ticket",
        "tickets/survey",
        "tickets/surveysettings",
        "tickets/category",
        "people/user",
        "people/customer",
        "channels/delivery",
        "knowledge/section",
        "knowledge/feedback",
        "knowledge/deflection",
    ]:
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
