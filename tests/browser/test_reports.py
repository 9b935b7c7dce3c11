"""A manager at the reports, in English and in Chinese: figures, the tickets behind them, and the way back."""

import re

import pytest
from playwright.sync_api import expect

from analytics.facts import rebuild
from tests.browser.conftest import accessible, session_of
from tests.conftest import opened_by
from tickets.actors import SYSTEM


@pytest.fixture
def judged(site, dana, alice, charlie, categories, mona):
    """Twelve tickets of two teams, ten of them judged by their customer."""
    for number in range(12):
        agent, category = (alice, categories["wifi"]) if number % 2 else (charlie, categories["refund"])
        ticket = opened_by(dana, f"Line {number} is slow")
        ticket.categorise(category, by=agent)
        ticket.send_to(category.parent.team, by=agent)
        ticket.reply("Please restart the modem.", by=agent)
        if number >= 2:
            ticket.resolve(by=agent)
            ticket.ask_opinion(by=SYSTEM)
            ticket.rate(5 if number % 2 else 2, "It took long. 等了很久。", by=dana)
    rebuild()
    return mona


def drawn(page, charts):
    """All charts of the page have become pictures; their numbers are folded away, and a key opens them."""
    # The first to ask for the bundle waits until it is made.
    expect(page.locator("figure.is-drawn [data-place] svg")).to_have_count(charts, timeout=30_000)
    table = page.locator("figure .as-table").first
    expect(table.locator("table")).not_to_be_visible()
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(table.locator("table")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "reports", "satisfaction", "heading"),
    [
        ("en", "Reports", "Customer satisfaction", r"Customer satisfaction: 5 tickets"),
        ("zh-hans", "报表", "客户满意度", r"客户满意度.*5"),
    ],
)
def test_a_manager_narrows_the_report_and_opens_the_tickets_behind_a_figure(
    language, reports, satisfaction, heading, judged, open_page
):
    page = open_page("/inbox/", as_=judged, language=language)
    page.locator("#nav").get_by_role("link", name=reports).click()
    drawn(page, 1)
    accessible(page)
    page.locator(".tabs a").nth(1).click()
    expect(page).to_have_url(re.compile(r"/reports/satisfaction/\?period=30d$"))
    value = page.locator("article.figure", has=page.get_by_role("heading", name=satisfaction)).locator(".value")
    expect(value).to_contain_text("3.50")
    drawn(page, 2)

    page.locator("select[name=team]").focus()
    page.locator("select[name=team]").select_option("network")
    expect(page).to_have_url(re.compile(r"/reports/satisfaction/\?period=30d&team=network$"))
    expect(value).to_contain_text("5.00")
    expect(page.locator("figure.is-drawn")).to_have_count(2)
    expect(page.locator("select[name=team]")).to_be_focused()
    accessible(page)

    shared = open_page(page.url.removeprefix(re.match(r"https?://[^/]+", page.url)[0]), as_=judged, language=language)
    expect(shared.locator("article.figure .value").first).to_contain_text("5.00")
    expect(shared.locator("select[name=team]")).to_have_value("network")

    page.go_back()
    expect(value).to_contain_text("3.50")
    expect(page.locator("select[name=team]")).to_have_value("")
    expect(page.locator("figure.is-drawn [data-place] svg")).to_have_count(2)
    page.go_forward()
    expect(value).to_contain_text("5.00")

    value.locator("a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(re.compile(heading, re.S))
    expect(page.locator("#behind tr")).to_have_count(5)
    accessible(page)
    page.locator("#behind a").first.click()
    expect(page).to_have_url(re.compile(r"/inbox/\d+/"))
    page.go_back()
    expect(page.locator("#behind tr")).to_have_count(5)


def test_a_point_of_a_chart_opens_its_tickets_in_the_same_tab(judged, open_page):
    page = open_page("/reports/satisfaction/", as_=judged)
    point = page.locator("figure.is-drawn[data-chart*=score] svg .mark-symbol path").last
    expect(point).to_be_visible()
    point.click()
    expect(page).to_have_url(re.compile(r"/reports/tickets/\?metric=satisfaction&period=custom&from="))
    expect(page.locator("#behind tr")).to_have_count(10)
    assert len(page.context.pages) == 1


def test_an_hour_of_the_week_opens_its_tickets(judged, open_page):
    page = open_page("/reports/efficiency/", as_=judged)
    hour = page.locator("figure.is-drawn[data-chart*=hours] svg .mark-rect path[aria-label*='metric=created']").first
    expect(hour).to_be_visible()
    hour.click()
    expect(page).to_have_url(re.compile(r"/reports/tickets/\?metric=created&period=30d&by=week_hour&at=\d+$"))
    expect(page.locator("#behind tr").first).to_contain_text("is slow")


def test_where_the_reader_sits_does_not_move_the_days_of_a_chart(judged, browser, site):
    marks = set()
    for zone in ("Pacific/Honolulu", "Asia/Shanghai"):
        context = browser.new_context(base_url=site.url, timezone_id=zone)
        context.add_cookies([{"name": "sessionid", "value": session_of(judged), "url": site.url}])
        page = context.new_page()
        page.goto("/reports/")
        expect(page.locator("figure.is-drawn svg")).to_have_count(1)
        marks.add(tuple(page.locator("figure svg .role-axis-label text").all_text_contents()))
        context.close()
    assert len(marks) == 1


def test_a_theme_change_draws_the_charts_in_its_colours(judged, open_page):
    page = open_page("/reports/", as_=judged)
    line = page.locator("figure.is-drawn svg .mark-line path").first
    light = line.get_attribute("stroke")
    page.emulate_media(color_scheme="dark")
    expect(line).not_to_have_attribute("stroke", light)


def test_own_days_are_asked_for_and_a_wrong_one_is_named(judged, open_page):
    page = open_page("/reports/", as_=judged)
    expect(page.locator("input[name=from]")).not_to_be_visible()
    page.locator("select[name=period]").select_option("custom")
    expect(page.locator("input[name=from]")).to_be_visible()
    page.fill("input[name=from]", "2026-01-05")
    page.fill("input[name=to]", "2026-01-09")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("period=custom&from=2026-01-05&to=2026-01-09"))
    page.goto("/reports/?period=custom&from=2026-01-09&to=2026-01-05")
    expect(page.locator(".notice")).to_contain_text("2026-01-09 – 2026-01-05")


def test_without_javascript_the_numbers_are_tables_and_the_form_has_a_button(judged, browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": session_of(judged), "url": site.url}])
    page = context.new_page()
    page.goto("/reports/satisfaction/")
    expect(page.locator("figure .as-table table").first).to_be_visible()
    page.locator("select[name=team]").select_option("network")
    page.locator(".filters .btn", has_text="Show").click()
    expect(page).to_have_url(re.compile("team=network"))
    expect(page.locator("article.figure .value").first).to_contain_text("5.00")
    context.close()
