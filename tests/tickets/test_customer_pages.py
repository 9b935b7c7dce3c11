"""What Dana sees of her ticket, by the mailed link and in her own session."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.html import clean
from people.models import Customer, CustomerSession
from tickets.choices import Status
from tickets.intake import Incoming, receive
from tickets.links import page_token
from tickets.models import Attachment, Ticket
from tickets.uploads import upload
from tickets.views import customer as pages


def session_of(customer: Customer) -> Client:
    client = Client()
    client.cookies[CustomerSession.COOKIE] = CustomerSession.open(customer)
    return client


@pytest.fixture
def dana_client(dana) -> Client:
    return session_of(dana)


@pytest.fixture
def link(ticket, dana) -> str:
    return f"/t/{page_token(ticket, dana)}/"


@pytest.fixture(params=["link", "session"])
def door(request, ticket, link, dana_client) -> tuple[Client, str]:
    """Both ways in: a client and the address of the ticket's page."""
    return (Client(), link) if request.param == "link" else (dana_client, f"/my/{ticket.number}/")


def words(**changed) -> dict:
    return {"key": str(uuid.uuid4()), "text": "It dropped again at nine."} | changed


def test_dana_reads_the_conversation_but_nothing_of_the_staffs_own(door, ticket, alice, categories):
    ticket.reply("Which router is it?", by=alice)
    ticket.note("She called twice, be quick.", by=alice)
    ticket.categorise(categories["wifi"], by=alice)
    ticket.set_priority(4, by=alice)
    client, address = door
    page = client.get(address).content.decode()
    assert "Since Monday the Wi-Fi drops at eight." in page
    assert "Which router is it?" in page
    assert "It is your turn" in page
    for hidden in ["be quick", "Wi-Fi</", "Network", "urgent", "assigned"]:
        assert hidden not in page


def test_a_page_is_for_one_reader(door):
    client, address = door
    response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + "2" if t[-1] != "2" else t[:-1] + "3", lambda t: "x", str.upper])
def test_any_other_token_is_a_missing_page(client, ticket, dana, spoil):
    token = page_token(ticket, dana)
    wrong = spoil(token)
    expected = 200 if wrong == token.upper() else 404  # the case of a letter is no secret
    assert client.get(f"/t/{wrong}/").status_code == expected


def test_a_wrong_token_answers_like_the_token_of_a_missing_ticket(client, ticket, dana):
    token = page_token(ticket, dana)
    number, rest = token.split("-", 1)
    missing = client.get(f"/t/{int(number) + 999}-{rest}/")
    wrong = client.get(f"/t/{number}-{rest[:-4]}aaaa/")
    assert (missing.status_code, missing.content) == (wrong.status_code, wrong.content)


def test_a_revoked_link_opens_nothing(client, ticket, link, alice):
    ticket.revoke_links(by=alice)
    assert client.get(link).status_code == 404


def test_erik_cannot_tell_danas_ticket_from_a_missing_one(ticket, erik):
    client = session_of(erik)
    foreign = client.get(f"/my/{ticket.number}/")
    missing = client.get("/my/999999/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_link_opens_its_own_ticket_only(client, dana, ticket, link):
    other = receive(Incoming(channel="mail", customer=dana, subject="Another", text="matter"))
    assert client.get(f"/my/{other.number}/").status_code == 302
    assert "Another" not in client.get(link).content.decode()


def test_danas_answer_reopens_the_ticket(door, ticket, alice):
    ticket.reply("Please restart it.", by=alice)
    client, address = door
    response = client.post(f"{address}answer/", words(), follow=True)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert "It dropped again at nine." in response.content.decode()
    assert ticket.messages.last().channel == "page"


def test_an_answer_sent_twice_is_one_message(door, ticket):
    client, address = door
    typed = words()
    answers = [client.post(f"{address}answer/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ticket.messages.count() == 2  # the first words and this answer


@pytest.mark.parametrize(
    ("fault", "told"), [({"text": ""}, "attach a file"), ({"text": "x" * 300_000}, "50,000 characters")]
)
def test_a_faulty_answer_is_shown_again(door, ticket, fault, told):
    client, address = door
    response = client.post(f"{address}answer/", words(**fault))
    assert response.status_code == 422
    assert told in response.content.decode()
    assert fault["text"] in response.content.decode()
    assert ticket.messages.count() == 1


def test_answers_have_a_limit_and_the_words_stay(client, link, ticket, monkeypatch):
    monkeypatch.setattr(pages, "ANSWERS_AN_HOUR", 1)
    client.post(f"{link}answer/", words())
    response = client.post(f"{link}answer/", words(text="One more thing"))
    assert response.status_code == 429
    assert "One more thing" in response.content.decode()


def test_dana_says_that_it_is_solved_and_opens_it_again(door, ticket):
    client, address = door
    page = client.post(f"{address}solved/", follow=True).content.decode()
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED
    assert "Dana Fields marked it as solved" in page
    page = client.post(f"{address}reopen/", follow=True).content.decode()
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert "Dana Fields opened it again" in page


def test_reading_changes_nothing(door, ticket):
    client, address = door
    for part in ["answer/", "solved/", "reopen/"]:
        assert client.get(address + part).status_code == 405
    assert ticket.events.count() == 2


def test_files_come_as_downloads(door, ticket, dana):
    ticket.answer("See here", by=dana, channel="page", files=[upload("<b>plan.html", b"<script>alert(1)</script>")])
    client, address = door
    file = Attachment.objects.get()
    response = client.get(f"{address}files/{file.key}/")
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")


def test_a_file_of_a_note_is_not_there_for_dana(door, ticket, alice, alice_client):
    ticket.note("The plan", by=alice, files=[upload("plan.txt", b"secret")])
    key = Attachment.objects.get().key
    client, address = door
    assert client.get(f"{address}files/{key}/").status_code == 404
    assert alice_client.get(f"/inbox/{ticket.number}/files/{key}/").status_code == 200


def test_a_files_key_opens_it_in_its_own_ticket_only(ticket, dana, erik, charlie_client, alice):
    ticket.answer("See here", by=dana, channel="page", files=[upload("a.txt", b"mine")])
    key = Attachment.objects.get().key
    eriks = receive(Incoming(channel="form", customer=erik, subject="x", text="y"))
    assert session_of(erik).get(f"/my/{eriks.number}/files/{key}/").status_code == 404
    assert session_of(erik).get(f"/my/{ticket.number}/files/{key}/").status_code == 404
    assert charlie_client.get(f"/inbox/{ticket.number}/files/{key}/").status_code == 404


def test_dana_attaches_a_file_to_her_answer(door, ticket):
    client, address = door
    client.post(f"{address}answer/", words(text="", files=[SimpleUploadedFile("log.txt", b"12:00 down")]))
    assert Attachment.objects.get().name == "log.txt"


def test_news_are_told_without_a_reload(door, ticket, alice):
    client, address = door
    known = client.get(address).context["last_event"]
    assert client.get(f"{address}news/?after={known}").status_code == 204
    ticket.note("only for us", by=alice)
    assert client.get(f"{address}news/?after={known}").status_code == 204
    ticket.reply("A new router is on its way.", by=alice)
    page = client.get(f"{address}news/?after={known}").content.decode()
    assert "A new router is on its way." in page
    assert "Since Monday" not in page
    assert "It is your turn" in page


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "1 OR 1"])
def test_news_after_nonsense_are_everything(dana_client, ticket, after):
    assert dana_client.get(f"/my/{ticket.number}/news/", {"after": after}).status_code == 200


def test_answering_through_the_link_proves_the_address(client, network_team):
    frida = Customer.with_address("frida@example.com")
    ticket = receive(Incoming(channel="form", customer=frida, subject="Hi", text="there"))
    address = f"/t/{page_token(ticket, frida)}/"
    client.get(address)
    assert frida.identities.get().verified_at is None
    client.post(f"{address}answer/", words())
    assert frida.identities.get().verified_at is not None


def test_my_tickets_lists_dana_s_own_from_every_channel(dana_client, dana, erik, ticket):
    receive(Incoming(channel="mail", customer=dana, subject="By mail", text="hello"))
    receive(Incoming(channel="form", customer=erik, subject="Not hers", text="hello"))
    page = dana_client.get("/my/").content.decode()
    assert "By mail" in page
    assert ticket.subject in page
    assert "Not hers" not in page


def test_my_tickets_come_in_pages(dana_client, dana, ticket):
    for n in range(pages.PAGE + 4):
        receive(Incoming(channel="form", customer=dana, subject=f"Matter {n}", text="hello"))
    first = dana_client.get("/my/")
    second = dana_client.get("/my/", {"after": first.context["older"]})
    seen = [ticket.pk for ticket, _ in [*first.context["tickets"], *second.context["tickets"]]]
    assert len(seen) == len(set(seen)) == pages.PAGE + 5
    assert second.context["older"] == ""
    assert dana_client.get("/my/", {"after": "nonsense"}).status_code == 302


def test_hostile_words_are_shown_as_words(dana_client, ticket, dana):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    Ticket.objects.filter(pk=ticket.pk).update(subject=evil)
    ticket.refresh_from_db()
    ticket.answer(evil, by=dana, channel="page")
    ticket.answer("x", html=clean(f"<p>fine</p>{evil}"), by=dana, channel="mail")
    page = dana_client.get(f"/my/{ticket.number}/").content.decode()
    assert "<script>alert" not in page
    assert "onerror=alert" not in page.replace("onerror=alert(2)&gt;", "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("page", ["link", "session", "list"])
def test_a_page_costs_the_same_with_3_messages_and_with_30(
    page, dana_client, client, dana, alice, ticket, link, django_assert_max_num_queries
):
    address = {"link": link, "session": f"/my/{ticket.number}/", "list": "/my/"}[page]
    reader = client if page == "link" else dana_client
    reader.get(address)  # what is kept for all pages is asked once
    counts = []
    for n in [3, 30]:
        for i in range(n):
            ticket.answer(f"{n} {i}", by=dana, channel="page", files=[upload("a.txt", b"a")])
            ticket.reply("well", by=alice)
            receive(Incoming(channel="form", customer=dana, subject="x", text="y"))
        with django_assert_max_num_queries(10) as made:
            assert reader.get(address).status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_without_a_session_a_page_asks_to_sign_in_but_a_part_of_it_does_not(client, ticket):
    address = f"/my/{ticket.number}/"
    assert client.get(address)["Location"] == "/my/sign-in/"
    assert client.get(f"{address}news/", headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_an_impossible_number_is_a_missing_ticket(dana_client, ticket, number):
    assert dana_client.get(f"/my/{number}/").status_code == 404
