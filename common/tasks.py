from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from .models import Heartbeat, Hit


@shared_task
def heartbeat() -> None:
    Heartbeat.beat("worker")


@shared_task
def tidy() -> None:
    Hit.objects.expired().delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
