"""What is not the file that was trained is not used, and tickets go on."""

import hashlib

import pytest

from tickets.choices import ActorKind
from tickets.names import Names
from triage import store, training
from triage.models import LearnedModel
from triage.suggest import SILENCES, suggestions_of

CLEAR = ("The Wi-Fi drops in the kitchen", "My laptop loses the wireless network every evening.")


def remove(files, row):
    files.delete(row.file)


def truncate(files, row):
    path = files.path(row.file)
    with open(path, "r+b") as file:
        file.truncate(row.size // 2)


def alter(files, row):
    with open(files.path(row.file), "r+b") as file:
        file.seek(row.size // 2)
        byte = file.read(1)
        file.seek(row.size // 2)
        file.write(bytes([byte[0] ^ 1]))


def age(files, row):
    row.libraries = {"scikit-learn": "0.24.0"}
    row.save()


def plant(files, row):
    """A file whose row matches it, but which is no model."""
    data = b"cos\nsystem\n(S'false'\ntR."
    with open(files.path(row.file), "wb") as file:
        file.write(data)
    row.size, row.sha256 = len(data), hashlib.sha256(data).hexdigest()
    row.save()


FAULTS = {"missing": remove, "truncated": truncate, "altered": alter, "versions": age, "unreadable": plant}


@pytest.mark.parametrize("code", FAULTS)
def test_a_model_that_is_not_what_was_trained_leaves_tickets_flowing(code, models, files, arrive, mona, alice_client):
    FAULTS[code](files, models["category"])
    with pytest.raises(store.ModelRefused) as refusal:
        store.load("category")
    assert refusal.value.code == code
    ticket = arrive(*CLEAR)
    assert (ticket.category, ticket.status) == (None, "new")
    suggestion = ticket.suggestions.get(target="category")
    assert (suggestion.state, suggestion.silence, suggestion.model) == ("silent", code, None)
    assert suggestions_of(ticket, mona, Names()).category.silence == str(SILENCES[code])
    page = alice_client.get(f"/triage/tickets/{ticket.number}/panel/").content.decode()
    assert str(SILENCES[code]).replace("'", "&#x27;") in page


def test_without_any_model_tickets_flow_and_the_panel_says_so(arrive, categories, mona):
    ticket = arrive(*CLEAR)
    assert ticket.suggestions.get(target="category").silence == "no_model"
    assert suggestions_of(ticket, mona, Names()).category.silence == "No model has been trained yet."


def test_training_again_heals_it(history, models, files, arrive):
    remove(files, models["category"])
    assert arrive(*CLEAR).category is None
    training.train(lambda share, stage: None)
    assert arrive(*CLEAR).category_by == ActorKind.MODEL


def test_a_worker_takes_up_a_newer_model_by_itself(models, learned):
    first, _ = store.load("category")
    store.save("category", learned["category"])
    second, _ = store.load("category")
    assert (first.version, second.version) == (1, 2)


def test_a_worker_reads_the_file_once(models, files):
    _, model = store.load("category")
    remove(files, models["category"])
    assert store.load("category")[1] is model


def test_the_row_says_what_was_written(models, files):
    row = models["category"]
    with files.open(row.file) as file:
        data = file.read()
    assert (row.size, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert row.report["rows"] == 108
    assert row.data_digest == row.report["data_digest"]
    assert row.report["macro_f1"] > row.report["baseline"]["macro_f1"] + 0.08


def test_only_the_newest_files_are_kept_but_every_report(models, files):
    for _ in range(store.KEPT):
        _, model = store.load("category")
        store.save("category", model)
    rows = LearnedModel.objects.filter(target="category").order_by("version")
    assert [bool(row.file) for row in rows] == [False, True, True, True]
    assert [row.state for row in rows] == ["retired", "retired", "retired", "active"]
    assert all(files.exists(row.file) for row in rows if row.file)
    assert not files.exists(models["category"].file)
