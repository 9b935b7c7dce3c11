from django.contrib import admin

from tickets.admin import ReadOnly

from .models import LearnedModel, Run, Suggestion


@admin.register(LearnedModel)
class LearnedModelAdmin(ReadOnly):
    list_display = ["target", "version", "state", "created_at", "size", "threshold"]
    list_filter = ["target", "state"]
    search_fields = ["sha256", "data_digest", "file"]


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnly):
    list_display = ["ticket_id", "target", "state", "label", "team", "user", "confidence", "sure", "silence"]
    list_filter = ["target", "state", "silence"]
    list_select_related = ["team", "user"]
    search_fields = ["=ticket__number", "label"]
    show_full_result_count = False


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ["kind", "state", "share", "error", "user", "asked_at", "started_at", "finished_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["user"]
    search_fields = ["error", "user__username"]
