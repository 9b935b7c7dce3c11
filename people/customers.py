"""A customer's own session, carried by one cookie and kept apart from the staff's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .models import Customer, CustomerSession


def customer_of(request: HttpRequest) -> Customer | None:
    """The signed-in customer; asked for once a request, and without the cookie not at all."""
    if not hasattr(request, "customer"):
        key = request.COOKIES.get(CustomerSession.COOKIE, "")
        request.customer = CustomerSession.customer_of(key) if key else None  # type: ignore[attr-defined]
    return request.customer  # type: ignore[attr-defined]


def customers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A stranger is asked to sign in."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if customer_of(request) is None:
            return redirect("support:sign_in")
        return view(request, *args, **kwargs)

    return checked


def sign_in(request: HttpRequest, response: HttpResponse, customer: Customer) -> None:
    """Opens a session with a new key; one that the browser brought along ends."""
    sign_out(request, response)
    response.set_cookie(
        CustomerSession.COOKIE,
        CustomerSession.open(customer),
        max_age=CustomerSession.LIFE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def sign_out(request: HttpRequest, response: HttpResponse) -> None:
    if key := request.COOKIES.get(CustomerSession.COOKIE):
        CustomerSession.close(key)
    response.delete_cookie(CustomerSession.COOKIE, samesite="Lax")
