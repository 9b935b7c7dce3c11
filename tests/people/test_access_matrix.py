"""Every address of the house, knocked at by everyone who may come by. `access_table` says who gets which answer."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.http import int_to_base36
from rest_framework.authtoken.models import Token

from channels.models import Inbound
from demo import mailbox
from knowledge.models import Article, Image, Section, Version
from people.models import Customer, CustomerSession, Role, SignInLink, Team, User
from tests.channels.letters import answering, written
from tests.conftest import PASSWORD, member, opened_by, signed_in
from tests.people.access_table import ANY_METHOD, REFUSED, SUBJECTS, TABLE, Row
from tickets.links import page_token, rating_token
from tickets.models import Attachment, Category, Survey, Ticket
from tickets.uploads import upload
from triage.models import Target

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
STAFF = ("alice", "charlie", "mona", "ada")
SIGN_INS = {"desk": ("/account/login/", "/admin/login/"), "door": ("/my/sign-in/",)}
# Of the admin's many routes these are tried; its index stands for the rest.
OF_THE_ADMIN = {"admin:login": [], "admin:people_customer_change": ["object_id"]}


# --- The routes


def routes(patterns, prefix: str = "", names: tuple[str, ...] = ()) -> Iterator[tuple[str, str, list[str]]]:
    """(name with its namespace, address, its parameters) of each route; the admin stands for all of its own."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*names, pattern.namespace) if pattern.namespace else names
            if pattern.app_name == "admin":
                yield "admin:index", address, []
            else:
                yield from routes(pattern.url_patterns, address, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join([*names, pattern.name]) if pattern.name else f"/{address}"
            yield name, address, list(pattern.pattern.regex.groupindex)


ROUTES = {name: parameters for name, _, parameters in routes(get_resolver().url_patterns)} | OF_THE_ADMIN


def test_every_route_has_a_name_of_its_own():
    names = [name for name, _, _ in routes(get_resolver().url_patterns)]
    assert len(names) == len(set(names))


def test_every_route_stands_in_the_table_and_nothing_else_does():
    assert {row.route for row in TABLE} == ROUTES.keys()


def test_no_row_stands_twice():
    assert len({str(row) for row in TABLE}) == len(TABLE)


# --- The people and what they knock at


@dataclass
class World:
    ticket: Ticket
    dana: Customer
    bob: User
    category: Category
    other_team: Team
    values: dict[str, str]  # what stands in addresses
    cookies: dict[str, dict[str, str]]
    tokens: dict[str, str]  # of the staff's programs
    page_tokens: dict[str, str]
    rating_tokens: dict[str, str]
    heard: dict[tuple, "Answer"] = field(default_factory=dict)

    def client(self, subject: str, *, checks_forms: bool = False) -> Client:
        client = client_of(checks_forms)
        for name, value in self.cookies.get(subject, {}).items():
            client.cookies[name] = value
        return client

    def program(self, subject: str, *, checks_forms: bool = False) -> Client:
        client = client_of(checks_forms)
        client.defaults["HTTP_AUTHORIZATION"] = f"Token {self.tokens[subject]}"
        return client

    def ways(self, row: Row, subject: str) -> list[str]:
        """A browser and, for the staff at the API, a program with a token."""
        is_api = row.route.startswith("api") and row.route != "api_documentation"
        return ["client", "program"] if is_api and subject in STAFF else ["client"]

    def value(self, row: Row, parameter: str, subject: str) -> str:
        """What stands in the address for a parameter, when this person asks."""
        if name := row.args.get(parameter):
            return self.values[name]
        if parameter == "token" and row.route.startswith("tickets:link"):
            return self.page_tokens[subject]
        if parameter == "token" and row.route == "tickets:rate":
            return self.rating_tokens[subject]
        return self.values.get(f"{row.route}.{parameter}") or self.values[parameter]

    def address(self, row: Row, subject: str, **changed: str) -> str:
        if row.route.startswith("/"):
            return row.route
        known = {parameter: self.value(row, parameter, subject) for parameter in ROUTES[row.route]}
        return reverse(row.route, kwargs=known | changed)

    def answer(self, row: Row, subject: str, way: str = "client") -> "Answer":
        """What this person hears at the row's address; asked once."""
        if (str(row), subject, way) not in self.heard:
            self.heard[str(row), subject, way] = knock(getattr(self, way)(subject), self, row, subject)
        return self.heard[str(row), subject, way]


@cache
def handler(checks_forms: bool) -> ClientHandler:
    """One for all clients: it would load the middleware for each anew."""
    return ClientHandler(enforce_csrf_checks=checks_forms)


def client_of(checks_forms: bool) -> Client:
    client = Client(enforce_csrf_checks=checks_forms)
    client.handler = handler(checks_forms)
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    folder = str(tmp_path_factory.mktemp("data"))
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder, DEMO=False), undone():
        yield made_world()


def made_world() -> World:
    network, billing = (Team.objects.create(slug=slug, name_en=slug.title()) for slug in ("network", "billing"))
    wifi = Category.objects.create(slug="wifi", name_en="Wi-Fi", team=network)
    dana, erik = (Customer.with_address(f"{name}@example.com", name=name, verified=True) for name in ("dana", "erik"))
    people = {
        "alice": member("alice", network),
        "charlie": member("charlie", billing),
        "mona": member("mona", role=Role.MANAGER),
        "ada": member("ada", role=Role.ADMINISTRATOR),
    }
    ticket = opened_by(dana, "Wi-Fi drops every evening")
    ticket.send_to(network, by=people["alice"])
    ticket.answer("See the log.", by=dana, channel="page", files=[upload("log.txt", b"of Dana")])
    ticket.note("Look here.", by=people["alice"], files=[upload("inner.txt", b"of the staff")])
    Survey.objects.create(ticket=ticket, state=Survey.State.ASKED, asked_at=timezone.now())
    other = opened_by(erik, "Charged twice")
    other.send_to(billing, by=people["mona"])
    other.answer("See the bill.", by=erik, channel="page", files=[upload("bill.txt", b"of Erik")])
    return World(
        ticket=ticket,
        dana=dana,
        bob=member("bob", network),
        category=wifi,
        other_team=billing,
        values=values(ticket, dana, people["alice"]),
        cookies={
            "dana": {CustomerSession.COOKIE: CustomerSession.open(dana)},
            "erik": {CustomerSession.COOKIE: CustomerSession.open(erik)},
            **{name: {"sessionid": signed_in(user).cookies["sessionid"].value} for name, user in people.items()},
        },
        tokens={name: Token.objects.create(user=user).key for name, user in people.items()},
        page_tokens=mailed_tokens(page_token, ticket, other),
        rating_tokens=mailed_tokens(rating_token, ticket, other),
    )


def values(ticket: Ticket, dana: Customer, alice: User) -> dict[str, str]:
    files = dict(Attachment.objects.values_list("name", "key"))
    form, _ = Inbound.take(channel="form", key=str(uuid.uuid4()), raw=b"{}", sender="dana@example.com")
    form.settle(Inbound.State.TICKETED, ticket=ticket)
    raw = answering(ticket, "I am her brother.", sender="erik@example.com")
    mail, _ = Inbound.take(channel="mail", key="of Erik", raw=raw, sender="erik@example.com")
    mail.settle(Inbound.State.QUARANTINED, rule="other_sender")
    return {
        "number": str(ticket.number),
        "key": files["log.txt"],
        "note_file": files["inner.txt"],
        "other_file": files["bill.txt"],
        "pk": str(mail.pk),
        "name": mailbox.keep(written(sender="support@support.localhost", to="dana@example.com")),
        "support:sent.key": form.key,
        "token": SignInLink.issue(dana.identities.get()),
        "forged": "a" * 43,
        "uidb36": int_to_base36(alice.pk),
        "account_reset_password_from_key.key": "d5u0yg-8a5a0c1b2f4b4e6f9b8d7c6a5f4e3d2c",
        "object_id": str(dana.pk),
        "dimension": "team",
        **knowledge_values(),
    }


def knowledge_values() -> dict[str, str]:
    """A draft, which the staff alone may know of, a known solution, and a picture for whoever has its key."""
    section = Section.objects.create(slug="network", name_en="Network")
    draft = Article.objects.create(section=section, slug="draft")
    Version.write(draft, "en", title="Lights", body="It blinks.")
    internal = Article.objects.create(section=section, slug="internal", state="internal")
    Version.write(internal, "en", title="Channels", body="Choose channel 36.")
    public = Article.objects.create(section=section, slug="public", state="published")
    Version.write(public, "en", title="Green light", body="All is well.")
    return {
        **dict.fromkeys(OF_AN_ARTICLE, public.slug),
        "knowledge:section.slug": section.slug,
        "section": str(section.pk),
        "slug": draft.slug,
        "language": "en",
        "revision": "1",
        "code": f"a{internal.pk}",
        "knowledge:image.key": Image.keep("dot.gif", b"GIF89a", "image/gif").key,
    }


def mailed_tokens(token: Callable[[Ticket, Customer], str], ticket: Ticket, other: Ticket) -> dict[str, str]:
    """The bearer has the true token; Erik has his own, with the numbers changed; the rest can only guess."""
    true, eriks = token(ticket, ticket.customer), token(other, other.customer)
    guess = f"{true[:-26]}{'a' * 26}"
    return dict.fromkeys(SUBJECTS, guess) | {"bearer": true, "erik": f"{true[:-26]}{eriks[-26:]}"}


OF_AN_ARTICLE = [f"knowledge:{name}.slug" for name in ("article", "say", "suggested", "solved")]
# There is no address in a language that the house does not speak, so an article is missed in Chinese.
IN_CHINESE = [f"knowledge:{name}.language" for name in ("article", "say", "suggested", "solved")]
MISSING = dict.fromkeys(IN_CHINESE, "zh") | {
    "number": "999999999",
    "pk": "999999999",
    "object_id": "999999999",
    "key": "x" * 32,
    "name": "00000000000000000009-00000000",
    "token": "999999999-1-aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "uidb36": "zzzzzz",
    "slug": "no-such-article",
    "code": "a999999999",
    "language": "xx",
    "revision": "999999",
    "support:sent.key": "11111111-2222-4333-8444-555555555555",
    "dimension": "planet",
}


# --- Asking


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str

    @property
    def word(self) -> str:
        """The answer as the table says it."""
        where = self.headers.get("Location", "")
        if self.status != 302:
            return str(self.status)
        return next((name for name, starts in SIGN_INS.items() if where.startswith(starts)), "302")

    def without(self, asked: list[str]) -> "Answer":
        """Without an echo of what was asked for, and without form tokens, which always differ."""

        def cleaned(text: str) -> str:
            for value in sorted(asked, key=len, reverse=True):
                text = text.replace(value, "#")
            return re.sub(r"\b[A-Za-z0-9]{64}\b", "token", text)

        always_differ = {"Content-Length", "Expires"}
        headers = {name: cleaned(value) for name, value in self.headers.items() if name not in always_differ}
        return Answer(self.status, headers, self.cookies, cleaned(self.body))


def knock(client: Client, world: World, row: Row, subject: str, **changed: str) -> Answer:
    """One request whose changes are undone again."""
    address, words = world.address(row, subject, **changed), row.words(world)
    with undone():
        return answered(request(client, row.method, address, words))


def request(client: Client, method: str, address: str, words: dict) -> HttpResponse:
    if address.startswith("/api/"):
        return client.generic(method, address, json.dumps(words) if words else b"", "application/json")
    if method in ("GET", "POST"):
        return client.get(address, words) if method == "GET" else client.post(address, words)
    return client.generic(method, address)


def answered(response: HttpResponse) -> Answer:
    body = b"".join(response) if response.streaming else response.content
    return Answer(response.status_code, dict(response.headers), sorted(response.cookies), body.decode())


every_row = pytest.mark.parametrize("row", TABLE, ids=str)


@every_row
def test_everyone_gets_the_answer_of_the_table(row, world):
    heard = {
        subject: {world.answer(row, subject, way).word for way in world.ways(row, subject)} for subject in SUBJECTS
    }
    assert heard == {subject: {row.answer_to(subject)} for subject in SUBJECTS}


@pytest.mark.parametrize("row", [row for row in TABLE if ROUTES[row.route]], ids=str)
def test_what_is_not_yours_answers_exactly_like_what_is_not_there(row, world):
    for subject in SUBJECTS:
        if row.answer_to(subject) not in REFUSED and not row.is_secret:
            continue
        asked = [world.value(row, parameter, subject) for parameter in ROUTES[row.route]]
        for way in world.ways(row, subject):
            foreign = world.answer(row, subject, way)
            for parameter in ROUTES[row.route]:
                nothing = MISSING.get(f"{row.route}.{parameter}") or MISSING[parameter]
                absent = knock(getattr(world, way)(subject), world, row, subject, **{parameter: nothing})
                assert foreign.without(asked) == absent.without([nothing, *asked]), (subject, parameter)


def test_who_left_the_company_is_a_stranger_everywhere(world):
    with undone():
        User.objects.filter(username="alice").update(is_active=False)
        for row in TABLE:
            for way in world.ways(row, "alice"):
                answer = knock(getattr(world, way)("alice"), world, row, "alice")
                assert answer.word == row.answer_to("stranger"), f"{row} by {way}"


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith(ANY_METHOD)])
def test_a_method_without_a_row_is_refused(route, world):
    rows = [row for row in TABLE if row.route == route]
    welcome = welcome_at(rows[0])
    for method in set(METHODS) - {row.method for row in rows}:
        answer = knock(world.client(welcome), world, Row(route, method, "", args=rows[0].args), welcome)
        assert answer.word == ("404" if route.startswith("demo:") else "405"), method


@pytest.mark.parametrize("row", [row for row in TABLE if row.method != "GET"], ids=str)
def test_no_page_changes_anything_without_the_token_of_its_form(row, world):
    for subject in SUBJECTS:
        if row.answer_to(subject) not in REFUSED:
            assert knock(world.client(subject, checks_forms=True), world, row, subject).word == "403", subject


@pytest.mark.parametrize("route", ["api:ticket-list", "api:ticket-messages"])
def test_a_program_with_a_token_needs_no_form(route, world):
    row = next(row for row in TABLE if row.route == route and row.method == "POST")
    assert knock(world.program("alice", checks_forms=True), world, row, "alice").word == "201"


# --- What lists, counts and searches give away


@pytest.fixture
def secret(world) -> Iterator[Ticket]:
    """A ticket of Dana's in the network team's hands, whose only word nobody else has."""
    with undone():
        ticket = opened_by(world.dana, "Xylophone", "A xylophone was delivered instead.")
        ticket.send_to(world.ticket.team, by=world.bob)
        ticket.resolve(by=world.bob)
        yield ticket


SEES_THE_SECRET = {"alice": True, "charlie": False, "mona": True, "ada": True}
ask_each = pytest.mark.parametrize("subject", STAFF)


@ask_each
@pytest.mark.parametrize("way", ["/inbox/?q=xylophone", "/inbox/?view=resolved", "/inbox/?view=resolved&sort=oldest"])
def test_a_search_and_a_list_hold_what_the_reader_may_see(subject, way, world, secret):
    answer = answered(world.client(subject).get(way))
    assert (f"/inbox/{secret.number}/" in answer.body) is SEES_THE_SECRET[subject]
    assert ("delivered instead" in answer.body) is SEES_THE_SECRET[subject]


@ask_each
def test_a_search_by_number_finds_no_more(subject, world, secret):
    body = answered(world.client(subject).get(f"/inbox/?q={secret.number}")).body
    assert (secret.subject in body) is SEES_THE_SECRET[subject]


@ask_each
def test_counts_tell_of_no_more(subject, world, secret):
    body = answered(world.client(subject).get("/inbox/?view=resolved")).body
    count = re.search(r'view=resolved.*?class="count[^"]*">(\d*)<', body, re.S)
    assert count, body[:2000]
    assert (count[1] == "1") is SEES_THE_SECRET[subject]


@ask_each
@pytest.mark.parametrize("way", ["", "?customer=dana@example.com", "?status=resolved"])
def test_the_apis_list_holds_no_more(subject, way, world, secret):
    for client in (world.client(subject), world.program(subject)):
        found = {ticket["number"] for ticket in client.get(f"/api/v1/tickets/{way}").json()["results"]}
        assert (secret.number in found) is SEES_THE_SECRET[subject]


@ask_each
def test_the_page_of_another_ticket_names_no_more(subject, world, secret):
    """Dana's other tickets stand beside this one, and similar ones in its panel."""
    unsorted = opened_by(world.dana, "What now?")
    unsorted.suggestions.create(target=Target.SIMILAR, ranked=[[secret.pk, 0.9]])
    for address in (f"/inbox/{unsorted.number}/", f"/triage/tickets/{unsorted.number}/panel/"):
        body = answered(world.client(subject).get(address)).body
        assert (secret.subject in body) is SEES_THE_SECRET[subject], address


def test_customers_find_their_own_tickets_and_no_others(world, secret):
    assert secret.subject in answered(world.client("dana").get("/my/")).body
    eriks = answered(world.client("erik").get("/my/")).body
    assert secret.subject not in eriks
    assert "Charged twice" in eriks


def test_a_draft_is_its_writers_own(world):
    address = f"/inbox/{world.ticket.number}/"
    with undone():
        world.client("alice").post(f"{address}draft/", {"key": str(uuid.uuid4()), "text": "Dear Dana, zebra"})
        assert "zebra" in answered(world.client("alice").get(address)).body
        assert "zebra" not in answered(world.client("mona").get(address)).body


def test_a_note_reaches_no_customer(world):
    for subject, address in [("dana", f"/my/{world.ticket.number}/"), ("bearer", f"/t/{world.page_tokens['bearer']}/")]:
        for part in ("", "news/"):
            body = answered(world.client(subject).get(f"{address}{part}")).body
            assert "See the log." in body
            assert "Look here." not in body
            assert "inner.txt" not in body


def test_another_customers_session_opens_no_link_and_a_link_opens_no_session(world):
    """Erik's browser follows Dana's link: he bears it, and it is still one ticket."""
    client, link = world.client("erik"), f"/t/{world.page_tokens['bearer']}/"
    assert answered(client.get(link)).word == "200"
    assert answered(client.get(f"/my/{world.ticket.number}/")).word == "404"


def test_a_revoked_link_is_a_missing_page(world):
    with undone():
        world.ticket.revoke_links(by=world.bob)
        assert answered(world.client("bearer").get(f"/t/{world.page_tokens['bearer']}/")).word == "404"
    world.ticket.refresh_from_db()


# --- Where a page may send its reader next

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)",
    "data:text/html,evil.example",
    "ftp://evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "//testserver\\@evil.example",
    "http://evil.example#@testserver/",
    "\x00//evil.example",
    "/\r\n/evil.example",
]


def stays(where: str) -> bool:
    """As a browser reads it: an own path, or a full address of the site."""
    where = re.sub(r"[\t\r\n]", "", where).strip("\x00\x20").replace("\\", "/")
    return where.startswith(("http://testserver/", "?")) or (where.startswith("/") and not where.startswith("//"))


def test_the_measure_itself_knows_what_leads_away():
    assert not any(stays(where) for where in ELSEWHERE)
    assert stays("/inbox/?next=//evil.example")


@pytest.mark.parametrize("where", ELSEWHERE, ids=repr)
def test_next_never_leads_off_the_site(where, world):
    with undone():
        ways = [
            world.client("stranger").post("/language/", {"language": "en", "next": where}),
            world.client("stranger").post("/theme/", {"theme": "dark", "next": where}),
            world.client("alice").post("/presence/", {"presence": "away", "next": where}),
            world.client("stranger").post("/account/login/", {"login": "alice", "password": PASSWORD, "next": where}),
            world.client("alice").get("/account/login/", {"next": where}),
            world.client("alice").post("/account/reauthenticate/", {"password": PASSWORD, "next": where}),
            world.client("ada").get("/admin/login/", {"next": where}),
            world.client("ada").post("/admin/login/", {"username": "ada", "password": PASSWORD, "next": where}),
            world.client("alice").post("/account/logout/", {"next": where}),
        ]
        for number, response in enumerate(ways):
            assert response.status_code == 302, number
            assert stays(response["Location"]), (number, response["Location"])


@pytest.mark.parametrize(
    "path", ["//evil.example/inbox", "//evil.example/..", "/\\evil.example/inbox", "//evil.example"]
)
def test_a_path_that_looks_like_another_site_leads_nowhere(path, world):
    response = world.client("stranger").generic("GET", "/", PATH_INFO=path)
    assert response.status_code == 404 or stays(response["Location"])


# --- Addresses and forms that nobody's browser writes

ODD = ["9" * 5000, "-1", "a\x00b", "²", "1" * 19, "'\"%_\\😀", "W1tb" * 1000]
QUERY = [
    *("after", "shown", "cursor", "page", "sort", "view", "category", "priority", "language", "channel", "tag"),
    *("state", "seen", "open", "newest", "status", "team", "assignee", "customer", "updated_since", "all"),
]


def of_ours(method: str) -> list[Row]:
    return [row for row in TABLE if row.method == method and not row.about and not row.route.startswith(ANY_METHOD)]


def welcome_at(row: Row) -> str:
    """The most powerful of those whom the row does not turn away."""
    return next((subject for subject in reversed(SUBJECTS) if row.answer_to(subject) not in REFUSED), "ada")


@pytest.mark.parametrize("row", of_ours("GET"), ids=str)
def test_no_odd_question_breaks_a_page(row, world):
    client, address = world.client(welcome_at(row)), world.address(row, welcome_at(row))
    with undone():
        for odd in ODD:
            for names in ([*QUERY], ["q"]):
                response = client.get(address, dict.fromkeys(names, odd), headers={"HX-Request": "true"})
                assert response.status_code < 500, (names, odd[:20])


@pytest.mark.parametrize("row", of_ours("POST"), ids=str)
def test_no_odd_word_in_a_form_breaks_a_page(row, world):
    words = row.words(world)
    for name in words:
        for odd in ODD:
            with undone():
                client, address = world.client(welcome_at(row)), world.address(row, welcome_at(row))
                assert request(client, "POST", address, words | {name: odd}).status_code < 500, (name, odd[:20])
