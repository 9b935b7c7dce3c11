"""Two rows every house needs: how often someone knocked, and who is alive."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone


class HitQuerySet(models.QuerySet["Hit"]):
    def expired(self) -> Self:
        return self.filter(window_ends_at__lt=timezone.now())


class Hit(models.Model):
    """How often a key was seen in a window of time. Kept in PostgreSQL so that limits hold while Redis is away."""

    key = models.CharField(max_length=200)
    window_ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = HitQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window_ends_at"], name="one_hit_row_per_window")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count} until {self.window_ends_at:%H:%M:%S}"


class Heartbeat(models.Model):
    """When a kind of process last showed that it works."""

    name = models.CharField(max_length=50, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.at
