"""What an operation says of itself: of this its OpenAPI document and the page about it are made (api/document.py)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.serializers import Serializer

from api.problems import Code
from api.serializers.told import Problem
from pages.problems import PROBLEM_JSON

View = TypeVar("View", bound=Callable[..., object])

CHILD = OpenApiParameter(
    "child", str, OpenApiParameter.PATH, description="A reference from a list, good for this person in this session."
)
INVOLVEMENT = OpenApiParameter(
    "involvement", {"type": "integer", "minimum": 0}, OpenApiParameter.PATH, description="As the record names it."
)
FOLLOWING = OpenApiParameter(
    "following",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"},
    OpenApiParameter.PATH,
    description="As it was given when the record was followed.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Made anew for each entry: what is sent twice with it stands once. It is kept for 24 hours.",
)
VERSION = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag with which the involvement was read last.",
)


def _told(name: str, description: str, *, always: bool = True) -> Callable[[int], OpenApiParameter]:
    return lambda status: OpenApiParameter(
        name, str, OpenApiParameter.HEADER, required=always, description=description, response=[status]
    )


TAG = _told("ETag", "The version of the involvement, to be sent as If-Match with its next change.")
NEW_TAG = _told("ETag", "As elsewhere; none where it was sent before: it may stand in another by now.", always=False)
LOCATION = _told("Location", "Where the involvement can be read, in this session.")
ALWAYS = (
    *(Code.TOKEN_IN_ADDRESS, Code.NO_TOKEN, Code.INVALID_TOKEN, Code.SYSTEM_WAITING, Code.SYSTEM_REVOKED),
    *(Code.SYSTEM_EXPIRED, Code.SYSTEM_ORGANISATION, Code.SYSTEM_ELSEWHERE, Code.SESSION_ENDED, Code.NOT_VETTED),
    *(Code.NOT_PERMITTED, Code.METHOD_NOT_ALLOWED, Code.TOO_MANY_REQUESTS, Code.FAILED, Code.UNAVAILABLE),
)
WITH_A_BODY = (Code.MALFORMED, Code.NOT_JSON, Code.TOO_LARGE, Code.INVALID)


@dataclass(frozen=True, slots=True)
class Takes:
    """What an operation takes: parameters of its address and header, and its body."""

    parameters: Sequence[OpenApiParameter] = ()
    body: type[Serializer[Any]] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What an operation answers when it is done: nothing but that, where there is no `kind`."""

    kind: type[Serializer[Any]] | None = None
    status: int = 200
    headers: Sequence[Callable[[int], OpenApiParameter]] = ()


NOTHING = Answers(status=204)


def operation(
    name: str,
    summary: str,
    description: str,
    *,
    takes: Takes = Takes(),
    answers: Answers,
    codes: Sequence[Code],
    examples: Sequence[OpenApiExample],
) -> Callable[[View], View]:
    """Say of a view's method what it takes, what it answers and which problems it has, beside those that all have."""
    status = answers.status
    done: dict[tuple[int, str] | int, Any] = (
        {(status, "application/json"): answers.kind} if answers.kind else {status: None}
    )
    problems = {*ALWAYS, *codes, *(WITH_A_BODY if takes.body else ())}
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description,
        parameters=[
            *takes.parameters,
            *(each(status) for each in answers.headers),
        ],
        request=takes.body,
        responses=done | _problems(problems),
        examples=list(examples),
        tags=[],
        extensions={"x-codes": [each.value for each in Code if each in problems]},
    )


def _problems(codes: set[Code]) -> dict[tuple[int, str] | int, Any]:
    by_status: dict[int, list[Code]] = defaultdict(list)
    for code in Code:
        if code in codes:
            by_status[code.kind.status].append(code)
    return {
        (status, PROBLEM_JSON): OpenApiResponse(
            Problem, description="\n".join(f"- `{each}`: {each.kind.title}." for each in found)
        )
        for status, found in by_status.items()
    }
