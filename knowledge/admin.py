from django.contrib import admin

from common.admin import ReadOnly

from .models import Deflection, Feedback, Section


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["slug", "name_en", "name_zh", "icon", "position"]
    list_editable = ["position"]
    search_fields = ["slug", "name_en", "name_zh"]
    prepopulated_fields = {"slug": ["name_en"]}


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    list_display = ["version", "is_helpful", "comment", "at"]
    list_filter = ["is_helpful", "version__language", "at"]
    list_select_related = ["version"]
    search_fields = ["comment", "version__title", "=version__article__slug"]
    show_full_result_count = False


@admin.register(Deflection)
class DeflectionAdmin(ReadOnly):
    list_display = ["article", "language", "state", "at"]
    list_filter = ["state", "language", "at"]
    list_select_related = ["article"]
    search_fields = ["=article__slug"]
    show_full_result_count = False
