"""The mails about a forgotten password: our words, in the reader's language."""

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from people.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [("en", "Choose a new password", "Your user name is alice."), ("zh-hans", "设置新密码", "您的用户名是 alice。")],
)
def test_alice_gets_a_link_in_her_language(
    alice: User, client: Client, mailoutbox: list[EmailMessage], language: str, subject: str, words: str
) -> None:
    client.cookies["django_language"] = language
    client.post("/account/password/reset/", {"email": alice.email})
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([alice.email], subject)
    assert words in mail.body
    assert "/account/password/reset/key/" in mail.body


def test_an_address_without_an_account_learns_no_more_than_that(client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.post("/account/password/reset/", {"email": "nobody@example.com"})
    [mail] = mailoutbox
    assert "no account of the staff has the address nobody@example.com" in mail.body
    assert "http" not in mail.body
