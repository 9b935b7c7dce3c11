from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from common.admin import ReadOnly
from tickets.choices import ActorKind

from .models import ArticleLink, Exam, LearnedModel, Outcome, Run, Suggestion


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


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    list_display = ["ticket_id", "article", "source_id", "user", "shown_at", "used_at", "solved_at"]
    list_select_related = ["article", "user"]
    search_fields = ["=ticket__number", "article__slug"]
    show_full_result_count = False


@admin.register(Exam)
class ExamAdmin(ReadOnly):
    list_display = ["ticket_id"]
    search_fields = ["=ticket__number"]
    show_full_result_count = False


@admin.register(ArticleLink)
class ArticleLinkAdmin(admin.ModelAdmin):
    """A manager may say that an article belongs to a category; the numbers are counted, not typed."""

    list_display = ["category", "article", "by", "used", "solved", "unsaid"]
    list_filter = ["by", "category"]
    list_select_related = ["category", "article"]
    search_fields = ["article__slug", "category__slug"]
    autocomplete_fields = ["category"]
    fields = ["category", "article", "by", "used", "solved", "unsaid"]
    readonly_fields = ["by", "used", "solved", "unsaid"]

    def save_model(self, request: HttpRequest, obj: ArticleLink, form: ModelForm, change: bool) -> None:
        obj.by = ActorKind.PERSON
        super().save_model(request, obj, form, change)
