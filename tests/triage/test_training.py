"""The trainer's long work: ordered as a row, done once, its progress seen by others."""

from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import opened_by
from tickets.choices import ActorKind
from tickets.work import work_off
from triage import store, tasks, training
from triage.models import LearnedModel, Run

CLEAR = ("The Wi-Fi drops in the kitchen", "My laptop loses the wireless network every evening.")


@pytest.fixture
def another_process(transactional_db):
    """A second connection to the same database."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as other:
        yield other


def test_a_run_trains_both_targets_and_tells_how_far_it_is(history, mona):
    run = Run.ask("train", by=mona)
    seen: list[tuple[float, str]] = []
    training.carry_out(run, lambda share, stage: seen.append((share, stage)))
    assert (run.state, run.share, run.outcome, run.error) == ("done", 1.0, {"category": 1, "priority": 1}, "")
    assert run.finished_at > run.started_at
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert {"category.checking", "category.learning", "priority.checking"} <= {stage for _, stage in seen}
    assert run.words == "category 1; priority 1"


def test_the_task_works_off_what_is_queued(history):
    run = Run.ask("train")
    tasks.train()
    run.refresh_from_db()
    assert run.state == "done"
    assert LearnedModel.objects.active().count() == 2


def test_asking_twice_is_one_order(db, mona):
    assert Run.ask("train", by=mona) == Run.ask("train", by=mona)
    assert Run.objects.count() == 1


def test_too_little_to_learn_from_is_said_in_words(ticket):
    run = Run.ask("train")
    tasks.train()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "too_little")
    assert "at least three" in run.words


def test_an_unforeseen_error_is_written_down_and_rises(history, files, monkeypatch):
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "save", full)
    run = Run.ask("train")
    with pytest.raises(OSError, match="No space"):
        tasks.train()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "broken")
    assert not LearnedModel.objects.exists()


def test_a_run_whose_trainer_died_is_said_to_be_interrupted(db):
    dead = Run.objects.create(kind="train", state="running", share=0.4)
    training.work_off()
    dead.refresh_from_db()
    assert (dead.state, dead.error) == ("failed", "interrupted")


def test_one_trainer_at_a_time(another_process):
    run = Run.ask("train")
    another_process.execute("SELECT pg_advisory_lock(hashtext('triage.trainer'))")
    tasks.train()
    run.refresh_from_db()
    assert run.state == "queued"
    another_process.execute("SELECT pg_advisory_unlock_all()")
    tasks.train()
    run.refresh_from_db()
    assert run.state == "failed"  # it was taken up, and had nothing to learn from


def test_progress_is_seen_by_others_while_it_runs(another_process):
    run = Run.objects.create(kind="train")
    seen: list[float] = []

    def look(share: float, stage: str) -> None:
        row = another_process.execute("SELECT share, state FROM triage_run WHERE id = %s", [run.pk]).fetchone()
        seen.append(row[0])
        assert row[1] == "running"

    training.carry_out(run, look)
    assert sorted(set(seen)) == [0.0, 0.5]  # two targets, each without an example


def test_the_backlog_is_read_anew_and_people_s_word_stays(history, dana, alice, models, categories):
    unread = opened_by(dana, *CLEAR)
    decided = opened_by(dana, *CLEAR)
    decided.categorise(categories["invoice"], by=alice)
    done = history[0]
    events = done.events.count()
    run = Run.ask("reapply")
    tasks.reapply()
    run.refresh_from_db()
    assert (run.state, run.outcome) == ("done", {"tickets": 2})
    for one in (unread, decided, done):
        one.refresh_from_db()
    assert (unread.category.slug, unread.category_by) == ("wifi", ActorKind.MODEL)
    assert unread.suggestions.get(target="similar").ranked
    assert (decided.category.slug, decided.category_by) == ("invoice", ActorKind.PERSON)
    assert done.events.count() == events


def test_reading_the_backlog_again_changes_nothing(models, dana):
    ticket = opened_by(dana, *CLEAR)
    work_off("triage")
    events = ticket.events.count()
    training.reapply(lambda share, stage: None)
    assert ticket.events.count() == events


def test_the_command_trains_here_and_now_and_says_how_good_it_is(history):
    out = StringIO()
    call_command("train", stdout=out, stderr=StringIO())
    assert "category 1: 108 tickets, 4 classes, macro-F1" in out.getvalue()
    assert store.load("category")[0].version == 1


def test_the_command_says_what_is_missing(db):
    with pytest.raises(CommandError, match="at least three tickets"):
        call_command("train", stdout=StringIO(), stderr=StringIO())
