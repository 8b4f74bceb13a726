"""What software gets to read: SCIM messages, and errors in SCIM's form (RFC 7644, 3.12)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from scim2_models import Error

SCIM_JSON = "application/scim+json"


def answer(message: Mapping[str, Any], status: int = HTTPStatus.OK, version: str | None = None) -> HttpResponse:
    """A message. `version` is the entity tag of the one resource it is about."""
    response = HttpResponse(json.dumps(message), status=status, content_type=SCIM_JSON)
    if version is not None:
        response["ETag"] = version
    return response


def fault(status: int, detail: str, scim_type: str | None = None) -> HttpResponse:
    """An error. `detail` is for whoever looks after the software that called: what to do next."""
    return answer(Error(status=status, scim_type=scim_type, detail=detail).model_dump(), status)
