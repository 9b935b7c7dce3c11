from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("", views.all_mail, name="mailbox"),
    path("news/", views.news, name="news"),
    path("<slug:name>/", views.one_mail, name="mail"),
    path("<slug:name>/answer/", views.answer, name="answer"),
]
