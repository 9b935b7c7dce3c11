"""Who gets which answer from each address: one row for each (route, method).

The columns are the eight kinds of people who may come by:

    stranger    anonymous
    dana        the ticket's customer, in her own session
    bearer      whoever holds the mailed link of her ticket, and nothing else
    erik        another customer, in his own session
    alice       an agent of the ticket's team
    charlie     an agent of another team
    mona        a manager
    ada         an administrator

An answer is a status, or the place a person is sent to: `desk` is the staff's sign-in, `door` the customers'.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

SUBJECTS = ("stranger", "dana", "bearer", "erik", "alice", "charlie", "mona", "ada")
REFUSED = {"400", "401", "403", "404", "405", "410", "desk", "door"}

EVERYONE = "200 200 200 200 200 200 200 200"
NOBODY = "404 404 404 404 404 404 404 404"
STAFF = "desk desk desk desk 200 200 200 200"
ITS_STAFF = "desk desk desk desk 200 404 200 200"
ITS_STAFF_CHANGES = "desk desk desk desk 204 404 204 204"
STAFF_ACTS = "desk desk desk desk 302 302 302 302"
MANAGERS = "desk desk desk desk 404 404 200 200"
MANAGERS_DECIDE = "desk desk desk desk 404 404 302 302"
API = "401 401 401 401 200 200 200 200"
ITS_API = "401 401 401 401 200 404 200 200"
ITS_CUSTOMER = "door 200 door 404 door door door door"
ITS_CUSTOMER_ACTS = "door 302 door 404 door door door door"
ITS_BEARER = "404 404 200 404 404 404 404 404"
ITS_BEARER_ACTS = "404 404 302 404 404 404 404 404"
NO_STAFF = "desk desk desk desk 404 404 404 404"
NO_API = "401 401 401 401 404 404 404 404"
NOT_YET_PUBLIC = "404 404 404 404 200 200 200 200"
NOT_YET_PUBLIC_ACTS = "404 404 404 404 302 302 302 302"
NO_CUSTOMER = "door 404 door 404 door door door door"

NOTE_FILE = {"key": "note_file"}
OTHER_FILE = {"key": "other_file"}
DRAFT = {"slug": "slug"}

Words = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """`words(world)` is what a form or JSON body says; `args` names the world's own values for the address."""

    route: str
    method: str
    answers: str
    words: Callable[[Any], Words] = lambda world: {}
    args: dict[str, str] = field(default_factory=dict)
    about: str = ""
    is_secret: bool = False  # nobody here holds the secret of the address: a wrong one answers all alike

    def __str__(self) -> str:
        return f"{self.method} {self.route}{f' ({self.about})' if self.about else ''}"

    def answer_to(self, subject: str) -> str:
        return dict(zip(SUBJECTS, self.answers.split(), strict=True))[subject]


def says(**words: Any) -> Callable[[Any], Words]:
    return lambda world: words


def reply(world: Any) -> Words:
    return {"key": str(uuid.uuid4()), "text": "Please restart the router.", "kind": "reply", "then": "waiting"}


def answer(world: Any) -> Words:
    return {"key": str(uuid.uuid4()), "text": "It dropped again at nine."}


def article(world: Any, slug: str = "draft", base: int = 0) -> Words:
    about = {"section": world.values["section"], "state": "draft", "slug": slug, "position": 0}
    english = {"en-title": "New light", "en-body": "It is green.", "en-base": base}
    return about | english | {"zh-title": "", "zh-body": "", "zh-base": 0}


NEW_TICKET = says(text="My phone has no signal.", customer={"email": "frida@example.com", "name": "Frida"})
ENQUIRY = says(email="frida@example.com", name="Frida", subject="No signal", description="My phone has no signal.")
READING = says(reading="11111111-2222-4333-8444-555555555555")

TABLE = [
    # --- The house
    Row("/healthz", "GET", EVERYONE),
    Row("/readyz", "GET", EVERYONE),
    # --- The staff's sign-in
    Row("account_login", "GET", "200 200 200 200 302 302 302 302"),
    Row("account_login", "POST", "200 200 200 200 302 302 302 302", says(login="alice", password="wrong")),
    Row("account_logout", "GET", "302 302 302 302 200 200 200 200"),
    Row("account_logout", "POST", "302 302 302 302 302 302 302 302"),
    Row("account_signup", "GET", "200 200 200 200 302 302 302 302"),
    Row("account_signup", "POST", "200 200 200 200 302 302 302 302", says(email="eve@desk.example", password1="x")),
    Row("account_inactive", "GET", EVERYONE),
    Row("account_reauthenticate", "GET", STAFF),
    Row("account_reauthenticate", "POST", STAFF, says(password="wrong")),
    Row("account_change_password", "GET", STAFF),
    Row("account_change_password", "POST", STAFF, says(oldpassword="wrong", password1="x", password2="y")),
    Row("account_reset_password", "GET", EVERYONE),
    Row("account_reset_password", "POST", "302 302 302 302 302 302 302 302", says(email="alice@desk.example")),
    Row("account_reset_password_done", "GET", EVERYONE),
    Row("account_reset_password_from_key", "GET", EVERYONE, is_secret=True),
    Row("account_reset_password_from_key", "POST", EVERYONE, says(password1="x" * 12), is_secret=True),
    Row("account_reset_password_from_key_done", "GET", EVERYONE),
    # --- Where customers begin
    Row("support:start", "GET", EVERYONE),
    Row("support:new", "GET", EVERYONE),
    Row("support:new", "POST", "302 302 302 302 302 302 302 302", ENQUIRY),
    Row("support:sent", "GET", EVERYONE),
    Row("support:sign_in", "GET", "200 302 200 302 200 200 200 200"),
    Row("support:sign_in", "POST", "200 302 200 302 200 200 200 200", says(email="dana@example.com")),
    Row("people:open_link", "GET", EVERYONE, is_secret=True),
    Row("people:open_link", "POST", "302 302 302 302 302 302 302 302"),
    Row("people:open_link", "POST", "410 410 410 410 410 410 410 410", args={"token": "forged"}, about="a guess"),
    Row("people:leave", "POST", "302 302 302 302 302 302 302 302"),
    # --- What everyone may prefer
    Row("people:language", "POST", "302 302 302 302 302 302 302 302", says(language="zh-hans")),
    Row("people:theme", "POST", "302 302 302 302 302 302 302 302", says(theme="dark")),
    Row("people:presence", "POST", "desk desk desk desk 302 302 302 302", says(presence="away")),
    # --- The customer's own pages
    Row("tickets:my_tickets", "GET", "door 200 door 200 door door door door"),
    Row("tickets:my_ticket", "GET", ITS_CUSTOMER),
    Row("tickets:my_ticket_answer", "POST", ITS_CUSTOMER_ACTS, answer),
    Row("tickets:my_ticket_solved", "POST", ITS_CUSTOMER_ACTS),
    Row("tickets:my_ticket_reopen", "POST", ITS_CUSTOMER_ACTS),
    Row("tickets:my_ticket_rate", "POST", ITS_CUSTOMER_ACTS, says(score="4")),
    Row("tickets:my_ticket_news", "GET", ITS_CUSTOMER),
    Row("tickets:my_ticket_file", "GET", ITS_CUSTOMER),
    Row("tickets:my_ticket_file", "GET", NO_CUSTOMER, args=NOTE_FILE, about="of a note"),
    Row("tickets:my_ticket_file", "GET", NO_CUSTOMER, args=OTHER_FILE, about="of another ticket"),
    # --- The mailed link: each comes with the best token they can make
    Row("tickets:link", "GET", ITS_BEARER),
    Row("tickets:link_answer", "POST", ITS_BEARER_ACTS, answer),
    Row("tickets:link_solved", "POST", ITS_BEARER_ACTS),
    Row("tickets:link_reopen", "POST", ITS_BEARER_ACTS),
    Row("tickets:link_rate", "POST", ITS_BEARER_ACTS, says(score="4")),
    Row("tickets:link_news", "GET", ITS_BEARER),
    Row("tickets:link_file", "GET", ITS_BEARER),
    Row("tickets:link_file", "GET", NOBODY, args=NOTE_FILE, about="of a note"),
    Row("tickets:link_file", "GET", NOBODY, args=OTHER_FILE, about="of another ticket"),
    # --- The mailed faces, with a token of their own
    Row("tickets:rate", "GET", ITS_BEARER),
    Row("tickets:rate", "POST", ITS_BEARER_ACTS, says(score="4", comment="Quick, thanks.")),
    # --- The inbox
    Row("tickets:inbox", "GET", STAFF),
    Row("tickets:ticket", "GET", ITS_STAFF),
    Row("tickets:tail", "GET", ITS_STAFF),
    Row("tickets:reply", "POST", ITS_STAFF, reply),
    Row("tickets:draft", "POST", ITS_STAFF, reply),
    Row("tickets:status", "POST", ITS_STAFF_CHANGES, says(value="hold")),
    Row("tickets:priority", "POST", ITS_STAFF_CHANGES, says(value="4")),
    Row("tickets:category", "POST", ITS_STAFF_CHANGES, lambda world: {"value": world.category.pk}),
    Row("tickets:team", "POST", ITS_STAFF_CHANGES, lambda world: {"value": world.other_team.pk}),
    Row("tickets:assignee", "POST", ITS_STAFF_CHANGES, lambda world: {"value": world.bob.pk}),
    Row("tickets:tags", "POST", ITS_STAFF_CHANGES, says(value="vip, evening")),
    Row("tickets:file", "GET", ITS_STAFF),
    Row("tickets:file", "GET", ITS_STAFF, args=NOTE_FILE, about="of a note"),
    Row("tickets:file", "GET", NO_STAFF, args=OTHER_FILE, about="of another ticket"),
    # --- Triage
    Row("triage:panel", "GET", ITS_STAFF),
    Row("triage:category", "POST", ITS_STAFF, says(category="wifi")),
    Row("triage:priority", "POST", ITS_STAFF, says(priority="urgent")),
    Row("triage:team", "POST", ITS_STAFF, lambda world: {"team": world.other_team.pk}),
    Row("triage:assignee", "POST", ITS_STAFF, lambda world: {"assignee": world.bob.pk}),
    Row("triage:solution_used", "POST", ITS_STAFF),
    Row("triage:solution_solved", "POST", ITS_STAFF),
    Row("triage:solution_solved", "DELETE", ITS_STAFF),
    Row("triage:model", "GET", MANAGERS),
    Row("triage:runs", "POST", MANAGERS_DECIDE, says(kind="train")),
    # --- The help centre
    Row("knowledge:help", "GET", "302 302 302 302 302 302 302 302"),
    Row("knowledge:home", "GET", EVERYONE),
    Row("knowledge:section", "GET", EVERYONE),
    Row("knowledge:article", "GET", EVERYONE),
    Row("knowledge:article", "GET", NOT_YET_PUBLIC, args=DRAFT, about="a draft"),
    Row("knowledge:search", "GET", EVERYONE),
    Row("knowledge:say", "POST", "302 302 302 302 302 302 302 302", says(is_helpful="yes")),
    Row("knowledge:say", "POST", NOT_YET_PUBLIC_ACTS, says(is_helpful="yes"), args=DRAFT, about="a draft"),
    Row("knowledge:suggest", "POST", EVERYONE, says(subject="No light", description="It is dark.")),
    Row("knowledge:suggested", "POST", EVERYONE, READING),
    Row("knowledge:suggested", "POST", NOBODY, READING, args=DRAFT, about="a draft"),
    Row("knowledge:solved", "POST", "302 302 302 302 302 302 302 302", READING),
    Row("knowledge:solved", "POST", NOBODY, READING, args=DRAFT, about="a draft"),
    Row("knowledge:glad", "GET", EVERYONE),
    Row("knowledge:robots", "GET", EVERYONE),
    Row("knowledge:sitemap", "GET", EVERYONE),
    # --- The managers' reports
    Row("analytics:overview", "GET", MANAGERS),
    Row("analytics:satisfaction", "GET", MANAGERS),
    Row("analytics:efficiency", "GET", MANAGERS),
    Row("analytics:tickets", "GET", MANAGERS, says(metric="created")),
    Row("analytics:tickets", "GET", MANAGERS, says(metric="created", format="csv"), about="as a file"),
    Row("analytics:tickets", "GET", NO_STAFF, about="behind no figure"),
    Row("analytics:groups", "GET", MANAGERS),
    # --- The knowledge base as its writers see it
    Row("knowledge:library", "GET", STAFF),
    Row("knowledge:new", "GET", STAFF),
    Row("knowledge:new", "POST", STAFF_ACTS, lambda world: article(world, slug="")),
    Row("knowledge:edit", "GET", STAFF),
    Row("knowledge:edit", "POST", STAFF_ACTS, lambda world: article(world, base=1)),
    Row("knowledge:preview", "POST", STAFF, says(**{"en-body": "**Unplug** it."})),
    Row(
        "knowledge:images", "POST", STAFF, lambda world: {"image": SimpleUploadedFile("dot.gif", b"GIF89a" + bytes(30))}
    ),
    Row("knowledge:revisions", "GET", STAFF),
    Row("knowledge:restore", "POST", STAFF_ACTS),
    Row("knowledge:image", "GET", EVERYONE),
    # --- Mail that was set aside
    Row("channels:quarantine", "GET", MANAGERS),
    Row("channels:set_aside", "GET", MANAGERS),
    Row("channels:raw", "GET", MANAGERS),
    Row("channels:make_ticket", "POST", MANAGERS_DECIDE),
    Row("channels:append", "POST", MANAGERS_DECIDE),
    Row("channels:drop", "POST", MANAGERS_DECIDE),
    Row("channels:read_again", "POST", MANAGERS_DECIDE),
    # --- The API, by session and by token alike
    Row("api:ticket-list", "GET", API),
    Row("api:ticket-list", "POST", "401 401 401 401 201 201 201 201", NEW_TICKET),
    Row("api:ticket-detail", "GET", ITS_API),
    Row("api:ticket-messages", "POST", "401 401 401 401 201 404 201 201", says(text="Restart it.", public=True)),
    Row("api:ticket-attachment", "GET", ITS_API),
    Row("api:ticket-attachment", "GET", ITS_API, args=NOTE_FILE, about="of a note"),
    Row("api:ticket-attachment", "GET", NO_API, args=OTHER_FILE, about="of another ticket"),
    Row("api_schema", "GET", API),
    Row("api_documentation", "GET", STAFF),
    # --- The demo's mailbox, where there is no demo
    Row("demo:mailbox", "GET", NOBODY),
    Row("demo:news", "GET", NOBODY),
    Row("demo:mail", "GET", NOBODY),
    Row("demo:answer", "POST", NOBODY, says(text="Thanks")),
    # --- Django's admin: its index stands for all of its addresses
    Row("admin:index", "GET", "desk desk desk desk desk desk desk 200"),
    Row("admin:people_customer_change", "GET", "desk desk desk desk desk desk desk 200"),
    Row("admin:login", "GET", "desk desk desk desk 403 403 403 302"),
    Row("admin:login", "POST", "desk desk desk desk 403 403 403 200", says(username="ada", password="guess")),
]

# Views of other people's making, and two that only say how the house is, take any method.
ANY_METHOD = ("account_", "admin:", "/")
