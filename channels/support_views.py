"""Where customers begin: the start page, the form, and the request for a sign-in link."""

import uuid

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.limits import knock
from common.privacy import for_one_reader
from common.visitor import network_of
from knowledge import deflections
from people.customers import customer_of
from people.models import Customer

from .form import Enquiry, submit
from .models import Inbound, KeyReused
from .sign_in import ask_for_link

HOUR = 3600  # seconds
ENQUIRIES_OF_A_NETWORK = 60
ENQUIRIES_OF_AN_ADDRESS = 20
LINKS_OF_A_NETWORK = 20
LINKS_OF_AN_ADDRESS = 5


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "support/start.html", {"customer": customer_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form. Whatever is wrong, everything typed is shown again beside what to do about it."""
    if request.method != "POST":
        return _form(request, Enquiry(initial=_known(customer_of(request))))
    enquiry = Enquiry(request.POST, request.FILES)
    if not enquiry.is_valid():
        return _form(request, enquiry, status=422)
    if not _may_write(request, enquiry.cleaned_data["email"]):
        enquiry.add_error(None, _("We got a lot of requests from you in the last hour. Please send it again later."))
        return _form(request, enquiry, status=429)
    try:
        with transaction.atomic():
            submit(enquiry)
            deflections.wrote(_reading(request))
    except KeyReused:
        enquiry.add_error(
            None, _("This form was sent before with other words. To send it as a new request, send it again.")
        )
        return _form(request, enquiry, status=422)
    return redirect("support:sent", key=enquiry.cleaned_data["key"])


@for_one_reader
@require_GET
def sent(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The thank-you page. The number, but no link: that goes to the address, whose owner may be another."""
    inbound = get_object_or_404(Inbound.objects.select_related("ticket"), channel="form", key=str(key))
    return render(request, "support/sent.html", {"inbound": inbound, "customer": customer_of(request)})


class Address(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for a one-time link. The answer is the same whether the address is known or not."""
    if customer_of(request):
        return redirect("tickets:my_tickets")
    form = Address(request.POST or None)
    if request.method != "POST":
        return render(request, "support/sign_in.html", {"form": form})
    if not knock(f"link:{network_of(request)}", limit=LINKS_OF_A_NETWORK, seconds=HOUR):
        form.add_error(None, _("Too many links were asked for from here. Please try again in an hour."))
        return _with_patience(render(request, "support/sign_in.html", {"form": form}, status=429))
    if not form.is_valid():
        return render(request, "support/sign_in.html", {"form": form}, status=422)
    address = form.cleaned_data["email"]
    if knock(f"link:{address.lower()}", limit=LINKS_OF_AN_ADDRESS, seconds=HOUR):
        ask_for_link(address)
    return render(request, "support/link_sent.html", {"address": address})


def _form(request: HttpRequest, enquiry: Enquiry, status: int = 200) -> HttpResponse:
    if enquiry.is_bound:
        enquiry.renewed()
    context = {
        "form": enquiry,
        "customer": customer_of(request),
        "lost_files": bool(request.FILES),
        "reading": _reading(request),
    }
    return _with_patience(render(request, "support/new.html", context, status=status))


def _reading(request: HttpRequest) -> uuid.UUID:
    """Under which the articles are counted that were read beside the form: kept for as long as the form comes back."""
    try:
        return uuid.UUID(request.POST.get("reading", ""))
    except ValueError:
        return uuid.uuid4()


def _with_patience(response: HttpResponse) -> HttpResponse:
    """Says when to come back, where it was too often."""
    if response.status_code == 429:
        response["Retry-After"] = str(HOUR)
    return response


def _known(customer: Customer | None) -> dict[str, str]:
    return {"name": customer.name, "email": customer.address} if customer else {}


def _may_write(request: HttpRequest, address: str) -> bool:
    from_here = knock(f"form:{network_of(request)}", limit=ENQUIRIES_OF_A_NETWORK, seconds=HOUR)
    return from_here and knock(f"form:{address.lower()}", limit=ENQUIRIES_OF_AN_ADDRESS, seconds=HOUR)
