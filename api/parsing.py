"""JSON as it is read here: one object in UTF-8, small, without what two readers could understand in two ways."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import IO, Any, TypeVar

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.errors import ProblemError
from api.problems import Code

Parser = TypeVar("Parser", bound=BaseParser)


class StrictJSONParser(BaseParser):
    """Refuses a name that stands twice in an object, what is no number of JSON, what is not UTF-8, and any body that is
    no object or has more than API_LONGEST_BODY bytes, of which it reads no more than that."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read(settings.API_LONGEST_BODY + 1)
        if len(body) > settings.API_LONGEST_BODY:
            raise ProblemError(Code.TOO_LARGE)
        try:
            text = body.decode("utf-8")
            read = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite)
            json.dumps(read, ensure_ascii=False).encode("utf-8")  # half a character, escaped, is no text
        except (ValueError, RecursionError):
            raise ParseError from None
        if not isinstance(read, dict):
            raise ParseError
        return read


class AlwaysJSON(BaseContentNegotiation):
    """There is one form of answers, whatever somebody would accept; of bodies, what says that it is JSON."""

    def select_parser(self, request: Request, parsers: Sequence[Parser]) -> Parser | None:  # type: ignore[override]
        sent = (request.content_type or "").partition(";")[0].strip().casefold()
        return next((each for each in parsers if each.media_type == sent), None)

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str | None]:
        return renderers[0], renderers[0].media_type


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError
    return read


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _refuse(text: str) -> None:
    raise ValueError
