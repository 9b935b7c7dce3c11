import pytest

from channels.mime import parse

DANA = b"From: Dana <dana@customer.example>\n"
DAEMON = b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\n"


def report(action: bytes, status: bytes, *more: bytes) -> bytes:
    lines = [b"Final-Recipient: rfc822; x@y.example", b"Action: " + action, b"Status: " + status, *more]
    return (
        DAEMON + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
        b"words\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        + b"\n".join(lines)
        + b"\n--b--\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        b"Auto-Submitted: auto-replied",
        b'Auto-Submitted: Auto-Replied; owner-email="x@y.example"',
        b"Auto-Submitted: auto-generated (rule 7)",
        b"X-Autoreply: yes",
        b"X-Autorespond: on vacation",
        b"Precedence: auto_reply",
        b"X-MS-Exchange-Inbox-Rules-Loop: a@b.example",
        b"Subject: Automatic reply: your ticket",
        b"Subject: Out of Office AutoReply: ticket",
        "Subject: 自动回复：我的工单".encode(),
        b"Subject: Automatische Antwort: Ticket",
        "Subject: Réponse automatique : ticket".encode(),
        "Subject: 自動応答：".encode(),
    ],
)
def test_an_automatic_reply_is_known_and_never_answered(line):
    mail = parse(DANA + line + b"\n\nI am away until Monday.")
    assert (mail.kind, mail.may_answer) == ("auto_reply", False)


@pytest.mark.parametrize(
    "line",
    [
        b"Auto-Submitted: no",
        b"Subject: Re: Automatic reply: your ticket",
        b"Subject: Auto-reply does not work in my mailbox",
        "Subject: 自动回复功能坏了".encode(),
        b"Subject: Auto: Bremsen quietschen",
        b"Subject: My parcel was not delivered",
        b"Subject: Delivery failure of your courier",
        "Subject: 为什么退信？".encode(),
    ],
)
def test_a_person_who_writes_about_such_things_is_a_person(line):
    mail = parse(DANA + line + b"\n\nMy mail could not be delivered, 550 5.1.1 user unknown. Help!")
    assert (mail.kind, mail.may_answer) == ("person", True)


def test_a_forwarded_bounce_is_a_persons_mail():
    body = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat does this mean?\n--b\n"
    mail = parse(DANA + body + b"Content-Type: message/rfc822\n\n" + report(b"failed", b"5.1.1") + b"\n--b--\n")
    assert mail.kind == "person"


@pytest.mark.parametrize(
    "lines",
    [
        b"List-Id: <news.example.com>",
        b"List-Unsubscribe: <https://example.com/u>",
        b"Precedence: bulk",
        b"Precedence: list",
        b"X-Auto-Response-Suppress: OOF, AutoReply",
        b"Return-Path: <>",
        b"X-Loop: desk",
    ],
)
def test_these_headers_forbid_an_answer(lines):
    mail = parse(DANA + lines + b"\nSubject: News\n\nwords")
    assert not mail.may_answer
    assert mail.kind in {"person", "list"}


@pytest.mark.parametrize(
    "sender",
    [
        b"no-reply@x.example",
        b"noreply@x.example",
        b"Postmaster@x.example",
        b"mailer-daemon@x.example",
        b"nobody here",
    ],
)
def test_these_senders_get_no_answer(sender):
    assert not parse(b"From: " + sender + b"\nSubject: hi\n\nwords").may_answer


def test_a_failed_delivery_is_a_bounce_with_its_status():
    mail = parse(report(b"failed", b"5.1.1"))
    assert (mail.kind, mail.dsn_status, mail.may_answer) == ("bounce", "5.1.1", False)


@pytest.mark.parametrize("action", [b"delayed", b"delivered", b"relayed (to mx)"])
def test_a_delivery_that_did_not_fail_is_a_notice(action):
    assert parse(report(action, b"4.4.7")).kind == "notice"


def test_one_failed_recipient_of_two_makes_a_bounce():
    second = b"\nFinal-Recipient: rfc822; z@y.example\nAction: failed\nStatus: 5.2.2"
    mail = parse(report(b"delivered", b"2.0.0", second))
    assert (mail.kind, mail.dsn_status) == ("bounce", "5.2.2")


def test_what_the_server_said_beats_the_summary():
    mail = parse(report(b"failed", b"5.0.0", b"Diagnostic-Code: smtp; 552 5.2.2 over quota"))
    assert mail.dsn_status == "5.2.2"


@pytest.mark.parametrize(
    ("head", "words", "status"),
    [
        (DAEMON + b"Subject: failure notice", b"Sorry, no mailbox here. (#5.1.1)", "5.1.1"),
        (DANA + b"X-Failed-Recipients: x@y.example\nSubject: Mail failed", b"550 5.2.1 gone", "5.2.1"),
        (b"From: PostMaster@qq.example", "抱歉，您的邮件被退回来了".encode(), None),
        (b"From: postmaster@x.example\nSubject: Undeliverable: hi", b"host 192.0.2.1 said nothing", None),
    ],
)
def test_a_plain_bounce_is_known_by_its_sender_and_words(head, words, status):
    mail = parse(head + b"\n\n" + words)
    assert (mail.kind, mail.dsn_status) == ("bounce", status)


def test_an_abuse_report_is_no_bounce():
    body = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nspam\n--b--\n"
    mail = parse(b"From: staff@isp.example\n" + body)
    assert (mail.kind, mail.may_answer) == ("feedback", False)


def test_a_read_receipt_is_a_notice():
    body = b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\n"
    mail = parse(DANA + body + b"Content-Type: message/disposition-notification\n\nDisposition: x\n--b--\n")
    assert (mail.kind, mail.may_answer) == ("notice", False)
