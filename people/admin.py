from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from .models import Customer, Identity, Organisation, Team, User

# What somebody may do follows from the role alone; addresses are fields of the person.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = ["username", "first_name", "last_name", "email", "role", "presence", "is_active"]
    list_filter = ["role", "teams", "is_active", "presence"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = ["teams"]
    fieldsets = (
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Personal info"), {"fields": ["first_name", "last_name", "email", "language", "time_zone", "theme"]}),
        (_("At the desk"), {"fields": ["role", "teams", "capacity"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    )
    add_fieldsets = ((None, {"fields": ["username", "email", "role", "usable_password", "password1", "password2"]}),)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ["slug", "name_en", "name_zh"]
    search_fields = ["slug", "name_en", "name_zh"]


class IdentityInline(admin.TabularInline):
    model = Identity
    extra = 0


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ["name", "organisation", "language", "created_at"]
    list_filter = ["language"]
    list_select_related = ["organisation"]
    search_fields = ["name", "identities__value", "organisation__name"]
    autocomplete_fields = ["organisation"]
    inlines = [IdentityInline]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]
