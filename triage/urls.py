from django.urls import path

from . import views

app_name = "triage"
urlpatterns = [
    path("tickets/<int:number>/panel/", views.panel, name="panel"),
    path("tickets/<int:number>/category/", views.category, name="category"),
    path("tickets/<int:number>/priority/", views.priority, name="priority"),
    path("tickets/<int:number>/team/", views.team, name="team"),
    path("tickets/<int:number>/assignee/", views.assignee, name="assignee"),
    path("tickets/<int:number>/solutions/<slug:code>/used/", views.solution_used, name="solution_used"),
    path("tickets/<int:number>/solutions/<slug:code>/solved/", views.solution_solved, name="solution_solved"),
    path("model/", views.model, name="model"),
    path("model/runs/", views.runs, name="runs"),
]
