from django.urls import path

from .customer_urls import urlpatterns as customer_urlpatterns
from .views import changes, desk, files

app_name = "tickets"
urlpatterns = [
    path("inbox/", desk.inbox, name="inbox"),
    path("inbox/<int:number>/", desk.ticket, name="ticket"),
    path("inbox/<int:number>/tail/", desk.tail, name="tail"),
    path("inbox/<int:number>/reply/", changes.reply, name="reply"),
    path("inbox/<int:number>/draft/", changes.draft, name="draft"),
    path("inbox/<int:number>/status/", changes.status, name="status"),
    path("inbox/<int:number>/priority/", changes.priority, name="priority"),
    path("inbox/<int:number>/category/", changes.category, name="category"),
    path("inbox/<int:number>/team/", changes.team, name="team"),
    path("inbox/<int:number>/assignee/", changes.assignee, name="assignee"),
    path("inbox/<int:number>/tags/", changes.tags, name="tags"),
    path("inbox/<int:number>/files/<str:key>/", files.staff_file, name="file"),
    *customer_urlpatterns,
]
