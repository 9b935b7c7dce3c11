"""The help centre, which everybody may read, and the desk's pages about articles."""

from . import desk_urls, public_urls

app_name = "knowledge"
urlpatterns = [*desk_urls.urlpatterns, *public_urls.urlpatterns]
