"""The public form: what a visitor typed becomes a ticket, once, however often it is sent."""

import hashlib
import json
import uuid
from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.text import storable
from people.models import Customer
from tickets.forms import FilesField
from tickets.intake import Incoming, receive

from .models import Inbound

LONGEST = 50_000  # characters


class Words(forms.CharField):
    """Typed text as PostgreSQL can keep it: NUL and lone surrogates fall out, everything else stays."""

    def to_python(self, value: Any) -> str:
        return storable(super().to_python(value) or "").strip()


class Enquiry(forms.Form):
    name = Words(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        help_text=_("Our answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = Words(label=_("What is it about?"), max_length=250)
    # No maxlength in the browser: it would silently cut what is pasted.
    description = Words(
        label=_("What happened?"),
        help_text=_("What did you do, what did you expect, what happened instead? Never send passwords."),
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[
            MaxLengthValidator(LONGEST, _("This is longer than 50,000 characters. Shorten it or attach it as a file."))
        ],
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Attachments"), required=False, help_text=_("Screenshots, logs, documents.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(required=False)  # nobody sees it; programs that fill in everything fill it in

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave the hidden field empty and send it again."))
        return ""

    def renewed(self) -> "Enquiry":
        """The same words under a new key, to be sent as a request of their own."""
        data = cast(QueryDict, self.data).copy()
        data["key"], data["website"] = str(uuid.uuid4()), ""
        self.data = data
        return self

    @property
    def raw(self) -> bytes:
        """All that was sent, files by their digests: the same bytes for the same words."""
        sent: dict[str, Any] = {name: self.cleaned_data[name] for name in ("name", "email", "subject", "description")}
        sent["files"] = [[file.name, hashlib.sha256(file.content).hexdigest()] for file in self.cleaned_data["files"]]
        return json.dumps(sent, ensure_ascii=False, sort_keys=True).encode()


@transaction.atomic
def submit(enquiry: Enquiry) -> Inbound:
    """Opens the ticket of a valid enquiry; an enquiry with a key that came before opens nothing.

    Two at once wait for each other. Raises `channels.models.KeyReused` when the key came with other words.
    """
    words = enquiry.cleaned_data
    inbound, is_new = Inbound.take(
        channel="form",
        key=str(words["key"]),
        raw=enquiry.raw,
        sender=words["email"],
        subject=words["subject"],
    )
    if is_new:
        customer = Customer.with_address(words["email"], name=words["name"], language=get_language() or "en")
        incoming = Incoming(
            channel="form",
            customer=customer,
            subject=words["subject"],
            text=words["description"],
            files=words["files"],
        )
        inbound.settle(Inbound.State.TICKETED, ticket=receive(incoming))
    return inbound
