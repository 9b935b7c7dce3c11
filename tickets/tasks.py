from celery import current_app, shared_task
from django.utils import timezone

from . import surveys
from .consumers import consumers
from .models import Pending


@shared_task
def sweep() -> None:
    """Rings again for every consumer that owes something: the guarantee behind the doorbell."""
    owing = Pending.objects.filter(due_at__lte=timezone.now(), attempts__lt=Pending.MOST_ATTEMPTS)
    for name in owing.order_by().values_list("consumer", flat=True).distinct():
        if consumer := consumers.get(name):
            current_app.send_task(consumer.task, expires=60)


@shared_task
def ask_for_opinions() -> None:
    surveys.ask_due()
