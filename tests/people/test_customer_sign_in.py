"""A customer signs in by a mailed link: it works once, for 15 minutes, and tells nobody who is known here."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from channels import outgoing, support_views
from channels.models import Letter
from people.models import Customer, CustomerSession, Identity, SignInLink

ASK = "/my/sign-in/"


def link_to(customer: Customer) -> str:
    return f"/my/sign-in/{SignInLink.issue(customer.identities.get())}/"


def test_dana_gets_a_link_and_sees_her_tickets(client, dana, ticket, mailoutbox):
    client.post(ASK, {"email": "Dana@Example.com"})
    outgoing.send_due()
    assert mailoutbox[0].to == ["dana@example.com"]
    path = re.search(r"/my/sign-in/[\w-]+/", mailoutbox[0].body).group()
    assert "Sign in" in client.get(path).content.decode()
    response = client.post(path, follow=True)
    assert response.redirect_chain == [("/my/", 302)]
    assert ticket.subject in response.content.decode()


def test_a_known_and_an_unknown_address_get_the_same_page(client, dana):
    known = client.post(ASK, {"email": "dana@example.com"})
    unknown = client.post(ASK, {"email": "nobody@example.com"})
    pages = [answer.content.decode() for answer in (known, unknown)]
    cleaned = [re.sub(r'value="\w{64}"|(dana|nobody)@example.com', "", page) for page in pages]
    assert known.status_code == unknown.status_code == 200
    assert cleaned[0] == cleaned[1]
    assert Letter.objects.count() == 1


def test_a_known_address_takes_no_telling_time(client, dana, monkeypatch):
    monkeypatch.setattr(support_views, "LINKS_OF_A_NETWORK", 1000)
    monkeypatch.setattr(support_views, "LINKS_OF_AN_ADDRESS", 1000)
    took: dict[str, list[float]] = {"dana@example.com": [], "nobody@example.com": []}
    for _ in range(40):
        for address, times in took.items():
            start = time.perf_counter()
            client.post(ASK, {"email": address})
            times.append(time.perf_counter() - start)
    known, unknown = (statistics.median(times) for times in took.values())
    assert abs(known - unknown) < 0.010


def test_looking_at_the_link_does_not_use_it_up(client, dana):
    path = link_to(dana)
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.post(path).status_code == 302


def test_the_link_works_once(client, dana):
    path = link_to(dana)
    client.post(path)
    second = client.post(path)
    assert second.status_code == 410
    assert "works once" in second.content.decode()


def test_the_link_works_for_15_minutes(client, dana):
    path = link_to(dana)
    SignInLink.objects.update(created_at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert client.post(path).status_code == 410


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "a" * 3000])
def test_an_invented_link_opens_nothing(client, token):
    assert client.post(f"/my/sign-in/{token}/").status_code == 410
    assert CustomerSession.COOKIE not in client.cookies


def test_only_hashes_are_kept(dana):
    token = SignInLink.issue(dana.identities.get())
    key = CustomerSession.open(dana)
    assert token not in SignInLink.objects.get().token_hash
    assert key not in CustomerSession.objects.get().key_hash


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, dana, settings):
    settings.SECURE = True
    client.post(link_to(dana))
    cookie = client.cookies[CustomerSession.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert cookie["max-age"] == 12 * 3600


def test_signing_in_ends_the_session_that_the_browser_brought_along(client, dana, erik):
    client.post(link_to(dana))
    planted = client.cookies[CustomerSession.COOKIE].value
    client.post(link_to(erik))
    assert client.cookies[CustomerSession.COOKIE].value != planted
    assert CustomerSession.customer_of(planted) is None


def test_signing_out_ends_the_session(client, dana):
    client.post(link_to(dana))
    key = client.cookies[CustomerSession.COOKIE].value
    client.post("/my/sign-out/")
    assert CustomerSession.customer_of(key) is None
    assert client.get("/my/").status_code == 302


def test_a_session_ends_after_12_hours(client, dana):
    client.post(link_to(dana))
    CustomerSession.objects.update(expires_at=timezone.now())
    assert client.get("/my/")["Location"] == ASK


def test_an_address_gets_five_links_an_hour_and_the_page_never_says_so(client, dana):
    answers = [
        client.post(ASK, {"email": "dana@example.com"}, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(7)
    ]
    assert answers == [200] * 7
    assert Letter.objects.count() == 5


def test_a_network_asks_for_twenty_links_an_hour_whatever_it_claims_to_be(client, db):
    answers = [
        client.post(ASK, {"email": f"d{n}@example.com"}, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code
        for n in range(21)
    ]
    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize("address", ["", "dana", "dana@example.com\nBcc: x@example.com", "a" * 400 + "@example.com"])
def test_what_is_no_address_is_told(client, db, address):
    assert client.post(ASK, {"email": address}).status_code == 422


def test_a_lookalike_address_never_gets_the_link(client, dana):
    """The Kelvin sign becomes a plain k in lower case: the mail still goes to the address we know."""
    kim = Customer.with_address("kim@example.com", verified=True)
    client.post(ASK, {"email": "\u212aim@example.com"})
    assert set(Letter.objects.values_list("address", flat=True)) <= {kim.address}


def test_an_array_of_addresses_is_one_address(client, dana):
    client.post(ASK, {"email": ["attacker@example.com", "dana@example.com"]})
    assert list(Letter.objects.values_list("address", flat=True)) == ["dana@example.com"]


def test_the_link_proves_the_address(client, db):
    frida = Customer.with_address("frida@example.com")
    client.post(link_to(frida))
    assert Identity.objects.get().verified_at is not None


def test_staff_are_no_customers(alice_client, ticket):
    assert alice_client.get("/my/")["Location"] == ASK
    assert alice_client.get(f"/my/{ticket.number}/")["Location"] == ASK
