"""`import_tickets`: every good row once, every bad row with its reason, and the history as it was."""

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from channels import importing
from channels.importing import Import
from channels.sheets import Sheet
from channels.stories import Reader
from people.models import Customer, Identity
from tests.shared import shared_path
from tickets.intake import Incoming, receive
from tickets.models import Category, Event, Message, Pending, Ticket
from tickets.search import search

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """Reports land in the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def jsonl(*rows: dict, name: str = "old.jsonl") -> Path:
    path = Path(name)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def imported(path: Path, *arguments: str, capsys) -> str:
    """The last line that the command says."""
    call_command("import_tickets", str(path), *arguments)
    return capsys.readouterr().out.strip().splitlines()[-1]


def rejected(name: str = "old.jsonl") -> list[list[str]]:
    with Path(f"{name}.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


FULL = {
    "external_id": "T-1",
    "subject": "Slow line",
    "body": "Since Monday all is slow.",
    "customer_email": "Dana@Example.com",
    "customer_name": "Dana",
    "category": "Wi-Fi",
    "priority": "high",
    "created_at": "2024-03-01T09:00:00+00:00",
    "answered_at": "2024-03-01T10:00:00+00:00",
    "answer": "Please restart it.",
    "resolved_at": "2024-03-02T08:00:00+00:00",
    "tags": "vip; slow",
    "team": "Network",
    "assignee": "alice@desk.example",
}


def test_a_whole_story_keeps_its_dates_and_its_history(capsys, alice, categories, mona):
    assert imported(jsonl(FULL), capsys=capsys) == "1 imported, 0 were here already, 0 rejected"
    ticket = Ticket.objects.get()
    at = {
        name: datetime(2024, 3, day, hour, tzinfo=UTC) for name, day, hour in [("c", 1, 9), ("a", 1, 10), ("r", 2, 8)]
    }
    assert (ticket.created_at, ticket.last_message_at, ticket.resolved_at) == (at["c"], at["a"], at["r"])
    assert (ticket.status, ticket.priority, ticket.tags) == ("resolved", 3, ["slow", "vip"])
    assert (ticket.category, ticket.category_by) == (categories["wifi"], "person")
    assert (ticket.assignee, ticket.team.slug, ticket.source) == (alice, "network", "old")
    assert list(ticket.events.order_by("pk").values_list("kind", "at")) == [
        ("opened", at["c"]),
        ("category", at["c"]),
        ("team", at["c"]),
        ("assignee", at["c"]),
        ("status", at["c"]),
        ("replied", at["a"]),
        ("status", at["r"]),
    ]
    assert list(ticket.messages.order_by("pk").values_list("author", "user", "text")) == [
        ("customer", None, "Since Monday all is slow."),
        ("person", alice.pk, "Please restart it."),
    ]
    assert not Pending.objects.exists()
    assert [hit.ticket for hit in search("restart", mona).hits] == [ticket]


def test_a_second_run_imports_nothing(capsys):
    path = jsonl(
        FULL | {"category": "", "team": "", "assignee": ""}, {"body": "same"}, {"body": "same"}, {"body": "other"}
    )
    assert imported(path, capsys=capsys).startswith("4 imported, 0 were")
    assert imported(path, capsys=capsys).startswith("0 imported, 4 were")
    assert Ticket.objects.count() == 4


def test_another_source_is_another_ticket(capsys):
    path = jsonl({"body": "same", "external_id": "1"})
    imported(path, "--source", "left", capsys=capsys)
    assert imported(path, "--source", "right", capsys=capsys).startswith("1 imported")


def test_an_id_that_stands_twice_in_a_file_is_one_ticket(capsys):
    path = jsonl({"body": "first", "external_id": "1"}, {"body": "second", "external_id": "1"})
    assert imported(path, capsys=capsys).startswith("1 imported, 1 were")
    assert Message.objects.get().text == "first"


def test_a_crash_between_batches_and_a_second_run_give_exactly_the_whole(capsys, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    path = jsonl(*({"body": f"row {n % 20}"} for n in range(45)))
    crashed = Import(Reader("old"), {}, lambda row, reason: None).run(Sheet.of(path).rows())
    next(crashed), next(crashed)
    crashed.close()
    assert Ticket.objects.count() == 20
    assert imported(path, capsys=capsys).startswith("25 imported, 20 were")
    assert Ticket.objects.count() == Message.objects.count() == 45
    assert Event.objects.filter(kind="opened").count() == 45


def test_columns_are_mapped(capsys):
    path = jsonl({"title": "Hello", "words": "there", "category": "5"})
    assert imported(path, "--map", "subject=title", "body=words", "category=", capsys=capsys).startswith("1 ")
    assert (Ticket.objects.get().subject, Message.objects.get().text) == ("Hello", "there")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--map", "subject=nothing"], "no column 'nothing'. There are: body, title"),
        (["--map", "colour=title"], "no field 'colour'"),
        (["--map", "body="], "which column holds the subject or the body"),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_is_imported(arguments, told):
    with pytest.raises(CommandError, match=told):
        call_command("import_tickets", str(jsonl({"title": "a", "body": "b"})), *arguments)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"body": " "}, "neither subject nor body"),
        ({"customer_email": "dana"}, "customer_email 'dana' is no mail address"),
        ({"category": "Nothing"}, "unknown category 'Nothing'; --create-categories makes it"),
        ({"category": "twice"}, "several of the kind category are called 'twice'; use the slug"),
        ({"team": "x"}, "unknown team 'x'"),
        ({"assignee": "nobody"}, "unknown assignee 'nobody'"),
        ({"priority": "huge"}, "unknown priority 'huge'; known: low, normal, high, urgent"),
        ({"status": "done"}, "unknown status 'done'; known: new, open, waiting, hold, resolved, closed"),
        ({"created_at": "yesterday"}, "created_at 'yesterday' is no time; write 2026-01-31 14:05"),
        ({"created_at": "2024-02-31"}, "created_at '2024-02-31' is no time: day is out of range"),
        ({"created_at": "1890-01-01"}, "created_at '1890-01-01' lies before 1970 or in the future"),
        ({"created_at": "9999-01-01"}, "created_at '9999-01-01' lies before 1970 or in the future"),
        ({"created_at": "2024-02-02", "resolved_at": "2024-02-01"}, "resolved_at lies before created_at"),
        ({"language": "tlh"}, "unknown language 'tlh'"),
        ({"external_id": "x" * 201}, "external_id is longer than 200"),
    ],
)
def test_a_bad_row_is_reported_and_the_good_ones_go_in(capsys, fault, reason):
    for slug in "ab":
        Category.objects.create(slug=slug, name_en="Twice")
    path = jsonl({"body": "good"}, {"body": "bad"} | fault, {"body": "good, too"})
    last = imported(path, capsys=capsys)
    assert last == "2 imported, 0 were here already, 1 rejected: see old.jsonl.rejected.csv"
    ((line, told, row),) = rejected()
    assert line == "2"
    assert told.startswith(reason)
    assert json.loads(row) == {"body": "bad"} | fault


def test_lines_that_are_no_json_are_reported_where_they_stand(capsys):
    Path("old.jsonl").write_text('{"body": "a"}\n\n{"body":\n=1+1\n[1]\n{"body": "b"}\n')
    assert imported(Path("old.jsonl"), capsys=capsys).startswith("2 imported, 0 were here already, 3 rejected")
    assert [(line, row) for line, _reason, row in rejected()] == [("3", '{"body":'), ("4", "'=1+1"), ("5", "[1]")]


def test_bad_rows_make_a_strict_run_fail(capsys):
    path = jsonl({"body": "good"}, {"body": ""})
    call_command("import_tickets", str(path))
    with pytest.raises(SystemExit) as stopped:
        call_command("import_tickets", str(path), "--strict")
    assert stopped.value.code == 1


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_any_usual_dress(capsys, mark, encoding):
    rows = [["subject", "body"], ["网络", f'两行\n"引号" 和{mark}分隔'], ["第二", "行"]]
    with Path("old.csv").open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=mark).writerows(rows)
    assert imported(Path("old.csv"), capsys=capsys).startswith("2 imported")
    ticket = Ticket.objects.get(subject="网络")
    assert ticket.messages.get().text == rows[1][1]
    assert ticket.language == "zh-hans"


def test_a_csv_row_with_too_many_cells_is_reported_with_its_line(capsys):
    Path("old.csv").write_text('subject,body\na,"two\nlines"\nb,c,d\ne,f\n')
    assert imported(Path("old.csv"), capsys=capsys).startswith("2 imported, 0 were here already, 1 rejected")
    assert rejected("old.csv") == [["4", "3 cells under 2 columns", '["b", "c", "d"]']]


def test_a_packed_file_is_read(capsys):
    with gzip.open("old.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"body": "packed"}\n')
    assert imported(Path("old.jsonl.gz"), capsys=capsys).startswith("1 imported")
    assert Ticket.objects.get().source == "old"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("no.csv", None, "cannot be read"),
        ("cut.csv.gz", gzip.compress(b"body\n" * 999, mtime=0)[:-12], "cannot be read"),
        ("false.csv.gz", b"body\nx\n", "cannot be read"),
        ("odd.csv", b"body\n\xff\xff\xff\n", "neither UTF-8 nor GB 18030"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(name, content, told):
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(CommandError, match=told):
        call_command("import_tickets", name)


def test_known_customers_keep_their_tickets_together(capsys, dana):
    path = jsonl(
        {"body": "a", "customer_email": "DANA@example.com"},
        {"body": "b", "customer_email": "new@example.com", "customer_name": "New"},
        {"body": "c", "customer_email": "new@example.com"},
        {"body": "d", "customer_name": "Somebody"},
        {"body": "e"},
    )
    imported(path, capsys=capsys)
    assert dana.tickets.count() == 1
    new = Customer.objects.known_as("mail", "new@example.com").get()
    assert (new.name, new.tickets.count()) == ("New", 2)
    assert sorted(Identity.objects.filter(kind="handle").values_list("value", flat=True)) == ["old:", "old:Somebody"]


def test_categories_are_made_when_asked_for(capsys):
    path = jsonl(*({"body": name, "category": name} for name in ["Card payment", "card-payment", "退款", "退款"]))
    assert imported(path, "--create-categories", capsys=capsys).startswith("4 imported")
    assert Category.objects.count() == 2
    assert {ticket.category.name for ticket in Ticket.objects.all()} == {"Card payment", "退款"}


def test_the_status_of_rows_that_name_none(capsys):
    rows = [{"body": "a"}, {"body": "b", "answer": "x"}, {"body": "c", "resolved_at": "2024-01-02"}]
    imported(jsonl(*rows), capsys=capsys)
    imported(jsonl({"body": "d"}), "--status", "resolved", capsys=capsys)
    assert dict(Message.objects.filter(author="customer").values_list("text", "ticket__status")) == {
        "a": "new",
        "b": "waiting",
        "c": "resolved",
        "d": "resolved",
    }


def test_hostile_characters_and_long_words_are_no_harm(capsys):
    path = Path("old.jsonl")
    path.write_text('{"body": "a\\u0000b\\ud800c", "subject": "' + "s" * 3000 + '", "tags": "' + "t" * 300 + '"}\n')
    assert imported(path, capsys=capsys).startswith("1 imported")
    assert Message.objects.get().text == "abc"


def test_imported_history_equals_what_the_verbs_write(capsys, dana):
    """The same story told live and imported: same fields, same events, same words to be found."""
    live = receive(Incoming(channel="import", customer=dana, subject="Slow", text="All is slow."))
    live.reply("Restart it.", by=importing.SOMEONE, then="new")
    live.set_status("resolved", by=importing.SOMEONE)
    imported(
        jsonl(
            {
                "subject": "Slow",
                "body": "All is slow.",
                "customer_email": "dana@example.com",
                "answer": "Restart it.",
                "status": "resolved",
            }
        ),
        capsys=capsys,
    )
    bulk = Ticket.objects.latest("pk")
    fields = ["status", "priority", "channel", "language", "last_message_preview", "last_message_by", "customer_id"]
    assert [getattr(live, name) for name in fields] == [getattr(bulk, name) for name in fields]
    assert [*live.events.order_by("pk").values_list("kind", "actor", "data")] == [
        *bulk.events.order_by("pk").values_list("kind", "actor", "data")
    ]


@pytest.mark.django_db(transaction=True)  # as in life: verbs without savepoints are twice as quick
@pytest.mark.parametrize(
    ("name", "mapping", "rows", "kinds"),
    [
        ("endava_tickets", ["subject=title", "body=body", "category=category"], 435, 2),
        ("banking77", ["body=text", "category=label"], 1000, 70),
    ],
)
def test_public_data_go_in_whole_and_once(capsys, name, mapping, rows, kinds):
    path = shared_path(f"data/{name}/dev.jsonl.gz")
    arguments = ["--map", *mapping, "--source", name, "--create-categories", "--status", "resolved"]
    assert imported(path, *arguments, capsys=capsys).startswith(f"{rows} imported, 0 were here already, 0 rej")
    assert imported(path, *arguments, capsys=capsys).startswith(f"0 imported, {rows} were here already, 0 rej")
    assert Ticket.objects.exclude(category=None).count() == Message.objects.count() == rows
    assert Category.objects.count() >= kinds
