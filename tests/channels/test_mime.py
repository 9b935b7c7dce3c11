import base64
from datetime import UTC, datetime
from time import process_time

import pytest

from channels.mime import Mail, parse

PLAIN = b"Content-Type: text/plain; charset=utf-8\n\n"


def mail(*header_lines: bytes, body: bytes = PLAIN + b"Hello") -> Mail:
    return parse(b"\n".join([b"From: Dana <dana@customer.example>", *header_lines, body]))


def multipart(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    inner = b"".join(b"--cut\n" + part + b"\n" for part in parts)
    return b"Content-Type: multipart/" + kind + b'; boundary="cut"\n\n' + inner + b"--cut--\n"


def attached(name: bytes) -> str:
    part = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + name + b"\n\nx"
    return mail(body=multipart(PLAIN + b"See attached", part)).attachments[0].name


def test_danas_mail_gives_its_parts():
    got = mail(
        b"To: Help <Support@Example.COM>, erik@customer.example",
        b"Subject: =?utf-8?B?572R57uc?= =?utf-8?Q?_down?=",
        b"Message-ID: <a@b>",
        b"References: <x@1> <y@2>",
        b"In-Reply-To: <y@2>",
        b"Date: Tue, 03 Mar 2026 09:15:00 +0800",
    )
    assert (got.from_address, got.from_name) == ("dana@customer.example", "Dana")
    assert got.to == ("Support@example.com", "erik@customer.example")
    assert got.subject == "网络 down"
    assert (got.message_id, got.in_reply_to, got.references) == ("a@b", "y@2", ("x@1", "y@2"))
    assert got.date == datetime(2026, 3, 3, 1, 15, tzinfo=UTC)
    assert (got.text, got.reply_text, got.kind, got.may_answer) == ("Hello", "Hello", "person", True)
    assert got.problems == ()


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr"])
def test_a_labelled_body_and_subject_are_read_in_their_charset(codec):
    words = {"big5": "發票開立錯誤", "euc_kr": "배송 지연 문의"}.get(codec, "日本語の文")
    label = {"iso2022_jp": "iso-2022-jp", "euc_kr": "ks_c_5601-1987"}.get(codec, codec).encode()
    subject = b"Subject: =?" + label + b"?B?" + base64.b64encode(words.encode(codec)) + b"?="
    got = mail(subject, body=b"Content-Type: text/plain; charset=" + label + b"\n\n" + words.encode(codec))
    assert (got.subject, got.text) == (words, words)


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("utf-8", "我的订单三天没有发货"),
        ("gb18030", "我的订单三天没有发货"),
        ("big5", "請問什麼時候出貨"),
        ("cp932", "ログインできません"),
        ("cp949", "주문한 상품이 아직 도착하지 않았습니다"),
        ("cp1251", "Здравствуйте, где мой заказ?"),
        ("cp1252", "Grüße aus Köln"),
    ],
)
def test_an_unlabelled_body_and_a_raw_subject_are_guessed(codec, words):
    raw = words.encode(codec)
    got = mail(b"Subject: " + raw, body=b"Content-Type: text/plain\n\n" + raw)
    assert (got.subject, got.text) == (words, words)


def test_a_label_that_understates_its_bytes_is_widened():
    got = mail(body=b"Content-Type: text/plain; charset=gb2312\n\n" + "朱镕喆".encode("gb18030"))
    assert got.text == "朱镕喆"
    got = mail(body=b"Content-Type: text/plain; charset=us-ascii\n\n" + "退款".encode())
    assert got.text == "退款"


def test_a_character_split_over_two_encoded_words_survives():
    raw = "订单".encode()
    words = b"=?utf-8?B?" + base64.b64encode(raw[:4]) + b"?=\n =?utf-8?B?" + base64.b64encode(raw[4:]) + b"?="
    assert mail(b"Subject: " + words).subject == "订单"


def test_no_label_reaches_a_codec_that_is_no_charset():
    assert mail(body=b"Content-Type: text/plain; charset=zlib\n\nHello").text == "Hello"
    assert mail(b"Subject: =?rot13?Q?Uryyb?=").subject == "Uryyb"


def test_nothing_a_database_refuses_comes_through():
    surrogate = base64.b64encode(b"+2AA-")
    got = mail(
        b"Subject: a\0b",
        body=multipart(
            PLAIN + b"one\0two\x01",
            b"Content-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: base64\n\n" + surrogate,
        ),
    )
    assert "\0" not in got.subject + got.text
    got.text.encode()


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (b'From: "boss@example.com" <evil@attacker.example>', "evil@attacker.example"),
        (b"From: MAILER-DAEMON@mx.example (Mail System)", "MAILER-DAEMON@mx.example"),
        (b"From: =?utf-8?Q?Doe,_John?= <j@x.example>", "j@x.example"),
        (b"From: alice@example.com)bob@attacker.example", ""),
        (b"From: <alice@example.com> <bob@attacker.example>", ""),
        (b"From: alice@example.com@attacker.example", ""),
        (b'From: "alice@example.com" bob@attacker.example', ""),
        (b"From: =?utf-8?Q?alice=40example.com?=", ""),
        (b"From: undisclosed:;", ""),
    ],
)
def test_from_names_one_sender_or_nobody(line, address):
    got = parse(line + b"\nReply-To: alice@example.com\nSender: alice@example.com\n\nx")
    assert got.from_address == address
    assert bool(address) or any(code.startswith("from_") for code in got.problems)


def test_a_second_author_makes_the_sender_doubtful():
    for lines in (
        b"From: dana@x.example, alice@example.com",
        b"From: dana@x.example\nFrom: alice@example.com",
    ):
        got = parse(lines + b"\n\nx")
        assert got.from_address == "dana@x.example"
        assert "from_several" in got.problems


def test_no_encoded_line_break_gets_out_of_a_header():
    got = parse(b"From: =?utf-8?Q?A=0D=0ABcc:_v?= <d@x.example>\nSubject: =?utf-8?Q?a=0D=0ABcc:_v?=\n\nx")
    assert got.subject == "a Bcc: v"
    assert got.from_name == "A Bcc: v"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b'filename="report.pdf"', "report.pdf"),
        (b"filename=my report.pdf", "my report.pdf"),
        (b"filename*=utf-8''%E5%90%88%E5%90%8C.pdf", "合同.pdf"),
        (b"filename*0*=utf-8''%E5%90; filename*1*=%88; filename*2=\".pdf\"", "合.pdf"),
        (b'filename="=?utf-8?B?5ZCI5ZCM?=.pdf"', "合同.pdf"),
        (b'filename="' + "合同扫描件.pdf".encode("gb18030") + b'"', "合同扫描件.pdf"),
        (b"filename*=utf-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        (b"filename*=utf-8''..%5Cwin.ini", "win.ini"),
        (b"filename*=utf-8''invoice%E2%80%AEfdp.exe", "invoicefdp.exe"),
        (b"filename*=utf-8''x%E2%80%8B.htaccess", "x.htaccess"),
        (b"filename*=utf-8''two%0Alines.txt", "two lines.txt"),
        (b'filename=".."', ""),
    ],
)
def test_a_file_name_is_decoded_and_made_safe(source, name):
    assert attached(source) == name


def test_a_long_file_name_keeps_its_ending():
    assert attached(b'filename="' + b"a" * 5_000 + b'.pdf"').endswith("a.pdf")
    assert len(attached(b'filename="' + b"a" * 5_000 + b'.pdf"')) <= 200


def test_a_nested_mail_stays_one_attachment():
    inner = b"Content-Type: message/rfc822\n\nSubject: in\n" + multipart(PLAIN + b"inner words")
    got = mail(body=multipart(PLAIN + b"outer words", inner.replace(b"cut", b"in")))
    assert got.text == "outer words"
    assert [(part.content_type, part.shown_name) for part in got.attachments] == [("message/rfc822", "message.eml")]


def test_of_two_alternatives_the_plain_one_is_the_text():
    page = b"Content-Type: text/html\n\n<p>pretty</p>"
    got = mail(body=multipart(PLAIN + b"plain", page, kind=b"alternative"))
    assert (got.text, got.html.strip()) == ("plain", "<p>pretty</p>")
    got = mail(body=multipart(PLAIN, page, kind=b"alternative"))
    assert got.text == "pretty"


def test_all_bodies_of_a_mixed_mail_are_kept():
    got = mail(body=multipart(PLAIN + b"one", b"Content-Type: text/html\n\n<p>two</p>", PLAIN + b"three"))
    assert got.text.split() == ["one", "two", "three"]
    assert "one" in got.html
    assert "three" in got.html


def test_broken_structure_loses_no_words():
    assert mail(body=b"Content-Type: multipart/mixed\n\n--x\n" + PLAIN + b"words\n--x--").text == "words"
    assert mail(body=b"Content-Type: multipart/mixed; boundary=y\n\nno parts").text == "no parts"
    assert mail(body=b"Content-Type: multipart/mixed; boundary=z\n\n--z\n" + PLAIN + b"half").text == "half"
    assert parse(b"just text, no headers at all\n").text == "just text, no headers at all"
    assert parse(b"From: a@b.c\rSubject: old\r\rwords").text == "words"


def test_words_that_claim_to_be_base64_are_kept():
    got = mail(body=b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nPlain words, not base64!")
    assert got.text == "Plain words, not base64!"
    assert "base64_lies" in got.problems


def test_a_huge_id_still_compares():
    huge = b"<" + b"a" * 4_000 + b"@b>"
    got = mail(b"Message-ID: " + huge, b"In-Reply-To: " + huge)
    assert got.message_id == got.in_reply_to
    assert len(got.message_id) < 100


def test_only_the_last_references_are_read():
    got = mail(b"References: " + b" ".join(b"<%d@x>" % number for number in range(200)))
    assert len(got.references) == 50
    assert got.references[-1] == "199@x"


@pytest.mark.parametrize("date", [b"yesterday", b"Tue, 99 Mar 2026 25:61:00 +9999", b"1 Jan 99999 00:00 +0000"])
def test_an_unreadable_date_is_none(date):
    assert mail(b"Date: " + date).date is None


def test_our_own_address_gets_no_answer():
    raw = b"From: Support <SUPPORT+t12@example.com>\n\nx"
    assert parse(raw).may_answer
    assert not parse(raw, own_addresses={"support@example.com"}).may_answer


MEGABYTE = 1_000_000
BOMBS = {
    "newlines": PLAIN + b"\n" * MEGABYTE,
    "headers": b"a:b\n" * (MEGABYTE // 4),
    "encoded words": b"Subject: " + b"=?a?Q?" * (MEGABYTE // 6),
    "brackets": b"From: " + b"(" * MEGABYTE,
    "quotes": b"From: " + b'"\\' * MEGABYTE,
    "angles": b"From: " + b"<" * MEGABYTE + b"\nReferences: " + b"<" * MEGABYTE,
    "deep": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(9_000)),
    "wide": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MEGABYTE // 7),
    "dashes": b"Content-Type: multipart/mixed; boundary=-\n\n" + b"-" * MEGABYTE,
    "nested mails": b"Content-Type: message/rfc822\n\n" * (MEGABYTE // 30),
    "introductions": PLAIN + b"On 2020 a@b.c wrote:\n> q\n" * (MEGABYTE // 24),
    "colons": PLAIN + (b"2020 x" * 100 + b":\n") * (MEGABYTE // 602),
    "divs": b"Content-Type: text/html\n\n" + b"<div>" * (MEGABYTE // 5),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_read_in_no_time(bomb):
    start = process_time()
    parse(BOMBS[bomb])
    assert process_time() - start < 5


def test_any_cut_of_a_mail_is_read():
    whole = multipart(PLAIN + "words 词".encode(), b'Content-Type: a/b; name="=?utf-8?B?5ZCI?="\n\nx')
    raw = b"From: =?utf-8?Q?D=C3=A4?= <d@x.example>\nDate: Tue, 03 Mar 2026 09:15:00 +0800\n" + whole
    for end in range(len(raw)):
        assert parse(raw[:end]).text.isprintable() or "\n" in parse(raw[:end]).text
