from celery import shared_task
from django.utils import timezone

from .models import CustomerSession, SignInLink


@shared_task
def tidy() -> None:
    """Sessions that are over and links that no longer work: nobody needs them, and they name a customer."""
    now = timezone.now()
    CustomerSession.objects.filter(expires_at__lt=now).delete()
    SignInLink.objects.filter(created_at__lt=now - SignInLink.LIFE).delete()
