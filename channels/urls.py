from django.urls import path

from . import views

app_name = "channels"
urlpatterns = [
    path("quarantine/", views.quarantine, name="quarantine"),
    path("quarantine/<int:pk>/", views.one, name="set_aside"),
    path("quarantine/<int:pk>/ticket/", views.make_ticket, name="make_ticket"),
    path("quarantine/<int:pk>/answer/", views.append, name="append"),
    path("quarantine/<int:pk>/dropped/", views.drop, name="drop"),
    path("quarantine/<int:pk>/reading/", views.read_again, name="read_again"),
    path("quarantine/<int:pk>/raw/", views.raw, name="raw"),
]
