from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class TicketText(models.Model):
    """What the search engine knows of a ticket; written and read by `tickets.search` alone."""

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, primary_key=True, related_name="searchable")
    document = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["document"], name="ticket_text_words")]

    def __str__(self) -> str:
        return f"text of ticket {self.ticket_id}"
