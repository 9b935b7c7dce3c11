from time import process_time

import pytest

from channels.replies import trim

ANSWER = "谢谢！\n\nIt works now."
QUOTED = "\n\n> Did you restart the router?\n> Bob"
UNQUOTED = "\n\nDid you restart the router?\nBob"

# A bar stands for a line break.
INTRODUCTIONS = """\
On Thu, 31 Mar 2016 at 11:16, Some One <a@b.com> wrote:
On Thu, Mar 31, 2016 at 11:16 AM, Some One|<a@b.com>|wrote:
On 31 March 2016 at 11:16, Some One via Helpdesk <|support@example.com> wrote:
At 2016-03-31 11:16:00, "Some One" <a@b.com> wrote:
---- On Thu, 31 Mar 2016 11:16:00 +0800 Some One <a@b.com> wrote ----
Le jeu. 31 mars 2016 à 11:16, Some One <a@b.com> a|écrit :
Am Do., 31. März 2016 um 11:16 Uhr schrieb Some One <|a@b.com>:
El jue, 31 mar 2016 a las 11:16, Some One (<a@b.com>) escribió:
Em qui, 31 de mar de 2016 11:16, Some One <a@b.com>|escreveu:
Il giorno gio 31 mar 2016 alle ore 11:16 Some One <a@b.com> ha|scritto:
Op do 31 mrt. 2016 om 11:16 schreef Some One <a@b.com>:
Den tors 31 mars 2016 kl 11:16 skrev Some One <a@b.com>:
czw., 31 mar 2016 o 11:16 Some One <a@b.com> napisał(a):
чт, 31 мар. 2016 г. в 11:16, Some One <a@b.com>:
31 марта 2016 г., 11:16, Some One <a@b.com> написал:
2016年3月31日(木) 11:16 Some One <a@b.com>:
2016年3月31日 11:16、Some One <a@b.com> のメール:
在 2016年3月31日，11:16，Some One <a@b.com> 写道：
Some One <a@b.com> 于2016年3月31日周四 11:16写道：
Some One <a@b.com> 於 2016年3月31日 週四 上午11:16寫道：
2016년 3월 31일 (목) 오전 11:16, Some One <a@b.com>님이 작성:
-----Original Message-----|From: Some One|Sent: Thursday|To: x|Subject: hi
------------------ 原始邮件 ------------------|发件人: "Some One";|发送时间: 2016年|收件人: x|主题: hi
发件人： Some One|发送时间： 2016-03-31 11:16|收件人： x|主题： hi
Von: Some One <a@b.com>|Gesendet: Donnerstag, 31. März 2016 11:16|An: x|Betreff: hi
De : Some One <a@b.com>|Envoyé : jeudi 31 mars|À : x|Objet : hi
差出人: Some One|送信日時: 2016年3月31日|宛先: x|件名: hi
보낸 사람: Some One|보낸 날짜: 2016년|받는 사람: x|제목: hi
*From:* Some One <a@b.com>|*Sent:* 31 March 2016 11:16|*To:* x|*Subject:* hi
________________________________|From: Some One <a@b.com>|Sent: Thursday|To: x|Subject: hi
##- Please type your reply above this line -##""".splitlines()

SIGNATURES = """\
-- |Dana|Example Ltd
__________|Dana
Sent from my iPhone
Get Outlook for iOS
Von meinem iPhone gesendet
Envoyé de mon iPhone
Enviado desde mi iPhone
Inviato da iPhone
Отправлено с iPhone
发自我的 iPhone
来自我的华为手机
發自我的 iPhone
iPhoneから送信
나의 iPhone에서 보냄""".splitlines()

OWN_WORDS = [
    "来自北京的包裹还没到，请帮忙查一下",
    "从我的账户扣了两次钱",
    "Sent by courier last week",
    "From Berlin to Munich the parcel took 3 days",
    "From: Berlin\nTo: Munich\nDate: 5 May\nPlease change the ticket.",
    "Name: Dana\nEmail: dana@x.example\nDate: 3 May\nSubject: router",
    "Title\n=====\nMore text",
    "Call me at 10:30 about this:\nthe network is down",
    "On 3 March 2025 I ordered this:\na router",
    "As my colleague wrote: it is broken",
    "My order:\n- one\n- two",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("quote", [QUOTED, UNQUOTED], ids=["marked", "unmarked"])
def test_the_quoted_mail_goes_with_its_introduction(introduction, quote):
    assert trim(f"{ANSWER}\n\n{introduction.replace('|', chr(10))}{quote}") == ANSWER


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_goes(signature):
    assert trim(f"{ANSWER}\n\n{signature.replace('|', chr(10))}\n") == ANSWER


@pytest.mark.parametrize("words", OWN_WORDS)
def test_a_persons_own_words_stay(words):
    assert trim(words) == words
    assert trim(f"Hello,\n\n{words}\n\nDana") == f"Hello,\n\n{words}\n\nDana"


def test_answers_between_the_quotes_keep_them():
    assert trim("Dana wrote:\n> one?\nyes\n> two?\nno\n> bye") == "> one?\nyes\n> two?\nno"


def test_an_answer_below_the_quote_stands_alone():
    assert trim(f"On Mon, 3 Mar 2025 Bob <b@x.example> wrote:{QUOTED}\n\nYes, twice.") == "Yes, twice."


def test_words_around_the_quote_are_both_kept():
    assert trim(f"Hi,\n\nOn 3 Mar 2025 Bob <b@x.example> wrote:{QUOTED}\n\nDana").split() == ["Hi,", "Dana"]


@pytest.mark.parametrize("text", ["> only a quote", "-- \nDana", "Sent from my iPhone", "On 1.1.2025 Bob wrote:"])
def test_what_is_written_never_vanishes(text):
    assert trim(text)


def test_a_long_log_is_not_cut():
    log = "\n".join(f"line {number}" for number in range(8_000))
    assert trim(log) == log
    assert trim(f"{ANSWER}\n\nOn Mon, 3 Mar 2025 Bob <b@x.example> wrote:\n\n{log}") == ANSWER


def test_nothing_written_is_nothing():
    assert trim("\n \n") == ""


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        ">",
        "> a\n",
        "--\n",
        "From: a\n",
        "On 2020 a@b.c wrote:\n> q\n",
        "2020 x:\n",
        "x",
        "- ",
        "写道：\n",
    ],
)
def test_time_is_linear(piece):
    start = process_time()
    trim(piece * (500_000 // len(piece)))
    assert process_time() - start < 3
