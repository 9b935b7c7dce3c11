"""Those who write in. They are no users: an address is who they are."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.kept import Kept, among, fill

from .user import initials


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet["Customer"]):
    def known_as(self, kind: str, value: str) -> Self:
        return self.filter(identities__kind=kind, identities__value=normalised(kind, value))


class Customer(models.Model):
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        verbose_name=_("organisation"),
        related_name="customers",
        null=True,
        blank=True,
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField(_("known since"), default=timezone.now, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.name or self.address or _("customer {number}").format(number=self.pk)

    @property
    def initials(self) -> str:
        return initials(str(self))

    @property
    def address(self) -> str:
        """The first mail address, or nothing for a customer who has none."""
        mails = [identity.value for identity in self.identities.all() if identity.kind == Identity.Kind.MAIL]
        return mails[0] if mails else ""

    @classmethod
    def with_address(cls, address: str, *, name: str = "", language: str = "en", verified: bool = False) -> "Customer":
        """The customer who owns the mail address, made if new. Two callers at once get the same one."""
        value = normalised(Identity.Kind.MAIL, address)
        with transaction.atomic(savepoint=False):
            identity, is_new = Identity.objects.select_related("customer").get_or_create(
                kind=Identity.Kind.MAIL,
                value=value,
                # Called only if the identity is new, in the same savepoint.
                defaults={"customer": lambda: cls.objects.create(name=name[:200], language=language)},  # type: ignore[misc]
            )
            customer = identity.customer
            if is_new:
                fill(customer, "identities", [identity])
            if not is_new and name and not customer.name:
                customer.name = name[:200]
                customer.save(update_fields=["name"])
            if verified:
                identity.verify()
        return customer


class Identity(models.Model):
    """One way to be known: a mail address, a phone number, a chat visitor, a handle."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("mail address")
        PHONE = "phone", _("phone")
        CHAT = "chat", _("chat")
        HANDLE = "handle", _("handle")

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="identities")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MAIL)
    value = models.CharField(_("value"), max_length=320)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="an_identity_belongs_to_one_customer")]

    def __str__(self) -> str:
        return self.value

    def save(self, *args: object, **kwargs: object) -> None:
        self.value = normalised(self.kind, self.value)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @staticmethod
    def of(customer_id: int) -> "list[Identity]":
        """One statement."""
        return _OF(customers=[customer_id])

    def verify(self) -> None:
        if self.verified_at is None:
            self.verified_at = timezone.now()
            self.save(update_fields=["verified_at"])


_OF = Kept(lambda: Identity.objects.filter(among("customer", "customers")))


def identify(customers: Collection[Customer]) -> None:
    """Brings their identities along: one statement, or none for nobody."""
    if customers:
        known: dict[int, list[Identity]] = {customer.pk: [] for customer in customers}
        for identity in _OF(customers=list(known)):
            known[identity.customer_id].append(identity)
        for customer in customers:
            fill(customer, "identities", known[customer.pk])


def normalised(kind: str, value: str) -> str:
    """How a value is stored and compared: mail addresses in lower case, phones as digits with a leading plus."""
    value = value.strip()
    if kind == Identity.Kind.MAIL:
        return value.lower()
    if kind == Identity.Kind.PHONE:
        return ("+" if value.startswith("+") else "") + "".join(c for c in value if c.isdigit())
    return value
