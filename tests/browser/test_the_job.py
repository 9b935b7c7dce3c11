"""The desk's main job, once in English and once in Chinese, with every part real: form, triage by a trained model,
inbox without reload, mail out, the customer's page, mail in."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from channels.mime import parse
from demo.company import establish
from demo.simulation import now, simulate
from tests.browser.conftest import eventually, live, mailbox
from tests.processes import environment
from tickets.models import Ticket


@pytest.fixture
def company(site):
    """The demo company with a past to learn from and a trained model, and an empty mailbox."""
    house = establish()
    simulate(house, tickets=400, days=30, seed=7, until=now())
    subprocess.run([sys.executable, "manage.py", "train"], env=environment(), check=True, capture_output=True)
    for mail in mailbox():
        mail.unlink()
    return house


WORDS = {
    "en": {
        "name": "Dana Fields",
        "subject": "Internet goes down every evening",
        "text": "Good evening, since Monday our Wi-Fi drops every evening around eight, the router lights stay green. "
        "Two phones and the laptop lose the wireless signal at the same time.",
        "answer": "Please move the router to channel 36 and tell us whether it holds.",
        "back": "Channel 36 works, not a single drop tonight. Thank you!",
    },
    "zh-hans": {
        "name": "陈静",
        "subject": "我的网络连接不稳定",
        "text": "我的网络连接不稳定，已经重启过路由器，无线还是每隔十几分钟就断一次。",
        "answer": "您好，请把路由器的信道改到 36，再看看是否稳定。",
        "back": "改了以后一晚上都没断，谢谢！",
    },
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_a_customers_words_to_an_answered_ticket(language, company, open_page, site):
    words = WORDS[language]
    manager = _manager(company)
    inbox = open_page("/inbox/?view=open", as_=manager, language=language)
    live(inbox, "stream")

    # The customer writes; the ticket comes into the open inbox by itself, sorted by the model.
    form = open_page("/support/new", language=language)
    form.fill("[name=name]", words["name"])
    form.fill("[name=email]", "dana@example.com")
    form.fill("[name=subject]", words["subject"])
    form.fill("[name=description]", words["text"])
    form.click("main button.primary")
    form.wait_for_url(re.compile("/support/sent/"))
    ticket = Ticket.objects.get(customer__identities__value="dana@example.com")
    row = inbox.locator(f"#row-{ticket.number}")  # the past may hold a ticket of the same words
    expect(row).to_contain_text(words["subject"])
    eventually(lambda: Ticket.objects.get(pk=ticket.pk).category_id)
    ticket.refresh_from_db()
    assert ticket.category.line[0].slug == "network"
    assert ticket.category_by == "model"
    expect(row).to_contain_text("%")

    # The agent opens it: what, how sure, why.
    row.click()
    expect(inbox.locator(".ticket-head h1")).to_contain_text(words["subject"])
    panel = inbox.locator(".side")
    expect(panel).to_contain_text(ticket.category.name if language == "en" else ticket.category.name_zh)
    expect(panel.locator("mark").first).to_be_visible()

    # The agent answers; the customer finds the answer behind the mailed link.
    inbox.fill("#text", words["answer"])
    inbox.click("#send")
    expect(inbox.locator(".msg.us", has_text=words["answer"])).to_be_visible()
    expect(inbox.locator("#text")).to_have_value("")
    reply = eventually(lambda: next((m for m in _mails() if words["answer"] in m.text), None), within=15)
    link = re.search(r"https?://\S+/t/[^\s>)]+", reply.text).group()
    page = open_page(link.replace(site.url, ""), language=language)
    expect(page.locator("body")).to_contain_text(words["answer"])

    # The customer answers by mail; it lands in the same ticket and in the open inbox.
    mail = (
        f"From: dana@example.com\r\nTo: {reply.reply_to[0]}\r\nSubject: Re: {words['subject']}\r\n"
        f"Message-ID: <back-{language}@example.com>\r\nIn-Reply-To: {reply.message_id}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{words['back']}\r\n\r\nOn Monday the desk wrote:\r\n> {words['answer']}\r\n"
    )
    subprocess.run([sys.executable, "manage.py", "receive_mail"], input=mail.encode(), env=environment(), check=True)
    expect(inbox.locator(".msg", has_text=words["back"])).to_be_visible()
    assert list(ticket.messages.order_by("pk").values_list("text", flat=True)) == [
        words["text"], words["answer"], words["back"],
    ]  # fmt: skip
    expect(page.locator("body")).to_contain_text(words["back"], timeout=15_000)

    # The agent resolves.
    inbox.select_option("#status", "resolved")
    eventually(lambda: Ticket.objects.get(pk=ticket.pk).status == "resolved")
    expect(inbox.locator("#status")).to_have_value("resolved")


def _manager(company):
    return next(user for user in company.staff.values() if user.role == "manager")


def _mails():
    return [parse(path.read_bytes()) for path in mailbox()]
