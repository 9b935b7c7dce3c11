"""Articles offered beside the form, and the two numbers of what came of them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from knowledge import deflections
from knowledge.models import Article, Deflection, Feedback, Section, Version
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Wi-Fi drops", "description": "My Wi-Fi channel is disturbed every evening."}
ENQUIRY = WORDS | {"email": "dana@example.com", "name": "Dana"}


@pytest.fixture
def channel(db) -> Article:
    section = Section.objects.create(slug="network", name_en="Network", name_zh="网络")
    for number in range(12):
        other = Article.objects.create(section=section, slug=f"other-{number}")
        other.set_state("published")
        Version.write(other, "en", title=f"Subject {number}", body=f"About gadget{number} and its manual.")
    article = Article.objects.create(section=section, slug="channel")
    article.set_state("published")
    Version.write(article, "en", title="Wi-Fi drops: change the channel", body="Neighbours disturb it every evening.")
    Version.write(article, "zh-hans", title="无线网络不稳定", body="网络连接不稳定时请更换信道。")
    return article


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def suggest(client, **words) -> str:
    response = client.post("/help/suggest/", words)
    assert response.status_code == 200
    return response.content.decode()


def read(client, key: str):
    return client.post("/help/suggest/en/channel/", {"reading": key})


def solve(client, key: str):
    return client.post("/help/suggest/en/channel/solved/", {"reading": key})


def state_of(key: str) -> str:
    return Deflection.objects.get(key=key).state


def test_what_is_typed_brings_what_fits(channel, client):
    assert "/help/suggest/en/channel/" in suggest(client, **WORDS)
    assert "/help/suggest/zh/channel/" in suggest(client, subject="我的网络连接不稳定", description="")


@pytest.mark.parametrize(
    "words", [{}, {"subject": "Wi"}, {"subject": "Hello", "description": "My dog ate the manual."}]
)
def test_nothing_is_offered_that_does_not_fit(words, channel, client):
    assert suggest(client, **words).strip() == ""


def test_a_draft_is_offered_to_nobody(channel, alice_client):
    channel.set_state("draft")
    assert suggest(alice_client, **WORDS).strip() == ""
    assert read(alice_client, str(uuid.uuid4())).status_code == 404
    assert solve(alice_client, str(uuid.uuid4())).status_code == 404


def test_looking_at_what_is_offered_is_no_deflection_yet(channel, client):
    suggest(client, **WORDS)
    assert not Deflection.objects.exists()


def test_who_reads_is_maybe_helped(channel, client, key):
    part = read(client, key).content.decode()
    assert "Neighbours disturb it every evening." in part
    assert state_of(key) == "maybe"
    read(client, key)
    assert Deflection.objects.count() == 1


def test_who_says_so_is_helped_and_the_article_gets_a_vote(channel, client, key):
    read(client, key)
    assert solve(client, key)["Location"] == "/help/en/solved/"
    assert solve(client, key).status_code == 302  # a double click
    assert state_of(key) == "confirmed"
    assert [vote.is_helpful for vote in Feedback.objects.all()] == [True]
    assert "Glad it is solved" in client.get("/help/en/solved/").content.decode()


def test_a_confirmed_one_stays_confirmed_when_the_article_is_read_again(channel, client, key):
    solve(client, key)
    read(client, key)
    assert state_of(key) == "confirmed"


@pytest.mark.parametrize("before", [read, solve])
def test_who_sends_the_form_was_not_helped(before, channel, client, key):
    before(client, key)
    response = client.post("/support/new", ENQUIRY | {"key": str(uuid.uuid4()), "reading": key})
    assert response.status_code == 302
    assert state_of(key) == "wrote"
    assert Ticket.objects.count() == 1
    read(client, key)
    solve(client, key)
    assert state_of(key) == "wrote"


def test_the_key_survives_a_form_that_comes_back(channel, client, key):
    read(client, key)
    response = client.post("/support/new", ENQUIRY | {"email": "nonsense", "reading": key})
    assert response.status_code == 422
    assert re.search(r'name="reading" value="([^"]+)"', response.content.decode())[1] == key
    assert state_of(key) == "maybe"


def test_a_form_without_its_key_is_sent_all_the_same(channel, client):
    assert client.post("/support/new", ENQUIRY | {"reading": "nonsense"}).status_code == 302
    assert read(client, "nonsense").status_code == 200
    assert not Deflection.objects.exists()


def test_a_ticket_that_fails_takes_nothing_back(channel, client, key):
    form = str(uuid.uuid4())
    client.post("/support/new", ENQUIRY | {"key": form})
    read(client, key)
    response = client.post("/support/new", ENQUIRY | {"key": form, "subject": "Other words", "reading": key})
    assert response.status_code == 422  # the form's key came before with other words
    assert state_of(key) == "maybe"


def test_one_network_cannot_make_numbers(channel, client):
    for _ in range(70):
        read(client, str(uuid.uuid4()))
    assert Deflection.objects.count() == 60


def test_two_different_numbers(channel):
    now = timezone.now()
    for state, minutes in [("maybe", 70), ("maybe", 80), ("maybe", 10), ("confirmed", 5), ("wrote", 90)]:
        at = now - timedelta(minutes=minutes)
        Deflection.objects.create(key=uuid.uuid4(), article=channel, language="en", state=state, at=at)
    # Who read ten minutes ago may still write.
    assert deflections.counts(now - timedelta(days=1), now) == (2, 1)
    assert deflections.counts(now - timedelta(minutes=75), now) == (1, 1)
    assert deflections.counts(now - timedelta(days=2), now - timedelta(days=1)) == (0, 0)
