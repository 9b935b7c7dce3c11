"""A customer's own short session, opened by a link that was mailed once."""

import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.db import models, transaction
from django.utils import timezone

from .customer import Customer, Identity


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SignInLink(models.Model):
    """One mailed link. Only the hash is kept; it works once and for 15 minutes."""

    LIFE = timedelta(minutes=15)

    identity = models.ForeignKey(Identity, models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"

    @classmethod
    def issue(cls, identity: Identity) -> str:
        """The secret part of a new link."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(identity=identity, token_hash=digest(token))
        return token

    @classmethod
    @transaction.atomic
    def redeem(cls, token: str) -> Customer | None:
        """The customer, once; None for a token that is unknown, used or too old."""
        fresh = cls.objects.filter(
            token_hash=digest(token), used_at=None, created_at__gt=timezone.now() - cls.LIFE
        ).select_for_update()
        link = fresh.select_related("identity__customer").first()
        if link is None:
            return None
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        link.identity.verify()
        return link.identity.customer


class CustomerSessionQuerySet(models.QuerySet["CustomerSession"]):
    def alive(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class CustomerSession(models.Model):
    LIFE = timedelta(hours=12)
    COOKIE = "customer"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="sessions")
    key_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = CustomerSessionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"session of {self.customer_id}"

    @classmethod
    def open(cls, customer: Customer) -> str:
        """The key of a new session: the value of the cookie."""
        key = secrets.token_urlsafe(32)
        cls.objects.create(customer=customer, key_hash=digest(key), expires_at=timezone.now() + cls.LIFE)
        return key

    @classmethod
    def customer_of(cls, key: str) -> Customer | None:
        session = cls.objects.alive().filter(key_hash=digest(key)).select_related("customer").first()
        return session.customer if session else None

    @classmethod
    def close(cls, key: str) -> None:
        cls.objects.filter(key_hash=digest(key)).delete()
