"""Ten tickets by keyboard alone, while another session writes into them: nothing the agent has is ever moved."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually, live
from tests.conftest import opened_by
from tickets.choices import Status
from tickets.models import Draft, Ticket


@pytest.fixture
def ten(site, dana, erik, network_team, alice):
    tickets = [opened_by(dana, f"Case {n:02}", "It fails.\n\n" + f"Detail of case {n}. " * 90) for n in range(10)]
    for ticket in tickets:
        ticket.send_to(network_team, by=alice)
    return tickets


def state(page):
    """Where the agent is: the focused element, the caret, the draft, how far list and conversation are scrolled."""
    return page.evaluate(
        """() => ({
            focus: document.activeElement.id,
            caret: document.activeElement.selectionStart ?? null,
            draft: document.querySelector('#text')?.value ?? null,
            list: document.querySelector('#rows').scrollTop,
            thread: document.querySelector('#thread')?.scrollTop ?? null,
        })"""
    )


def test_ten_tickets_by_keyboard_while_bob_writes_into_them(ten, open_page, alice, bob, dana):
    page = open_page("/inbox/?view=open&sort=created", as_=alice, height=700)
    live(page, "stream")
    page.keyboard.press("k")
    for n, ticket in enumerate(reversed(ten)):
        if n:
            page.keyboard.press("j")
        expect(page.locator(f"#row-{ticket.number}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".ticket-head h1")).to_contain_text(ticket.subject)
        expect(page).to_have_url(f"/inbox/{ticket.number}/?view=open&sort=created")

        # Bob writes into it while Alice types, with the conversation scrolled up.
        page.keyboard.press("n" if n % 3 == 0 else "r")
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.type(f"Answer {n}, half ")
        page.evaluate("document.querySelector('#thread').scrollTop = 10")
        before = state(page)
        ticket.note(f"Bob saw case {n}", by=bob)
        expect(page.locator(".msg.note", has_text=f"Bob saw case {n}")).to_be_attached()
        assert state(page) == before

        # The list renews itself, too; the words go on where the caret was.
        page.wait_for_timeout(600)
        assert state(page) == before
        page.keyboard.type("finished")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".msg", has_text=f"Answer {n}, half finished")).to_be_visible()
        expect(page.locator("#text")).to_have_value("")
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.press("Escape")
    texts = {m.text for t in ten for m in t.messages.filter(user=alice)}
    assert texts == {f"Answer {n}, half finished" for n in range(10)}
    assert not Draft.objects.exists()


def test_status_assignee_search_and_help_have_keys(ten, open_page, alice, bob):
    ticket = ten[3]
    page = open_page(f"/inbox/{ticket.number}/?view=open", as_=alice)
    page.keyboard.press("s")
    expect(page.locator("#status")).to_be_focused()
    page.keyboard.type("on")
    page.keyboard.press("Tab")
    eventually(lambda: Ticket.objects.get(pk=ticket.pk).status == Status.HOLD)
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#assignee")).to_be_focused()
    page.keyboard.type("Bob")
    page.keyboard.press("Tab")
    eventually(lambda: Ticket.objects.get(pk=ticket.pk).assignee == bob)
    expect(page.locator("#assignee option:checked")).to_contain_text("Bob")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type(str(ten[7].number))
    expect(page.locator(".row")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-head h1")).to_contain_text("Case 07")


def test_a_draft_survives_leaving_and_comes_back(ten, open_page, alice):
    page = open_page(f"/inbox/{ten[0].number}/", as_=alice)
    page.keyboard.press("n")
    page.keyboard.type("Remember the firmware")
    expect(page.locator("#draft-state")).not_to_be_empty()
    page.goto(f"/inbox/{ten[1].number}/")
    expect(page.locator("#text")).to_have_value("")
    page.goto(f"/inbox/{ten[0].number}/")
    expect(page.locator("#text")).to_have_value("Remember the firmware")
    expect(page.locator("#kind-note")).to_be_checked()


def test_back_returns_to_the_ticket_before(ten, open_page, alice):
    page = open_page("/inbox/?view=open", as_=alice)
    page.click(f"#row-{ten[0].number}")
    expect(page.locator(".ticket-head h1")).to_contain_text("Case 00")
    page.click(f"#row-{ten[1].number}")
    expect(page.locator(".ticket-head h1")).to_contain_text("Case 01")
    page.go_back()
    expect(page.locator(".ticket-head h1")).to_contain_text("Case 00")
    expect(page.locator(f"#row-{ten[0].number}")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator(".ticket-head")).to_have_count(0)


def test_without_the_stream_the_page_looks_by_itself(ten, open_page, alice, bob, site):
    page = open_page("/inbox/?view=open", as_=alice)
    live(page, "stream")
    page.click(f"#row-{ten[0].number}")
    site.live.stop()
    try:
        live(page, "polling")
        ten[0].note("Seen without a stream", by=bob)
        expect(page.locator(".msg.note", has_text="Seen without a stream")).to_be_visible(timeout=12_000)
    finally:
        site.live.start()
    live(page, "stream", within=20)


def test_a_ticket_that_moves_away_leaves_the_list_without_reload(ten, open_page, alice, mona, billing_team):
    page = open_page("/inbox/?view=open", as_=alice)
    live(page, "stream")
    expect(page.locator(f"#row-{ten[0].number}")).to_be_visible()
    ten[0].send_to(billing_team, by=mona)
    expect(page.locator(f"#row-{ten[0].number}")).to_have_count(0, timeout=2_000)
