"""What the hot pages cost: statements and CPU of application and PostgreSQL, on the database of DATABASE_URL.

    DATABASE_URL=postgres://…/bench python manage.py simulate --tickets 100000 --days 400
    DATABASE_URL=postgres://…/bench python -m benchmarks.pages

Each page is asked 3 times to warm up and then `ROUNDS` times, in turn with all others, in this one process without a
web server. CPU of PostgreSQL is that of the one backend that serves us, from /proc. Medians are printed; compare them
within one run, because machines are noisy.
"""

import os
import statistics
import time
from collections.abc import Callable
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from people.models import User  # noqa: E402
from tickets.links import page_token  # noqa: E402
from tickets.models import Ticket  # noqa: E402

ROUNDS = 20
TICK = os.sysconf("SC_CLK_TCK")
HTMX = {"hx-request": "true"}


def backend_cpu() -> float:
    """Seconds of CPU that the PostgreSQL process of this connection has used."""
    with open(f"/proc/{connection.connection.info.backend_pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def pages() -> dict[str, Callable[[], object]]:
    agent, manager = User.objects.filter(role="agent").first(), User.objects.filter(role="manager").first()
    assert agent
    assert manager
    as_agent, as_manager, as_anyone = Client(), Client(), Client()
    as_agent.force_login(agent)
    as_manager.force_login(manager)
    ticket = Ticket.objects.visible_to(agent).open().select_related("customer").order_by("-pk").first()
    assert ticket
    number, link = ticket.number, page_token(ticket, ticket.customer)

    def submit() -> object:
        fields = {"name": "Dana", "email": f"dana{uuid4().hex[:6]}@example.com", "subject": "No signal"}
        more = {"description": "The Wi-Fi drops every evening around eight.", "key": str(uuid4())}
        return as_anyone.post("/support/new", fields | more, headers={"x-forwarded-for": f"10.{uuid4().int % 250}.0.1"})

    def reply() -> object:
        fields = {"key": str(uuid4()), "kind": "note", "text": "Looked into it.", "then": "open"}
        return as_agent.post(f"/inbox/{number}/reply/", fields, headers=HTMX)

    return {
        "floor: no statement": lambda: as_anyone.get("/healthz"),
        "floor: one statement": lambda: connection.cursor().execute("SELECT 1"),
        "inbox, agent, all open": lambda: as_agent.get("/inbox/?view=open"),
        "inbox, manager, all open": lambda: as_manager.get("/inbox/?view=open"),
        "inbox, manager, resolved": lambda: as_manager.get("/inbox/?view=resolved"),
        "inbox, by category": lambda: as_manager.get("/inbox/?view=resolved&category=network"),
        "rows only": lambda: as_agent.get("/inbox/?view=open", headers=HTMX),
        "ticket, whole page": lambda: as_agent.get(f"/inbox/{number}/"),
        "ticket, part": lambda: as_agent.get(f"/inbox/{number}/", headers=HTMX),
        "search, rare word": lambda: as_manager.get("/inbox/?q=lightning+lamp", headers=HTMX),
        "search, common word": lambda: as_manager.get("/inbox/?q=router", headers=HTMX),
        "search, Chinese": lambda: as_manager.get("/inbox/?q=网络不稳定", headers=HTMX),
        "search, common, agent": lambda: as_agent.get("/inbox/?q=router", headers=HTMX),
        "triage panel": lambda: as_agent.get(f"/triage/tickets/{number}/panel/"),
        "report, overview": lambda: as_manager.get("/reports/"),
        "report, satisfaction": lambda: as_manager.get("/reports/satisfaction/"),
        "report, efficiency": lambda: as_manager.get("/reports/efficiency/"),
        "report over everything": lambda: as_manager.get("/reports/?period=all"),
        "tickets behind a figure": lambda: as_manager.get("/reports/tickets/?metric=created"),
        "customer's page by link": lambda: as_anyone.get(f"/t/{link}/"),
        "REST list": lambda: as_manager.get("/api/v1/tickets/"),
        "REST one": lambda: as_manager.get(f"/api/v1/tickets/{number}/"),
        "form, submit": submit,
        "note": reply,
    }


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in captured)


def measure(ask: Callable[[], object]) -> tuple[float, float, float]:
    """Milliseconds: application CPU, PostgreSQL CPU, wall."""
    database, application, wall = backend_cpu(), time.process_time(), time.perf_counter()
    ask()
    times = (time.process_time() - application, backend_cpu() - database, time.perf_counter() - wall)
    return tuple(1000 * seconds for seconds in times)  # type: ignore[return-value]


def main() -> None:
    settings.BEHIND_PROXY = True
    settings.ALLOWED_HOSTS = ["*"]
    connection.ensure_connection()
    known = pages()
    counts = {name: [statements(ask) for _ in range(3)][-1] for name, ask in known.items()}
    figures: dict[str, list[tuple[float, float, float]]] = {name: [] for name in known}
    for _ in range(ROUNDS):
        for name, ask in known.items():
            figures[name].append(measure(ask))
    print(
        f"{Ticket.objects.count()} tickets, {ROUNDS} rounds, medians (PostgreSQL CPU: mean, its clock ticks in 10 ms)"
    )
    print(f"{'page':<28}{'statements':>11}{'app ms':>9}{'PG ms':>8}{'wall ms':>9}")
    for name, rows in figures.items():
        app, wall = (statistics.median(row[i] for row in rows) for i in (0, 2))
        database = statistics.mean(row[1] for row in rows)
        print(f"{name:<28}{counts[name]:>11}{app:>9.1f}{database:>8.1f}{wall:>9.1f}")


if __name__ == "__main__":
    main()
