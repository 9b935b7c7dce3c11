"""Rooms know only the rooms below them: by import, and by foreign keys given by name."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from tests.shared import ROOT

# From the bottom up; rooms on one step do not know each other.
STEPS = [
    {"common"},
    {"people"},
    {"knowledge", "tickets"},
    {"channels", "triage"},
    {"analytics"},
    {"demo"},
    {"helpdesk"},
]
HEIGHT = {room: height for height, rooms in enumerate(STEPS) for room in rooms}


def test_import_linter_finds_every_contract_kept():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout[-3000:]


def test_a_foreign_key_points_to_its_own_room_or_below():
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and (field.concrete or field.many_to_many) and not field.auto_created
        if (here := model._meta.app_label) in HEIGHT and (there := field.related_model._meta.app_label) in HEIGHT
        if here != there and HEIGHT[there] >= HEIGHT[here]
    ]
    assert not upwards


LEARNING = """
import sys
for name in ("django", "celery", "redis", "rest_framework", "kombu"):
    sys.modules[name] = None
from triage.learn.base import Example
from triage.learn.train import train
texts = {"wifi": "the wireless signal drops 无线总断", "bill": "charged twice on my invoice 账单重复扣款"}
rows = [Example(f"{text} {n}", "", label, float(n)) for n in range(12) for label, text in texts.items()]
model = train(rows)
assert model.predict("my invoice was charged twice", "").label == "bill"
"""


def test_the_learning_room_works_where_no_framework_can_be_imported():
    told = subprocess.run([sys.executable, "-c", LEARNING], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-3000:]


@pytest.mark.django_db
def test_no_migration_is_missing():
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_migrations_are_named_for_what_they_do():
    rooms = [ROOT / room / "migrations" for step in STEPS for room in step]
    names = [path.stem for folder in rooms for path in folder.glob("0*.py")]
    assert names
    assert not [name for name in names if "_auto_" in name or name.endswith("_auto")]
