import uuid
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .choices import Score, Status
from .errors import AttachmentRefused
from .models import Survey
from .uploads import Upload, checked


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, read and checked by `tickets.uploads`: a list of `Upload`."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files = [super(FilesField, self).clean(file, initial) for file in data or []]
        try:
            return checked(files)
        except AttachmentRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class Composer(forms.Form):
    """A reply or a note. The hidden key makes a second sending of the same form harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(choices=[("reply", _("Reply")), ("note", _("Note"))], initial="reply")
    text = forms.CharField(required=False, max_length=100_000, strip=True)
    then = forms.ChoiceField(
        required=False,
        choices=[
            (Status.WAITING, _("then wait for the customer")),
            (Status.OPEN, _("then keep it open")),
            (Status.RESOLVED, _("then resolve it")),
        ],
    )
    files = FilesField(required=False)  # type: ignore[assignment]  # the field, not the bound form's uploads

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text") and not cleaned.get("files"):
            self.add_error("text", _("The message is empty. Write something or attach a file."))
        return cleaned


class Rating(forms.Form):
    """A customer's verdict: one of five faces and, if they like, a word."""

    score = forms.TypedChoiceField(
        choices=Score.choices,
        coerce=int,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose one of the five faces.")),
    )
    comment = forms.CharField(
        label=_("Anything you want to add?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[MaxLengthValidator(Survey.LONGEST, _("This is longer than 2,000 characters. Please shorten it."))],
    )
