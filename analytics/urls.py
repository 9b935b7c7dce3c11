"""The managers' pages about the work."""

from django.urls import path

from . import views

app_name = "analytics"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("satisfaction/", views.satisfaction, name="satisfaction"),
    path("efficiency/", views.efficiency, name="efficiency"),
    path("tickets/", views.tickets, name="tickets"),
    path("by/<slug:dimension>.csv", views.groups, name="groups"),
]
