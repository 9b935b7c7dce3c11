from django.urls import path

from . import support_views

app_name = "support"
urlpatterns = [
    path("", support_views.start, name="start"),
    path("support/new", support_views.new, name="new"),
    path("support/sent/<uuid:key>/", support_views.sent, name="sent"),
    path("my/sign-in/", support_views.sign_in, name="sign_in"),
]
