"""The demo's mailbox: the desk's mail as files, a page to read it, and a form that answers as a mail program would."""

import pytest
from django.urls import reverse

from channels import outgoing
from channels.models import Inbound
from demo import mailbox
from tests.channels.letters import last_message, written
from tickets import links
from tickets.work import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.DATA_DIR = str(tmp_path)
    settings.EMAIL_BACKEND = "demo.mailbox.Backend"


@pytest.fixture
def sent(ticket, alice) -> mailbox.Sent:
    """Alice's reply to Dana, with the receipt below it."""
    ticket.reply("Please restart the router.", by=alice)
    work_off("deliver")
    outgoing.send_due()
    return mailbox.newest()[0]


def test_outside_the_demo_there_is_no_such_page(client, sent, settings):
    settings.DEMO = False
    addresses = [reverse("demo:mailbox"), reverse("demo:news"), reverse("demo:mail", args=[sent.name])]

    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(reverse("demo:answer", args=[sent.name]), {"text": "Hi"}).status_code == 404
    assert not Inbound.objects.exists()


def test_an_empty_mailbox_says_what_to_do(client):
    response = client.get(reverse("demo:mailbox"))

    assert response.status_code == 200
    assert b"No mail yet" in response.content


def test_mail_is_listed_newest_first(client, sent):
    mails = client.get(reverse("demo:mailbox")).context["mails"]

    assert [mail.mail.subject.startswith("Re:") for mail in mails] == [True, False]


def test_a_newcomer_can_follow_the_link_of_a_mail(client, sent, ticket, dana):
    page = client.get(reverse("demo:mail", args=[sent.name])).content.decode()

    assert "Please restart the router." in page
    assert f'href="{links.page_url(ticket, dana)}"' in page
    assert client.get(links.page_url(ticket, dana)).status_code == 200


def test_an_answer_lands_in_the_ticket_without_the_quoted_words(client, sent, ticket):
    response = client.post(reverse("demo:answer", args=[sent.name]), {"text": "It works now, thank you!"}, follow=True)

    assert last_message(ticket).text == "It works now, thank you!"
    assert last_message(ticket).channel == "mail"
    assert f"#{ticket.number}" in response.content.decode()


def test_a_chinese_answer_lands_in_the_ticket(client, sent, ticket):
    client.post(reverse("demo:answer", args=[sent.name]), {"text": "已经好了，谢谢！"})

    assert last_message(ticket).text == "已经好了，谢谢！"


def test_an_empty_answer_is_asked_for_again(client, sent):
    response = client.post(reverse("demo:answer", args=[sent.name]), {"text": " "})

    assert response.status_code == 422
    assert not Inbound.objects.exists()


def test_the_page_asks_for_news_and_gets_the_list_only_when_something_came(client, sent):
    address = reverse("demo:news")

    assert client.get(address, {"newest": sent.name}).status_code == 204
    assert sent.name.encode() in client.get(address, {"newest": "older"}).content


def test_scripts_and_remote_images_of_a_mail_never_reach_the_page(client):
    name = mailbox.keep(written(html='<script>alert(1)</script><img src="https://spy.example/x"><p>fine</p>'))

    page = client.get(reverse("demo:mail", args=[name])).content.decode()

    assert "<p>fine</p>" in page
    assert "alert(1)" not in page
    assert "spy.example" not in page


@pytest.mark.parametrize("name", ["passwd", "etc-passwd", "00000000000000000000-abcdef01"])
def test_no_other_file_can_be_read(client, name):
    assert client.get(reverse("demo:mail", args=[name])).status_code == 404


def test_the_oldest_mails_are_forgotten(monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_KEPT", 3)

    kept = [mailbox.keep(written(subject=str(number))) for number in range(5)]

    assert mailbox.names() == sorted(kept[2:], reverse=True)
