"""The desk's pages about articles, and the pictures that articles show."""

from django.urls import path

from .views import desk_editor, desk_images, desk_library

urlpatterns = [
    path("knowledge/", desk_library.library, name="library"),
    path("knowledge/new/", desk_editor.new, name="new"),
    path("knowledge/preview/", desk_editor.preview, name="preview"),
    path("knowledge/images/", desk_images.bring, name="images"),
    path("knowledge/articles/<slug:slug>/", desk_editor.edit, name="edit"),
    path("knowledge/articles/<slug:slug>/<str:language>/", desk_editor.revisions, name="revisions"),
    path("knowledge/articles/<slug:slug>/<str:language>/<int:revision>/restore/", desk_editor.restore, name="restore"),
    path("help/images/<str:key>/", desk_images.show, name="image"),
]
