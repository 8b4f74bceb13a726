"""What software is told when something is not done: a problem (RFC 9457), with a code that stays the same."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PROBLEM_JSON = "application/problem+json"
# Where it is said who gives out tokens.
RESOURCE = "/.well-known/oauth-protected-resource"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: its status, its title, and what to do."""

    status: int
    title: str
    detail: str


def said(
    request: HttpRequest, code: str, kind: Kind, *, detail: str = "", errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, object]:
    """The problem, as RFC 9457 has it. `detail`, where there is more to say than the code's own."""
    return {
        "type": f"{settings.SERVICE_ADDRESS}/api/#{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.detail,
        "code": str(code),
        "errors": list(errors),
        "request_id": str(getattr(request, "request_id", UUID(int=0))),  # set by RequestIdMiddleware
    }


def answer(
    request: HttpRequest,
    code: str,
    kind: Kind,
    *,
    detail: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that says so."""
    told = said(request, code, kind, detail=detail, errors=errors)
    return HttpResponse(json.dumps(told), status=kind.status, content_type=PROBLEM_JSON, headers=headers)


def ask_for_token(*, shown: bool) -> dict[str, str]:
    """The header that goes with 401 (RFC 6750, 3), with where it is said who gives out tokens (RFC 9728, 5.1)."""
    why = ', error="invalid_token"' if shown else ""
    where = f'resource_metadata="{settings.SERVICE_ADDRESS}{RESOURCE}"'
    return {"WWW-Authenticate": f'Bearer realm="contactpoint", {where}{why}'}
