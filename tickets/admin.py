from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnly

from .models import Category, Event, Pending, Skill, Survey, SurveySettings, Ticket


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["slug", "name_en", "name_zh", "parent", "team", "default_priority", "is_active"]
    list_editable = ["is_active"]
    list_filter = ["team", "is_active"]
    list_select_related = ["parent", "team"]
    search_fields = ["slug", "name_en", "name_zh"]
    autocomplete_fields = ["parent", "team"]


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    list_display = ["user", "category", "level"]
    list_editable = ["level"]
    list_filter = ["category"]
    list_select_related = ["user", "category__parent"]
    search_fields = [
        "user__username",
        "user__first_name",
        "category__slug",
        "category__name_en",
        "category__name_zh",
    ]
    autocomplete_fields = ["user", "category"]


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    list_display = ["number", "subject", "status", "priority", "category", "team", "assignee", "created_at"]
    list_filter = ["status", "priority", "team", "channel", "language"]
    list_select_related = ["category__parent", "team", "assignee"]
    search_fields = ["=number", "subject"]
    show_full_result_count = False
    actions = ["revoke_links"]

    @admin.action(description=_("Make all mailed links and reply addresses invalid"))
    def revoke_links(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        for ticket in queryset:
            ticket.revoke_links(by=request.user)  # type: ignore[arg-type]


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["id", "ticket_id", "kind", "actor", "user", "at"]
    list_filter = ["kind", "actor"]
    list_select_related = ["user"]
    search_fields = ["=ticket__number"]
    show_full_result_count = False


@admin.register(Pending)
class PendingAdmin(ReadOnly):
    list_display = ["event_id", "consumer", "attempts", "due_at", "error"]
    list_filter = ["consumer", "attempts"]
    search_fields = ["=event__ticket__number", "error"]
    actions = ["try_again"]

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Pending]) -> None:
        from django.utils import timezone

        queryset.update(attempts=0, due_at=timezone.now())


@admin.register(Survey)
class SurveyAdmin(ReadOnly):
    list_display = ["ticket_id", "state", "score", "comment", "due_at", "asked_at", "answered_at"]
    list_filter = ["state", "score", "language"]
    search_fields = ["=ticket__number", "comment"]
    show_full_result_count = False


@admin.register(SurveySettings)
class SurveySettingsAdmin(admin.ModelAdmin):
    """One row: it can be changed, but there is never a second one."""

    list_display = ["__str__", "is_on", "delay", "quiet_from", "quiet_to", "low_score", "reopens"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SurveySettings.objects.exists()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(request, context | {"show_save_and_add_another": False}, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False
