"""`manage.py demo` founds the company once, tells who may sign in, and leaves alone what is there."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from analytics.models import Fact
from tickets.models import SurveySettings, Ticket
from triage.models import LearnedModel

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def founded() -> str:
    out = StringIO()
    call_command("demo", tickets=300, days=40, stdout=out, stderr=StringIO())
    return out.getvalue()


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = str(tmp_path), str(tmp_path / "media")


def test_the_demo_is_founded_once():
    told = founded()

    assert "/reports/" in told
    assert "/help/" in told
    assert Ticket.objects.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count() >= 3
    assert Fact.objects.count() == 300
    assert LearnedModel.objects.active().exists()
    assert SurveySettings.current().delay == 0

    before = rows()
    assert told.endswith(founded())
    assert rows() == before
