from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("my/sign-in/<str:token>/", views.open_link, name="open_link"),
    path("my/sign-out/", views.leave, name="leave"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("presence/", views.presence, name="presence"),
]
