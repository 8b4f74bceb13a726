"""Why something is not done, as software is told (pages/problems.py). A code that `api` has means the same there."""

from collections.abc import Mapping
from enum import StrEnum
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access.door.pacing import until_next
from pages.problems import Kind, answer, ask_for_token


class Code(StrEnum):
    """Codes may be added; none changes its meaning."""

    TOKEN_IN_ADDRESS = "token_in_address"  # noqa: S105 - a code
    EMPTY = "empty"
    NOT_WHOLE = "not_whole"
    NO_TOKEN = "no_token"  # noqa: S105 - a code
    INVALID_TOKEN = "invalid_token"  # noqa: S105 - a code
    SYSTEM_EXPIRED = "system_expired"
    SYSTEM_ORGANISATION = "system_organisation"
    NOT_PERMITTED = "not_permitted"
    NOT_FOUND = "not_found"
    SENT_BEFORE = "sent_before"
    TOO_LARGE = "too_large"
    NO_FILE = "no_file"
    TOO_MANY_REQUESTS = "too_many_requests"


KINDS: Mapping[Code, Kind] = {
    Code.TOKEN_IN_ADDRESS: Kind(
        400,
        "A token stood in the address",
        "Whoever keeps logs between us has read it now. Give it back, fetch another, and send that one in the header "
        "Authorization.",
    ),
    Code.EMPTY: Kind(400, "The file is empty", "Nothing was taken. Send the file as the body of the request."),
    Code.NOT_WHOLE: Kind(400, "The file did not come in whole", "Nothing of it was taken. Send it again."),
    Code.NO_TOKEN: Kind(401, "No token was shown", "Show a token: Authorization: Bearer contactpoint_client_…"),
    Code.INVALID_TOKEN: Kind(
        401,
        "The token opens nothing",
        "It has run out, was given back, or never was one; or the system was revoked. Fetch another, where people sign "
        "in. A token that practitioners' systems show is none here.",
    ),
    Code.SYSTEM_EXPIRED: Kind(
        401, "The accreditation of the system has run out", "Its organisation must have it accredited anew."
    ),
    Code.SYSTEM_ORGANISATION: Kind(
        401,
        "The organisation of the system may not use the service now",
        "Its accreditation has run out, or it was stopped. Ask its administrators.",
    ),
    Code.NOT_PERMITTED: Kind(
        403,
        "This is not permitted",
        "The system is accredited for something else, the feed is not its organisation's, or nothing is taken from "
        "that supplier any more. That it asked is recorded.",
    ),
    Code.NOT_FOUND: Kind(404, "Not found", "There is none of that number among the batches of this system's feed."),
    Code.SENT_BEFORE: Kind(
        409, "This was sent before", "It is here already, and nothing was taken twice. There is nothing to do."
    ),
    Code.TOO_LARGE: Kind(
        413,
        "The file is too large",
        f"Nothing of it was taken: {settings.STREAMED_FILE_MAX_BYTES // 1024**2} MB come in at once. Send it in parts, "
        "or have whoever runs the service take it in.",
    ),
    Code.NO_FILE: Kind(
        415,
        "This is no file",
        "Send the file as it is, as the body of the request, with its own Content-Type and with Content-Length.",
    ),
    Code.TOO_MANY_REQUESTS: Kind(
        429,
        "Too many requests at once",
        "Wait as long as Retry-After says. Ask how far a batch is once a minute at most.",
    ),
}
UNAUTHORISED = 401


def problem(request: HttpRequest, code: Code, *, detail: str = "") -> HttpResponse:
    """The answer that says so. `detail`, where there is more to say than the code's own."""
    kind, headers = KINDS[code], None
    if kind.status == UNAUTHORISED:
        headers = ask_for_token(shown=code != Code.NO_TOKEN)
    elif code == Code.TOO_MANY_REQUESTS:
        headers = {"Retry-After": str(ceil(until_next()))}
    return answer(request, code, kind, detail=detail, headers=headers)
