"""Was it helpful? A vote, then a word about it, each a plain form."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from common.htmx import wants_part
from common.text import storable

from .. import readers
from ..choices import Language
from ..models import Article
from .page import shown


class Opinion(forms.Form):
    is_helpful = forms.TypedChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda word: word == "yes")
    comment = forms.CharField(required=False, max_length=2_000)

    def clean_comment(self) -> str:
        return storable(self.cleaned_data["comment"]).strip()


@require_POST
def say(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    """Keeps the reader's vote; a second one replaces it. The page says what became of it, in its own language."""
    article = get_object_or_404(Article.objects.visible_to(request.user).prefetch_related("versions"), slug=slug)
    version = article.version_in(language)
    if version is None:
        raise Http404
    opinion = Opinion(request.POST)
    if not opinion.is_valid():
        said = "unclear"
    elif not readers.may_speak(request):
        said = "later"
    else:
        readers.say(request, version, **opinion.cleaned_data)
        said = "thanks" if opinion.cleaned_data["comment"] else request.POST["is_helpful"]
    if wants_part(request):
        return shown(request, "help/_feedback.html", language, {"article": article, "version": version, "said": said})
    return redirect(f"{reverse('knowledge:article', args=[language, slug])}?said={said}#feedback")
