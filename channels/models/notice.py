from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Customer
from tickets.models import Ticket

from .outgoing import Outgoing


class Notice(Outgoing):
    """A mail about a ticket that is no word of its conversation. Each kind goes to an address once per ticket."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("survey")
        UNHAPPY = "unhappy", _("unhappy customer")

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="notices")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    customer = models.ForeignKey(
        Customer, models.CASCADE, verbose_name=_("customer"), related_name="notices", null=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="notices", null=True
    )

    class Meta(Outgoing.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "address"], name="a_notice_goes_to_an_address_once"),
            models.CheckConstraint(
                condition=models.Q(customer=None, user__isnull=False) | models.Q(customer__isnull=False, user=None),
                name="a_notice_goes_to_a_customer_or_the_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"

    @property
    def its_ticket(self) -> Ticket:
        return self.ticket
