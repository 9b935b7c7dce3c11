"""Language, appearance and presence."""

import pytest
from django.test import Client

from people.models import Presence


@pytest.mark.django_db
def test_a_visitor_reads_the_language_that_was_chosen(client):
    response = client.post("/language/", {"language": "zh-hans", "next": "/support/new"})
    assert response["Location"] == "/support/new"
    assert '<html lang="zh-hans"' in client.get("/support/new").content.decode()


def test_alice_keeps_her_language_on_every_device(alice, alice_client):
    alice_client.post("/language/", {"language": "zh-hans"})
    alice.refresh_from_db()
    assert alice.language == "zh-hans"


def test_alice_keeps_her_theme(alice, alice_client):
    alice_client.post("/theme/", {"theme": "dark"})
    alice.refresh_from_db()
    assert alice.theme == "dark"


@pytest.mark.django_db
def test_a_visitor_keeps_the_theme_in_a_cookie(client):
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").content.decode()


def test_alice_goes_online(alice, alice_client):
    alice_client.post("/presence/", {"presence": "online"})
    alice.refresh_from_db()
    assert alice.presence == Presence.ONLINE


@pytest.mark.django_db
def test_a_visitor_has_no_presence(client):
    assert "/account/login/" in client.post("/presence/", {"presence": "online"})["Location"]


@pytest.mark.parametrize(
    ("address", "field"), [("/language/", "language"), ("/theme/", "theme"), ("/presence/", "presence")]
)
def test_an_unknown_choice_is_refused(alice_client, address, field):
    assert alice_client.post(address, {field: "klingon"}).status_code == 400
    assert alice_client.get(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
    ],
)
def test_the_way_back_stays_on_this_site(client, target):
    assert client.post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_an_htmx_page_is_shown_again(alice_client):
    response = alice_client.post("/theme/", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/language/", "/theme/", "/presence/", "/my/sign-in/", "/support/new"])
def test_other_sites_cannot_post_here(address):
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
