"""What a request says about where it came from, as far as it can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def network_of(request: HttpRequest) -> str:
    """Whom a limit counts: the IPv4 address, or the IPv6 network of 64 bits that one household holds.

    Behind our proxy it is the last word of X-Forwarded-For, which the proxy wrote; the others
    anyone may invent.
    """
    word = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        word = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip() or word
    try:
        address = ipaddress.ip_address(word)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def way_back(request: HttpRequest, otherwise: str = "/") -> str:
    """The posted `next` if it stays on this site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else otherwise
