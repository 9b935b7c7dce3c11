"""All addresses of the house."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from . import health

# One door for the staff: in a sign-in of the admin's own, nobody would count wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Only what the staff needs of allauth: nobody signs up, addresses are the administrator's business.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("account/", include(accounts)),
    path("admin/", admin.site.urls),
    path("", include("channels.support_urls")),
    path("", include("people.urls")),
    path("", include("tickets.urls")),
    path("", include("channels.urls")),
    path("", include("knowledge.urls")),
    path("triage/", include("triage.urls")),
    path("reports/", include("analytics.urls")),
    path("api/", include("helpdesk.api")),
    path("mailbox/", include("demo.urls")),
]
handler500 = "helpdesk.health.server_error"
