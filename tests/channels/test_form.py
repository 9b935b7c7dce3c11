"""The public form: one sending, one ticket, and nothing typed is ever lost."""

import json
import threading
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.html import escape

from channels import support_views
from channels.models import Inbound
from common.text import storable
from people.models import Customer
from tests.shared import shared_path
from tickets.intake import Incoming, receive
from tickets.links import page_token
from tickets.models import Attachment, Ticket
from tickets.uploads import upload

FORM = "/support/new"


def words(**changed) -> dict:
    typed = {
        "name": "Dana Fields",
        "email": "dana@example.com",
        "subject": "Router is offline",
        "description": "It went dark this morning.",
        "key": str(uuid.uuid4()),
    }
    return typed | changed


@pytest.mark.django_db
def test_the_start_page_leads_to_the_form_and_to_the_tickets(client):
    page = client.get("/").content.decode()
    assert 'href="/support/new"' in page
    assert 'href="/my/"' in page


@pytest.mark.django_db
def test_a_sent_form_becomes_a_ticket_and_the_page_shows_its_number_but_no_link(client):
    response = client.post(FORM, words(), follow=True)
    ticket = Ticket.objects.get()
    page = response.content.decode()
    assert f"#{ticket.number}" in page
    assert "dana@example.com" in page
    assert "/t/" not in page
    assert (ticket.subject, ticket.channel) == ("Router is offline", "form")
    assert ticket.customer.identities.get().verified_at is None
    assert list(ticket.events.values_list("kind", flat=True)) == ["opened"]


@pytest.mark.django_db
def test_files_go_with_the_ticket(client):
    files = [
        SimpleUploadedFile("log.txt", b"12:00 link down", "text/html"),
        SimpleUploadedFile("shot.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png"),
    ]
    client.post(FORM, words(files=files))
    kept = Attachment.objects.order_by("pk")
    assert [(file.name, file.content_type) for file in kept] == [
        ("log.txt", "text/plain"),
        ("shot.png", "image/png"),
    ]


@pytest.mark.django_db
def test_sent_twice_it_is_one_ticket_and_the_same_thank_you_page(client):
    typed = words()
    first = client.post(FORM, typed, follow=True)
    second = client.post(FORM, typed, follow=True)
    assert Ticket.objects.count() == 1
    assert first.redirect_chain == second.redirect_chain
    assert b"Thank you" in second.content


@pytest.mark.django_db(transaction=True)
def test_sent_ten_times_at_once_it_is_one_ticket():
    typed, answers = words(), []

    def send() -> None:
        try:
            answers.append(Client().post(FORM, typed))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Ticket.objects.count() == 1
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"/support/sent/{typed['key']}/")}


@pytest.mark.django_db
def test_the_same_key_with_other_words_is_refused_and_sent_again_it_is_a_new_ticket(client):
    typed = words()
    client.post(FORM, typed)
    response = client.post(FORM, typed | {"description": "Something else entirely."})
    page = response.content.decode()
    assert response.status_code == 422
    assert "sent before with other words" in page
    assert "Something else entirely." in page
    fresh = response.context["form"]["key"].value()
    client.post(FORM, typed | {"description": "Something else entirely.", "key": fresh})
    assert Ticket.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"email": "dana@"}, "valid email"),
        ({"subject": " "}, "required"),
        ({"description": "x" * 300_000}, "50,000 characters"),
        ({"website": "http://spam.example"}, "leave the hidden field empty"),
        ({"key": "1"}, "Nothing was sent yet"),
    ],
)
def test_a_fault_is_told_and_everything_typed_is_kept(client, fault, told):
    response = client.post(FORM, words(name="Dana & <b>co</b>") | fault)
    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert escape("Dana & <b>co</b>") in page
    assert fault.get("description", "It went dark this morning.") in page
    assert not Ticket.objects.exists()
    assert not Inbound.objects.exists()


@pytest.mark.django_db
def test_a_form_without_a_key_is_taken(client):
    typed = words()
    del typed["key"]
    assert client.post(FORM, typed, follow=True).status_code == 200
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_too_large_a_file_is_refused_with_its_name(client, settings):
    settings.MAX_ATTACHMENT_BYTES = 100
    response = client.post(FORM, words(files=[SimpleUploadedFile("big.log", bytes(101))]))
    assert response.status_code == 422
    assert "big.log" in response.content.decode()
    assert "choose your files again" in response.content.decode()


@pytest.mark.django_db
def test_characters_that_the_database_cannot_keep_fall_out(client):
    client.post(FORM, words(subject="Rou\x00ter", description="dark\x00 side"))
    assert Ticket.objects.get().subject == "Router"


@pytest.mark.django_db
def test_line_breaks_in_a_subject_never_reach_a_header(client):
    client.post(FORM, words(subject="Hello\r\nBcc: all@example.com"))
    assert Ticket.objects.get().subject == "Hello Bcc: all@example.com"


@pytest.mark.django_db
def test_one_network_cannot_flood_the_desk(client, monkeypatch):
    monkeypatch.setattr(support_views, "ENQUIRIES_OF_A_NETWORK", 2)
    answers = [
        client.post(FORM, words(email=f"dana{n}@example.com"), HTTP_X_FORWARDED_FOR=f"198.51.100.{n}") for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert "It went dark this morning." in answers[-1].content.decode()


@pytest.mark.django_db
def test_one_address_cannot_be_flooded_from_many_networks(client, monkeypatch):
    monkeypatch.setattr(support_views, "ENQUIRIES_OF_AN_ADDRESS", 2)
    answers = [
        client.post(FORM, words(email="Dana@example.com"), REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(3)
    ]
    assert answers == [302, 302, 429]


@pytest.mark.django_db
def test_behind_a_proxy_only_the_last_forwarded_address_counts(client, monkeypatch, settings):
    settings.BEHIND_PROXY = True
    monkeypatch.setattr(support_views, "ENQUIRIES_OF_A_NETWORK", 1)
    answers = [
        client.post(FORM, words(email=f"d{n}@example.com"), HTTP_X_FORWARDED_FOR=f"10.9.8.{n}, 203.0.113.7").status_code
        for n in range(2)
    ]
    assert answers == [302, 429]


@pytest.mark.django_db
def test_the_customer_speaks_the_language_of_the_page(client):
    client.cookies["django_language"] = "zh-hans"
    client.post(FORM, words(subject="网络", description="我的网络连接不稳定"))
    assert Customer.objects.get().language == "zh-hans"
    assert Ticket.objects.get().language == "zh-hans"


@pytest.mark.django_db
def test_a_submission_costs_at_most_15_statements(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as made:
        client.post(FORM, words())
    counted = [q["sql"] for q in made.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(counted) <= 15, "\n".join(counted)


def naughty_strings() -> list[str]:
    return json.loads(shared_path("data/naughty/blns.json").read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_naughty_strings_are_taken_and_shown_as_they_are(client, monkeypatch):
    monkeypatch.setattr(support_views, "ENQUIRIES_OF_A_NETWORK", 1000)
    monkeypatch.setattr(support_views, "ENQUIRIES_OF_AN_ADDRESS", 1000)
    for string in naughty_strings():
        answer = client.post(FORM, words(name=string, subject=string, description=string))
        assert answer.status_code == (302 if storable(string).strip() and len(string) <= 200 else 422), string
    for kept in Ticket.objects.all():
        assert kept.messages.get().text in {storable(string).strip() for string in naughty_strings()}


HOSTILE_NAMES = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    ".htaccess",
    "\u200b.htaccess",
    "shell.php\x00.png",
    "a\r\nSet-Cookie: x=1.txt",
    "\u202egpj.exe",
    "<img src=x onerror=alert(1)>.png",
    '"; filename="other.txt',
    "n" * 300 + ".txt",
    " . ",
    "CON",
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_file_name_is_only_a_word_in_a_row(name):
    ticket = receive(
        Incoming(
            channel="form",
            customer=Customer.with_address("dana@example.com"),
            subject="x",
            text="y",
            files=[upload(name, b"content")],
        )
    )
    kept = Attachment.objects.get()
    assert kept.file.name == f"attachments/{kept.key[:2]}/{kept.key}"
    assert kept.name
    assert not set(kept.name) & set("/\\\r\n\0\u200b\u202e")
    response = Client().get(f"/t/{page_token(ticket, ticket.customer)}/files/{kept.key}/")
    assert response["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in response.headers
