from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.files import shown_name, sniffed
from people.models import User

from .choices import Language
from .markdown import rendered
from .models import Article, Section, Version
from .models.image import TYPES
from .models.version import tidy

MAX_BODY = 100_000


class ArticleForm(forms.Form):
    """What is said about an article. Its hidden initial values tell what this writer changed, and only that is kept."""

    section = forms.ModelChoiceField(Section.objects.all(), label=gettext_lazy("Section"), show_hidden_initial=True)
    state = forms.ChoiceField(label=gettext_lazy("Who may read it"), show_hidden_initial=True)
    slug = forms.SlugField(
        label=gettext_lazy("Address"), max_length=120, required=False, show_hidden_initial=True,
        help_text=gettext_lazy("Letters, digits and hyphens. Left empty, it is made from the title."),
    )  # fmt: skip
    position = forms.IntegerField(
        label=gettext_lazy("Place in its section"), min_value=0, max_value=9_999, show_hidden_initial=True
    )

    def __init__(self, article: Article, writer: User, data: Any = None) -> None:
        known = {name: getattr(article, name) for name in ("state", "slug", "position")}
        super().__init__(data, initial={"section": article.section_id, **known})
        self.article = article
        section, state, slug = self.fields["section"], self.fields["state"], self.fields["slug"]
        assert isinstance(section, forms.ModelChoiceField)
        assert isinstance(state, forms.ChoiceField)
        section.empty_label = None if article.section_id else _("Choose one")
        states = article.states_for(writer)
        state.choices = [(each.value, each.label) for each in states]
        state.disabled = len(states) == 1
        if not writer.is_manager:
            state.help_text = _("Only managers and administrators publish and withdraw.")
        if article.published_at:
            slug.disabled = True
            slug.help_text = _("Fixed since it was first published: others may link to it.")

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug and Article.objects.filter(slug=slug).exclude(pk=self.article.pk).exists():
            raise forms.ValidationError(_("Another article has this address. Choose a different one."))
        return slug


class VersionForm(forms.Form):
    """The words in one language. `base` is the revision they were written upon: 0 for none."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=MAX_BODY, required=False, strip=False, widget=forms.Textarea
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, language: Language, version: Version | None, newest: int = 0, data: Any = None) -> None:
        words = {"title": version.title, "body": version.body, "base": newest} if version else {}
        super().__init__(data, prefix=language.short, initial=words)
        self.language, self.version, self.newest = language, version, newest
        for name in ("title", "body"):
            self.fields[name].widget.attrs |= {"lang": language.value, "spellcheck": "true"}

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if self.errors:
            return words
        title, body = tidy(words["title"], words["body"])
        if body and not title:
            self.add_error("title", _("Give it a title."))
        elif title and not body:
            self.add_error("body", _("The text is empty. Write it, or empty the title, too."))
        elif self.version and not title:
            self.add_error("title", _("Title and text are gone. Write them, or reload the page to have the old ones."))
        return words | {"title": title, "body": body}

    @property
    def words(self) -> tuple[str, str]:
        return self.cleaned_data["title"], self.cleaned_data["body"]

    @property
    def html(self) -> str:
        """The preview of what stands in the field."""
        if self.version and not self.is_bound:
            return self.version.html
        return rendered(str(self["body"].value() or "")[:MAX_BODY])


class ImageForm(forms.Form):
    image = forms.FileField(error_messages={"required": gettext_lazy("Choose a picture.")})

    def clean_image(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["image"]
        name = shown_name(file.name or "")
        if (file.size or 0) > settings.MAX_ATTACHMENT_BYTES:
            raise forms.ValidationError(
                _("“%(name)s” is larger than %(most)s. Make it smaller and try again.")
                % {"name": name, "most": filesizeformat(settings.MAX_ATTACHMENT_BYTES)}
            )
        self.content = file.read()
        self.content_type = sniffed(name, self.content)
        if self.content_type not in TYPES:
            raise forms.ValidationError(
                _("“%(name)s” is no PNG, JPEG, GIF or WebP picture. Save it as one and try again.") % {"name": name}
            )
        return file
