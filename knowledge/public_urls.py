"""The help centre. Its language stands in the address, so that each page can be found and shared as it is."""

from django.urls import path, register_converter

from .choices import Language
from .views import public, public_feedback, public_robots, public_search, public_suggestions


class LanguageConverter:
    """`en` and `zh` in addresses, `Language` in views."""

    regex = "en|zh"

    def to_python(self, value: str) -> Language:
        return Language.from_short(value)

    def to_url(self, value: str) -> str:
        return str(value)[:2]


register_converter(LanguageConverter, "help_language")

urlpatterns = [
    path("robots.txt", public_robots.robots, name="robots"),
    path("sitemap.xml", public_robots.sitemap, name="sitemap"),
    path("help/", public.welcome, name="help"),
    path("help/suggest/", public_suggestions.suggest, name="suggest"),
    path("help/suggest/<help_language:language>/<slug:slug>/", public_suggestions.read, name="suggested"),
    path("help/suggest/<help_language:language>/<slug:slug>/solved/", public_suggestions.solved, name="solved"),
    path("help/<help_language:language>/", public.home, name="home"),
    path("help/<help_language:language>/search/", public_search.search_page, name="search"),
    path("help/<help_language:language>/solved/", public_suggestions.glad, name="glad"),
    path("help/<help_language:language>/articles/<slug:slug>/", public.article, name="article"),
    path("help/<help_language:language>/articles/<slug:slug>/said/", public_feedback.say, name="say"),
    path("help/<help_language:language>/<slug:slug>/", public.section, name="section"),
]
