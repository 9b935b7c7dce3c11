from django.contrib import admin
from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin):
    """For rows that only verbs may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False
