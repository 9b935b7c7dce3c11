from datetime import datetime

from django.db.models import DurationField, Expression, ExpressionWrapper, F
from django.db.models.functions import Extract


def age(at: datetime) -> Expression:
    """Seconds since a ticket came in, as of a moment."""
    return Extract(ExpressionWrapper(at - F("created_at"), DurationField()), "epoch")
