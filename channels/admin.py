from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tickets.admin import ReadOnly

from .models import Delivery, Inbound, Letter


@admin.register(Inbound)
class InboundAdmin(ReadOnly):
    list_display = ["id", "channel", "sender", "subject", "state", "rule", "attempts", "received_at"]
    list_filter = ["channel", "state", "rule"]
    search_fields = ["sender", "subject", "=external_id", "=ticket__number"]
    exclude = ["raw"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inbound]:
        return super().get_queryset(request).defer("raw")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["id", "kind", "address", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "kind", "channel"]
    search_fields = ["address", "=mail_id", "=message__ticket__number"]
    show_full_result_count = False
    actions = ["try_again"]

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        for delivery in queryset.exclude(state=Delivery.State.SENT):
            delivery.retry()


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    list_display = ["id", "template", "address", "state", "attempts", "due_at", "sent_at", "error"]
    list_filter = ["state", "template"]
    search_fields = ["address"]
    exclude = ["url"]  # a secret until it is sent
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("url")
