"""The Celery application and everything the house does by itself."""

import os
from importlib import import_module
from typing import Any, Self

import kombu
from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import celeryd_after_setup, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")


class SteadyConnection(kombu.Connection):
    """Looks every two seconds whether Redis is back; kombu's own waits grow to half a minute and have no setting."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Self:
        steady = {"interval_start": 2, "interval_step": 0, "interval_max": 2}
        return super().ensure_connection(*args, **steady | kwargs)


class Amqp(AMQP):
    Connection = SteadyConnection


app = Celery("helpdesk", amqp=Amqp)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_routes = {
    "channels.tasks.poll_mailbox": {"queue": "mail"},
    "channels.tasks.*": {"queue": "mail"},
    "triage.tasks.train": {"queue": "training"},
    "triage.tasks.reapply": {"queue": "training"},
    "triage.tasks.*": {"queue": "triage"},
}

# Rows are the work; these only ring. `expires` keeps rings from piling up while no worker listens.
app.conf.beat_schedule = {
    "heartbeat": {"task": "common.tasks.heartbeat", "schedule": 10, "options": {"expires": 10}},
    "ring for what is pending": {"task": "tickets.tasks.sweep", "schedule": 5, "options": {"expires": 5}},
    "send what is due": {"task": "channels.tasks.send_due", "schedule": 5, "options": {"expires": 5}},
    "read stored mail": {"task": "channels.tasks.process_stored", "schedule": 15, "options": {"expires": 15}},
    "poll the mailbox": {"task": "channels.tasks.poll_mailbox", "schedule": 30, "options": {"expires": 30}},
    "ask for opinions": {"task": "tickets.tasks.ask_for_opinions", "schedule": 30, "options": {"expires": 30}},
    "count what helped": {"task": "triage.tasks.recount", "schedule": 3600, "options": {"expires": 3600}},
    "train when asked": {"task": "triage.tasks.train", "schedule": 60, "options": {"expires": 60}},
    "make missing facts": {"task": "analytics.tasks.fill_gaps", "schedule": 60, "options": {"expires": 60}},
    "forget what has expired": {"task": "common.tasks.tidy", "schedule": 3600, "options": {"expires": 3600}},
    "forget old sign-ins": {"task": "people.tasks.tidy", "schedule": 3600, "options": {"expires": 3600}},
}


@celeryd_init.connect
def wait_patiently(**_: object) -> None:
    """A worker blocks on its queue for long; only publishers must give up within seconds."""
    app.conf.broker_transport_options = {
        key: value for key, value in app.conf.broker_transport_options.items() if not key.startswith("socket_")
    }


@celeryd_after_setup.connect
def learn_to_read(instance: Any, **_: object) -> None:
    """Loads scikit-learn before the pool forks: no ticket waits seconds for it, and the processes share its memory."""
    if "triage" in instance.app.amqp.queues.consume_from:
        import_module("triage.learn.train")
