"""The inbox by HTTP: what each view holds, who may change what, how much it asks of the database."""

import json
from uuid import uuid4

import pytest

from people.models import Customer
from tests.conftest import opened_by
from tickets.choices import Priority, Status
from tickets.models import Draft, Ticket

HTMX = {"HTTP_HX_REQUEST": "true"}


def rows(client, **params):
    response = client.get("/inbox/", params)
    assert response.status_code == 200
    return [row.number for row in response.context["rows"]]


def test_views_hold_what_they_say(alice_client, alice, ticket, dana):
    urgent, done = opened_by(dana, "Fire"), opened_by(dana, "Old")
    urgent.set_priority(Priority.URGENT, by=alice)
    ticket.reply("Try this", by=alice)
    done.resolve(by=alice)
    assert rows(alice_client, view="mine") == [ticket.number]
    assert rows(alice_client, view="unassigned") == [urgent.number]
    assert rows(alice_client, view="urgent") == [urgent.number]
    assert rows(alice_client, view="team-network") == [ticket.number]
    assert rows(alice_client, view="waiting") == [ticket.number]
    assert sorted(rows(alice_client, view="open")) == sorted([ticket.number, urgent.number])
    assert rows(alice_client, view="resolved") == [done.number]


def test_counts_are_those_of_the_views(alice_client, ticket, dana):
    opened_by(dana)
    views = {v.name: v.shown_count for v in alice_client.get("/inbox/").context["views"]}
    assert views == {
        "mine": "0",
        "unassigned": "2",
        "urgent": "0",
        "team-network": "1",
        "waiting": "0",
        "open": "2",
        "resolved": "0",
    }


def test_charlie_is_told_that_the_ticket_does_not_exist(charlie_client, ticket):
    for address in [f"/inbox/{ticket.number}/", f"/inbox/{ticket.number}/tail/", "/inbox/99999999/"]:
        assert charlie_client.get(address).status_code == 404
    for name in ["reply", "draft", "status", "priority", "category", "team", "assignee", "tags"]:
        assert charlie_client.post(f"/inbox/{ticket.number}/{name}/", {"value": "1"}).status_code == 404


def test_filters_sort_and_tag_stand_in_the_address(alice_client, alice, ticket, dana, categories):
    other = opened_by(dana, "Second", "我的发票在哪里？")
    other.categorise(categories["refund"], by=alice)
    other.set_tags(["vip"], by=alice)
    assert rows(alice_client, view="open", category="billing") == [other.number]
    assert rows(alice_client, view="open", language="zh-hans") == [other.number]
    assert rows(alice_client, view="open", tag="vip") == [other.number]
    assert rows(alice_client, view="open", sort="oldest") == [ticket.number, other.number]
    assert rows(alice_client, view="open", priority="no-such", sort="?", after="%%%") == [
        other.number,
        ticket.number,
    ]


def test_the_list_goes_on_by_cursor_without_gaps_or_doubles(alice_client, dana):
    made = [opened_by(dana, f"Ticket {n}").number for n in range(65)]
    seen, after = [], ""
    for _ in range(3):
        response = alice_client.get("/inbox/", {"view": "open", "after": after})
        seen += [row.number for row in response.context["rows"]]
        after = response.context["next_cursor"]
    assert seen == made[::-1]
    assert after == ""


def post_reply(client, ticket, **fields):
    data = {"key": str(uuid4()), "kind": "reply", "text": "Hello", "then": "waiting"} | fields
    return client.post(f"/inbox/{ticket.number}/reply/", data, **HTMX)


def test_a_reply_sent_twice_is_one_message(alice_client, ticket):
    key = str(uuid4())
    for _ in range(2):
        response = post_reply(alice_client, ticket, key=key)
        assert response.status_code == 200
        assert json.loads(response["HX-Trigger"]) == {"ticket-changed": {"number": ticket.number}}
    assert ticket.messages.filter(text="Hello").count() == 1


def test_a_reply_can_resolve(alice_client, ticket):
    post_reply(alice_client, ticket, then="resolved")
    assert Ticket.objects.get(pk=ticket.pk).status == Status.RESOLVED


def test_a_note_stays_inside(alice_client, ticket):
    post_reply(alice_client, ticket, kind="note", text="Careful")
    assert not ticket.messages.get(text="Careful").is_public


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"text": "  "}, "The message is empty"), ({"text": "x" * 100_001}, "at most 100000")],
)
def test_a_refused_reply_says_why_and_keeps_the_words(fields, told, alice_client, ticket):
    response = post_reply(alice_client, ticket, **fields)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert fields["text"].strip() in response.content.decode()


def test_a_file_that_is_too_large_is_refused_and_the_words_stay(alice_client, ticket, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MAX_ATTACHMENT_BYTES = 10
    response = post_reply(alice_client, ticket, files=SimpleUploadedFile("log.txt", b"x" * 11), text="See the log")
    assert response.status_code == 422
    assert "log.txt" in response.content.decode()
    assert "See the log" in response.content.decode()
    assert not ticket.messages.filter(text="See the log").exists()


def test_a_draft_is_kept_and_gone_once_sent(alice_client, alice, ticket):
    key = str(uuid4())
    alice_client.post(f"/inbox/{ticket.number}/draft/", {"key": key, "kind": "note", "text": "Half a th"})
    assert Draft.objects.get(user=alice, ticket=ticket).text == "Half a th"
    assert "Half a th" in alice_client.get(f"/inbox/{ticket.number}/").content.decode()
    post_reply(alice_client, ticket, key=key, kind="note", text="Half a thought")
    alice_client.post(f"/inbox/{ticket.number}/draft/", {"key": key, "kind": "note", "text": "Half a thought"})
    assert not Draft.objects.exists()


def test_bobs_draft_is_not_alices(alice_client, bob, ticket):
    Draft.keep(user_id=bob.pk, ticket_id=ticket.pk, is_note=False, text="Bob's words")
    assert "Bob's words" not in alice_client.get(f"/inbox/{ticket.number}/").content.decode()


def test_each_change_is_one_post(alice_client, alice, bob, ticket, categories, billing_team):
    for name, value in [
        ("status", "hold"), ("priority", "4"), ("category", categories["wifi"].pk), ("assignee", bob.pk),
        ("tags", "vip，slow, vip"),
    ]:  # fmt: skip
        response = alice_client.post(f"/inbox/{ticket.number}/{name}/", {"value": value})
        assert response.status_code == 204, name
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.category, ticket.assignee, ticket.tags) == (
        "hold", 4, categories["wifi"], bob, ["slow", "vip"],
    )  # fmt: skip
    alice_client.post(f"/inbox/{ticket.number}/team/", {"value": billing_team.pk})
    assert alice_client.get(f"/inbox/{ticket.number}/").status_code == 404


@pytest.mark.parametrize(("name", "value"), [("status", "paused"), ("priority", "9"), ("priority", "x"), ("team", "x")])
def test_a_value_of_no_menu_is_refused(name, value, alice_client, ticket):
    assert alice_client.post(f"/inbox/{ticket.number}/{name}/", {"value": value}).status_code == 400


def test_the_tail_holds_what_is_new_and_nothing_else(alice_client, bob, ticket):
    last = ticket.events.latest("pk").pk
    assert alice_client.get(f"/inbox/{ticket.number}/tail/?after={last}").status_code == 204
    ticket.reply("From Bob", by=bob)
    page = alice_client.get(f"/inbox/{ticket.number}/tail/?after={last}").content.decode()
    assert "From Bob" in page
    assert "drops at eight" not in page
    assert 'id="head" hx-swap-oob="true"' in page


def test_what_people_write_is_escaped(alice_client, dana):
    ticket = opened_by(dana, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    page = alice_client.get(f"/inbox/{ticket.number}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def statements(client, address, **extra):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, **extra).status_code == 200
    return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


def test_the_list_asks_the_same_at_30_and_at_300_rows(alice_client, dana):
    opened_by(dana)
    alice_client.get("/inbox/?view=open")
    few = statements(alice_client, "/inbox/?view=open")
    for n in range(35):
        opened_by(dana, f"Ticket {n}")
    many = statements(alice_client, "/inbox/?view=open&shown=150")
    assert few == many <= 10


def test_a_ticket_asks_the_same_with_1_and_with_40_messages(alice_client, alice, ticket):
    alice_client.get(f"/inbox/{ticket.number}/")
    few = statements(alice_client, f"/inbox/{ticket.number}/", **HTMX)
    for n in range(40):
        ticket.note(f"Note {n}", by=alice)
    many = statements(alice_client, f"/inbox/{ticket.number}/", **HTMX)
    assert few == many <= 15
    assert statements(alice_client, f"/inbox/{ticket.number}/") <= 15


def test_a_reply_takes_at_most_15_statements(alice_client, ticket, django_assert_max_num_queries):
    with django_assert_max_num_queries(22) as captured:
        post_reply(alice_client, ticket)
    real = [q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(real) <= 15


def test_the_list_costs_the_same_whether_customers_have_names_or_not(
    mona_client, network_team, alice, django_assert_max_num_queries
):
    for number in range(30):
        opened_by(Customer.with_address(f"nameless{number}@example.com"), "The line is slow").send_to(
            network_team, by=alice
        )
    mona_client.get("/inbox/?view=open")
    with django_assert_max_num_queries(7):
        page = mona_client.get("/inbox/?view=open")
    assert "nameless29@example.com" in page.content.decode()


def test_a_ticket_opened_by_its_address_comes_before_its_list(ticket, alice_client):
    page = alice_client.get(f"/inbox/{ticket.number}/?view=open").content.decode()
    assert f'id="row-{ticket.number}"' not in page
    assert 'hx-get="/inbox/?view=open"' in page
    rows = alice_client.get("/inbox/?view=open", headers={"hx-request": "true"}).content.decode()
    assert f'id="row-{ticket.number}"' in rows
    assert '<span class="count">1</span>' in rows, "with the counts that the page left out"
