"""What came in with a request: its body, and the headers on which a change hangs."""

import re
from typing import TypeVar

from rest_framework.request import Request

from api.errors import ProblemError, WrongFieldsError
from api.problems import Code, Wrong
from api.serializers.strict import Body

Read = TypeVar("Read", bound=Body)

KEY = re.compile(r"[\x21-\x7e]{1,255}")


def body_of(request: Request, kind: type[Read]) -> Read:
    """The body, of the kinds that it must be. Raises ValidationError."""
    read = kind(data=request.data)
    read.is_valid(raise_exception=True)
    return read


def no_query(request: Request) -> None:
    """Raise WrongFieldsError where there is one: the address takes none."""
    if request.query_params:
        told = "There is no such parameter"
        raise WrongFieldsError(*(Wrong("unknown", told, parameter=name) for name in request.query_params))


def no_body(request: Request) -> None:
    """Raise ValidationError where something is sent: the operation takes nothing."""
    body_of(request, Body)


def key_of(request: Request) -> str:
    """The Idempotency-Key. Raises ProblemError where there is none that can be taken."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise ProblemError(Code.KEY_MISSING)
    return key


def version_of(request: Request) -> str:
    """The ETag that If-Match names: one, since `*` would name any. Raises ProblemError where there is none."""
    told = request.headers.get("If-Match")
    if told is None:
        raise ProblemError(Code.VERSION_MISSING)
    return told.strip()


def tag_of(row_version: int) -> str:
    """The ETag of an involvement in that version."""
    return f'"{row_version}"'
