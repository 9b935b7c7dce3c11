from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnly

from .models import Delivery, Inbound, Letter, Notice
from .models.outgoing import Outgoing


@admin.register(Inbound)
class InboundAdmin(ReadOnly):
    list_display = ["id", "channel", "sender", "subject", "state", "rule", "attempts", "received_at"]
    list_filter = ["channel", "state", "rule"]
    search_fields = ["sender", "subject", "=external_id", "=ticket__number"]
    exclude = ["raw"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inbound]:
        return super().get_queryset(request).defer("raw")


class OfTickets(ReadOnly):
    """Mails that a person may have tried again."""

    list_display = ["id", "kind", "address", "state", "attempts", "due_at", "sent_at", "error"]
    show_full_result_count = False
    actions = ["try_again"]

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Outgoing]) -> None:
        for mail in queryset.exclude(state=Outgoing.State.SENT):
            mail.retry()


@admin.register(Delivery)
class DeliveryAdmin(OfTickets):
    list_filter = ["state", "kind", "channel"]
    search_fields = ["address", "=mail_id", "=message__ticket__number"]


@admin.register(Notice)
class NoticeAdmin(OfTickets):
    list_filter = ["state", "kind"]
    search_fields = ["address", "=mail_id", "=ticket__number"]


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    list_display = ["id", "template", "address", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "template"]
    search_fields = ["address"]
    exclude = ["url"]  # a secret until it is sent
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("url")
