"""The loop closes: a face in a mail moves the manager's figure, and the figure opens that very ticket."""

import re

import pytest
from playwright.sync_api import expect

from analytics.models import Fact
from tests.browser.conftest import eventually
from tests.browser.test_survey import mailed_faces
from tests.conftest import opened_by
from tickets.actors import SYSTEM
from tickets.tasks import sweep


@pytest.mark.parametrize(
    ("language", "send", "satisfaction"), [("en", "Send", "Customer satisfaction"), ("zh-hans", "发送", "客户满意度")]
)
def test_a_5_from_the_mail_moves_the_satisfaction_and_opens_its_ticket(
    language, send, satisfaction, site, dana, alice, mona, network_team, open_page
):
    dana.language = language
    dana.save()
    rated, disliked = opened_by(dana, "The line is slow"), opened_by(dana, "The bill is wrong")
    for ticket in (rated, disliked):
        ticket.send_to(network_team, by=alice)
        ticket.reply("We changed it on our side.", by=alice, then="resolved")
        ticket.ask_opinion(by=SYSTEM)
    disliked.rate(1, by=dana)
    sweep.delay()
    eventually(lambda: Fact.objects.filter(score=1).exists())

    desk = open_page("/reports/satisfaction/", as_=mona, language=language)
    value = desk.locator("article.figure", has=desk.get_by_role("heading", name=satisfaction)).locator(".value")
    expect(value).to_contain_text("1.00")

    letter = open_page(mailed_faces(rated)[4], language=language)
    letter.get_by_role("button", name=send).click()
    expect(letter.locator("main h1")).to_be_visible()
    sweep.delay()
    eventually(lambda: Fact.objects.filter(score=5).exists())

    desk.reload()
    expect(value).to_contain_text("3.00")
    value.locator("a").click()
    expect(desk.locator("h1")).to_have_text(re.compile(r"\b2\b"))
    expect(desk.locator("#behind tr")).to_have_count(2)
    desk.locator("#behind a", has_text="The line is slow").click()
    expect(desk).to_have_url(re.compile(rf"/inbox/{rated.number}/"))
