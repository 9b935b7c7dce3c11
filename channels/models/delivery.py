from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Customer
from tickets.models import Message, Ticket

from .outgoing import Outgoing


class Delivery(Outgoing):
    """One message of a ticket on its way to one address. The Message-ID is fixed before the first try."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        RECEIPT = "receipt", _("receipt")

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("message"), related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.REPLY)
    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=30, default="mail")

    class Meta(Outgoing.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "kind", "address"], name="a_message_goes_to_an_address_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"

    @property
    def its_ticket(self) -> Ticket:
        return self.message.ticket
