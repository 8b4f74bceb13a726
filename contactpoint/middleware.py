"""Middleware that belongs to no app: a number and an address for each request, and headers for each response."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Interface, ip_address
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from contactpoint.errors import wrong_method

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request a number, the same in the log of the web server, the access log and the error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4()  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=str(request.request_id))  # type: ignore[attr-defined]
        return self.get_response(request)


class ClientAddressMiddleware:
    """Puts the address that is counted as one visitor's into REMOTE_ADDR, where every limit looks for it.

    Behind proxies of our own (settings.TRUSTED_PROXIES counts them) it is what the outermost of them saw; whatever a
    visitor wrote into the header stands further left. An IPv6 address is counted by its network of 64 bits, in which a
    visitor is free to choose. What cannot be read stays as it came.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.headers.get("X-Forwarded-For", "").split(",")
        behind = settings.TRUSTED_PROXIES
        given = told[-behind] if 0 < behind <= len(told) else ""
        seen = _visitor(given) or _visitor(request.META.get("REMOTE_ADDR", ""))
        if seen:
            request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)


def _visitor(address: str) -> str | None:
    """The address alone, without the port that some proxies add; of IPv6 its network."""
    bare = re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", address.strip())
    try:
        read = ip_address(bare)
    except ValueError:
        return None
    if isinstance(read, IPv4Address):
        return bare
    return str(read.ipv4_mapped or IPv6Interface((read, 64)).network.network_address)


class HeadersMiddleware:
    """No page is kept by a browser or proxy, no page may use camera, place or microphone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class WrongMethodMiddleware:
    """Gives the empty answer to a wrong method (405) the page that says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return wrong_method(request, response.headers["Allow"].split(", "))
        return response
