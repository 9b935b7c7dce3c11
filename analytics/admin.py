from django.contrib import admin
from django.http import HttpRequest

from .models import Assumptions, Target


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):
    """One row a priority: there is nothing to add or to remove once they are there."""

    list_display = ["priority", "first_response", "resolution"]
    list_editable = ["first_response", "resolution"]
    search_fields = ["=priority"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return len(Target.by_priority()) > Target.objects.count()

    def get_readonly_fields(self, request: HttpRequest, obj: Target | None = None) -> list[str]:
        return ["priority"] if obj else []


@admin.register(Assumptions)
class AssumptionsAdmin(admin.ModelAdmin):
    list_display = ["valid_from", "currency", "desk_hours", "minutes_per_reply", "cost_per_hour", "cost_per_ticket"]
    date_hierarchy = "valid_from"
    search_fields = ["currency"]
