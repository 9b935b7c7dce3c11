"""The same thing many times at one moment, through real processes: once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from channels.models import Inbound
from tests.faults.conservation import assert_conserved
from tests.faults.customers import Answer, Browser, Form, letter, receive_mail
from tests.processes import Web
from tickets.models import Message, Ticket

TIMES = 20


@pytest.fixture
def web(environ):
    with Web(environ, workers=2) as web:
        yield web


def posted_at_once(url: str, forms: list[Form]) -> list[Answer]:
    browsers = [Browser(url) for _ in forms]
    for browser in browsers:
        browser.get("/support/new")
    together = Barrier(len(forms))

    def post(browser: Browser, form: Form) -> Answer:
        together.wait(30)
        return browser.send(form)

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(post, browsers, forms))


def test_a_form_posted_twenty_times_at_once_is_one_ticket_and_each_gets_the_same_answer(web):
    form = Form()

    answers = posted_at_once(web.url, [form] * TIMES)

    assert {(answer.status, answer.headers["location"]) for answer in answers} == {(302, f"/support/sent/{form.key}/")}
    assert f"#{Ticket.objects.get().number}" in Browser(web.url).get(answers[-1].headers["location"]).body
    assert Message.objects.count() == 1
    assert_conserved([form])


def test_of_twenty_different_forms_with_one_key_one_is_taken_and_the_others_are_told(web):
    key = Form().key
    forms = [Form(key=key, subject=f"Subject {number}") for number in range(TIMES)]

    answers = posted_at_once(web.url, forms)

    assert sorted(answer.status for answer in answers) == [302] + [422] * (TIMES - 1)
    taken = next(form for form, answer in zip(forms, answers, strict=True) if answer.is_yes)
    assert Ticket.objects.get().subject == taken.subject


def test_a_mail_handed_over_by_three_processes_at_once_is_one_ticket(environ):
    raw = letter()

    with ThreadPoolExecutor(3) as servers:
        codes = list(servers.map(receive_mail, [raw] * 3, [environ] * 3))

    assert codes == [0] * 3
    assert Inbound.objects.count() == Message.objects.count() == 1
    assert_conserved([], [raw])
