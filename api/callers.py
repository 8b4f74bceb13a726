"""From a request to who asks: known once it was admitted (api/admission.py)."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from access.systems.tokens import Bearer
from audit.actors import Actor


def bearer_of(request: HttpRequest | Request) -> Bearer:
    """Whose token was shown. Only behind an admission."""
    return cast(Bearer, request.bearer)  # type: ignore[union-attr]  # set by api.admission


def actor_of(request: HttpRequest | Request) -> Actor:
    """The person in whose name a system asks, as actions take them."""
    return bearer_of(request).actor(request_id_of(request))


def request_id_of(request: HttpRequest | Request) -> UUID:
    """The number of the request, by which its events and lines of the log are found."""
    return cast(UUID, getattr(request, "request_id", UUID(int=0)))  # set by RequestIdMiddleware
