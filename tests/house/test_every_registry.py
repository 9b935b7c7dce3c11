"""One conformance test per registry: an entry is tested by being there. (Classifiers have theirs beside them.)"""

import re

import lucide
import pytest
from celery import current_app
from django.utils import translation

from common.channels import channel, channels
from tests.shared import ROOT
from tickets.consumers import consumers
from tickets.history import kinds
from tickets.names import Names

# Particulars as the verbs write them; a kind may leave some unread.
PARTICULARS = {
    "status": {"from": "new", "to": "open"},
    "priority": {"from": 2, "to": 4},
    "tags": {"added": ["vip"], "removed": []},
    "delivery_failed": {"address": "dana@example.com", "error": "550 unknown"},
    "rated": {"score": 2, "comment": "Too slow."},
}
NOTHING = {"from": None, "to": None, "added": [], "removed": [], "confidence": 0.93, "address": "", "error": ""}


def has_icon(name: str) -> bool:
    try:
        return bool(lucide._render_icon(name, 16))
    except lucide.IconDoesNotExist:
        return False


@pytest.mark.parametrize("name", channels.names())
def test_every_channel_has_a_name_in_both_languages_and_an_icon(name):
    entry = channels[name]
    with translation.override("en"):
        english = str(entry.label)
    with translation.override("zh-hans"):
        chinese = str(entry.label)
    assert english
    assert chinese
    assert has_icon(entry.icon)


def test_a_removed_channel_still_has_something_to_show():
    gone = channel("carrier-pigeon")
    assert str(gone.label) == "carrier-pigeon"
    assert has_icon(gone.icon)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", kinds.names())
def test_every_kind_of_event_tells_a_sentence_and_has_an_icon(name, language):
    kind, data = kinds[name], NOTHING | PARTICULARS.get(name, {})
    with translation.override(language):
        told = kind.tell(data, Names())
    assert told.strip()
    assert "%(" not in told
    if language == "zh-hans":
        assert re.search("[\u4e00-\u9fff]", told), told
    assert has_icon(kind.icon)


def queues_listened_to() -> set[str]:
    return set(",".join(re.findall(r"-Q (\S+)", (ROOT / "Procfile").read_text())).split(","))


def queue_of(task: str) -> str:
    return str(current_app.amqp.router.route({}, task)["queue"].name)


@pytest.mark.parametrize("name", consumers.names())
def test_every_consumer_waits_for_known_events_and_has_a_task_that_someone_works(name):
    consumer = consumers[name]
    current_app.loader.import_default_modules()
    assert consumer.kinds <= set(kinds.names())
    assert consumer.task in current_app.tasks
    assert queue_of(consumer.task) in queues_listened_to()


def test_everything_on_the_schedule_exists_and_has_a_worker():
    current_app.loader.import_default_modules()
    for entry in current_app.conf.beat_schedule.values():
        assert entry["task"] in current_app.tasks
        assert queue_of(entry["task"]) in queues_listened_to()
        assert entry["options"]["expires"] <= max(60, entry["schedule"]), "rings must not pile up"
