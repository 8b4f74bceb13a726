"""What a system is told when something is not done: a problem (RFC 9457), with a code that stays the same.

Where it speaks FHIR, the same as an OperationOutcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest, HttpResponse

from api.fhir.outcomes import FHIR_JSON, outcome_of
from api.fhir.words import PATH as FHIR_PATH
from pages.problems import Kind, answer, said


class Code(StrEnum):
    """Why something is not done. Codes may be added; none changes its meaning."""

    TOKEN_IN_ADDRESS = "token_in_address"  # noqa: S105 - a code
    MALFORMED = "malformed"
    KEY_MISSING = "key_missing"
    NO_TOKEN = "no_token"  # noqa: S105 - a code
    INVALID_TOKEN = "invalid_token"  # noqa: S105 - a code
    SYSTEM_WAITING = "system_waiting"
    SYSTEM_REVOKED = "system_revoked"
    SYSTEM_EXPIRED = "system_expired"
    SYSTEM_ORGANISATION = "system_organisation"
    SYSTEM_ELSEWHERE = "system_elsewhere"
    SESSION_ENDED = "session_ended"
    NOT_VETTED = "not_vetted"
    NOT_PERMITTED = "not_permitted"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    LEAD_TAKEN = "lead_taken"
    KEY_IN_USE = "key_in_use"
    NOT_TOLD = "not_told"
    STALE = "stale"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    INVALID = "invalid"
    KEY_REUSED = "key_reused"
    TOO_MANY_MATCHES = "too_many_matches"
    VERSION_MISSING = "version_missing"
    OVER_BUDGET = "over_budget"
    TOO_MANY_REQUESTS = "too_many_requests"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"

    @property
    def kind(self) -> Kind:
        """What it means."""
        return KINDS[self]


SIGN_IN_AGAIN = "Have the person sign in again and let the system act for them."
SECOND_LINE = "A second line of defence, which nobody should meet"
KINDS: Mapping[Code, Kind] = {
    Code.TOKEN_IN_ADDRESS: Kind(
        400,
        "A token stood in the address",
        "Whoever keeps logs between us has read it now. End its session, have the person sign in again, and send the "
        "new token in the header Authorization.",
    ),
    Code.MALFORMED: Kind(400, "This is not JSON as we read it", "Send one JSON object in UTF-8, each name in it once."),
    Code.KEY_MISSING: Kind(
        400,
        "The header Idempotency-Key is missing",
        "Send one of 1 to 255 visible characters, made anew for each entry and kept for each time it is sent again.",
    ),
    Code.NO_TOKEN: Kind(401, "No token was shown", "Show an access token: Authorization: Bearer contactpoint_access_…"),
    Code.INVALID_TOKEN: Kind(
        401,
        "The token opens nothing",
        f"It has run out, was renewed, or never was one. Renew it with its refresh token. {SIGN_IN_AGAIN}",
    ),
    Code.SYSTEM_WAITING: Kind(
        401,
        "The system is not accredited yet",
        f"A second administrator of its organisation must accredit it. {SECOND_LINE}: nobody lets such a system act.",
    ),
    Code.SYSTEM_REVOKED: Kind(
        401,
        "The system was revoked",
        f"Ask an administrator of its organisation. {SECOND_LINE}: with a system its sessions end, so that their "
        "tokens are met with invalid_token.",
    ),
    Code.SYSTEM_EXPIRED: Kind(
        401, "The accreditation of the system has run out", "Its organisation must have it accredited anew."
    ),
    Code.SYSTEM_ORGANISATION: Kind(
        401,
        "The organisation of the system may not use the service now",
        "Its accreditation has run out, or it was stopped. Ask its administrators.",
    ),
    Code.SYSTEM_ELSEWHERE: Kind(
        401,
        "The system is not for this person",
        "It is for practitioners of its own organisation, and of those that its organisation answers for.",
    ),
    Code.SESSION_ENDED: Kind(401, "The session ended meanwhile", f"Nothing was shown or changed. {SIGN_IN_AGAIN}"),
    Code.NOT_VETTED: Kind(
        403,
        "The person may not use the service now",
        "Something in their vetting is missing or has run out. They see what under My access, in the service itself.",
    ),
    Code.NOT_PERMITTED: Kind(
        403, "This is not permitted", "The person may know of it, and may not do this. That they asked is recorded."
    ),
    Code.NOT_FOUND: Kind(
        404,
        "Not found",
        "There is none, or none that this person may know of. A reference to a child is good for one person in one "
        "session: search again once the session is another.",
    ),
    Code.METHOD_NOT_ALLOWED: Kind(405, "This address does not take that method", "The header Allow says what it does."),
    Code.LEAD_TAKEN: Kind(
        409,
        "Another organisation has the lead professional",
        "Nothing was saved. Ring whom the detail names, or record the involvement without the lead.",
    ),
    Code.KEY_IN_USE: Kind(
        409,
        "What was sent with this Idempotency-Key is still at work, or broke off",
        "Wait as long as Retry-After says and send it again. If it stays so, open the record to see whether the entry "
        "is there, and use another key if it is not.",
    ),
    Code.NOT_TOLD: Kind(
        409,
        "The system was accredited without an address at which it is told anything",
        "Nothing was done. Its organisation must have it accredited anew, with such an address.",
    ),
    Code.STALE: Kind(
        412,
        "The involvement changed after it was read",
        "Nothing was saved. Read it again, decide, and send its new ETag.",
    ),
    Code.TOO_LARGE: Kind(413, "The body is too large", "A body has 64 KiB at most."),
    Code.NOT_JSON: Kind(415, "The body is not application/json", "Send Content-Type: application/json."),
    Code.INVALID: Kind(
        422, "Something in the request is not as it must be", "`errors` says what, and what to do. Nothing was done."
    ),
    Code.KEY_REUSED: Kind(
        422,
        "This Idempotency-Key was used for another entry",
        "Nothing was done. Make a key for each entry, and keep it only to send that entry again.",
    ),
    Code.TOO_MANY_MATCHES: Kind(
        422,
        "More children fit than may be shown",
        "Nobody is shown. Add what else is known. FHIR alone has this code; elsewhere `too_many` says so.",
    ),
    Code.VERSION_MISSING: Kind(
        428, "The header If-Match is missing", "Send the ETag with which the involvement was read last."
    ),
    Code.OVER_BUDGET: Kind(
        429,
        "The person has reached their limit",
        "One person may see only so much in an hour and a day. Nothing more was shown, and the attempt is recorded. "
        "Where it is the limit of an hour, Retry-After says when the next begins. Where it is that of a day there is "
        "none: what was seen counts for 24 hours. Try again only when the person asks again, for each attempt is "
        "recorded.",
    ),
    Code.TOO_MANY_REQUESTS: Kind(
        429, "Too many requests at once", "Wait as long as Retry-After says. This limit counts requests, not children."
    ),
    Code.FAILED: Kind(500, "We made a mistake", "Tell us the request_id. Whether anything was done is not known."),
    Code.UNAVAILABLE: Kind(503, "The service is not available now", "Try again in a minute."),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one part of a request: `pointer` into its body (RFC 6901), or the `parameter` of its query."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def told(self) -> dict[str, str]:
        """As it stands in a problem."""
        where = {"parameter": self.parameter} if self.parameter is not None else {"pointer": self.pointer or ""}
        return {**where, "code": self.code, "detail": self.detail}


def problem(
    request: HttpRequest,
    code: Code,
    *,
    detail: str = "",
    errors: Sequence[Wrong] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that says so. `detail`, where there is more to say than the code's own."""
    told = [each.told() for each in errors]
    if request.path_info.startswith(FHIR_PATH):
        outcome = outcome_of(said(request, code, code.kind, detail=detail, errors=told))
        return HttpResponse(outcome, status=code.kind.status, content_type=FHIR_JSON, headers=headers)
    return answer(request, code, code.kind, detail=detail, errors=told, headers=headers)
