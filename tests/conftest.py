"""The cast. Alice and Bob are agents of the network team, Charlie of the billing team; Mona manages, Ada administers.

Dana and Erik are customers. `ticket` is Dana's, in the network team's hands.
"""

import pytest
from django.test import Client

from people.models import Customer, Role, Team, User
from tickets.intake import Incoming, receive
from tickets.models import Category, Ticket

PASSWORD = "correct horse battery"


@pytest.fixture
def network_team(db) -> Team:
    return Team.objects.create(slug="network", name_en="Network", name_zh="网络组")


@pytest.fixture
def billing_team(db) -> Team:
    return Team.objects.create(slug="billing", name_en="Billing", name_zh="账务组")


def member(username: str, *teams: Team, role: str = Role.AGENT, **more: object) -> User:
    user = User(username=username, email=f"{username}@desk.example", first_name=username.title(), role=role, **more)
    user.set_password(PASSWORD)
    user.save()
    user.teams.set(teams)
    return user


@pytest.fixture
def alice(network_team) -> User:
    return member("alice", network_team)


@pytest.fixture
def bob(network_team) -> User:
    return member("bob", network_team)


@pytest.fixture
def charlie(billing_team) -> User:
    return member("charlie", billing_team)


@pytest.fixture
def mona(db) -> User:
    return member("mona", role=Role.MANAGER)


@pytest.fixture
def ada(db) -> User:
    return member("ada", role=Role.ADMINISTRATOR)


@pytest.fixture
def dana(db) -> Customer:
    return Customer.with_address("dana@example.com", name="Dana Fields", verified=True)


@pytest.fixture
def erik(db) -> Customer:
    return Customer.with_address("erik@example.com", name="Erik Holm", verified=True)


@pytest.fixture
def categories(network_team, billing_team) -> dict[str, Category]:
    """network › wifi, network › outage (network team); billing › refund, billing › invoice (billing team)."""
    made: dict[str, Category] = {}
    for slug, en, zh, parent, team in [
        ("network", "Network", "网络", None, network_team),
        ("wifi", "Wi-Fi", "无线网络", "network", None),
        ("outage", "Line outage", "线路中断", "network", None),
        ("billing", "Billing", "账单", None, billing_team),
        ("refund", "Refund", "退款", "billing", None),
        ("invoice", "Invoice", "发票", "billing", None),
    ]:
        made[slug] = Category.objects.create(
            slug=slug, name_en=en, name_zh=zh, parent=made.get(parent or ""), team=team
        )
    return made


def opened_by(customer: Customer, subject: str = "Router is offline", text: str = "It went dark.") -> Ticket:
    return receive(Incoming(channel="form", customer=customer, subject=subject, text=text))


@pytest.fixture
def ticket(dana, network_team, alice) -> Ticket:
    ticket = opened_by(dana, "Wi-Fi drops every evening", "Since Monday the Wi-Fi drops at eight.")
    ticket.send_to(network_team, by=alice)
    return ticket


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice_client(alice) -> Client:
    return signed_in(alice)


@pytest.fixture
def bob_client(bob) -> Client:
    return signed_in(bob)


@pytest.fixture
def charlie_client(charlie) -> Client:
    return signed_in(charlie)


@pytest.fixture
def mona_client(mona) -> Client:
    return signed_in(mona)


@pytest.fixture
def ada_client(ada) -> Client:
    return signed_in(ada)
