"""A problem (api/problems.py) as FHIR says it: an OperationOutcome, with codes of the NHS beside ours.

What is wrong is the same, with the same status; `id` is the number of the request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from fhir.resources.R4B.operationoutcome import OperationOutcome

FHIR_JSON = "application/fhir+json"
SPINE = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
SPINE_WORDS = {
    "ACCESS_DENIED": "Access has been denied to process this request",
    "ADDITIONAL_PROPERTIES": "Additional properties are not allowed",
    "INVALID_SEARCH_DATA": "Search data is invalid",
    "INVALID_VALUE": "Provided value is invalid",
    "MISSING_VALUE": "Required value is missing",
    "RESOURCE_NOT_FOUND": "Resource not found",
    "TOO_MANY_MATCHES": "Too many matches were found",
    "TOO_MANY_REQUESTS": "Too many requests",
    "UNSUPPORTED_SERVICE": "Unsupported service",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """What FHIR calls a code of ours, and the NHS; and what to do, where that is another thing here."""

    kind: str
    spine: str = ""
    do: str = ""


TOKEN = Issue("login", "ACCESS_DENIED")
SYSTEM = Issue("forbidden", "ACCESS_DENIED")
NOT_BY_ADDRESS = (
    "The header Allow says what this address takes. A search for a Patient is sent as a form to POST Patient/_search, "
    "with the same parameters: what is asked about a child stands in no address, where whoever keeps logs can read it."
)
NOT_SENT_HERE = Issue("not-supported", "UNSUPPORTED_SERVICE")
# By the codes of api.problems, all of them.
ISSUES: Mapping[str, Issue] = {
    "token_in_address": Issue("security", "ACCESS_DENIED"),
    "malformed": Issue(
        "structure", "INVALID_VALUE", do="Send a form in UTF-8: names and values, escaped for an address."
    ),
    "key_missing": NOT_SENT_HERE,
    "no_token": TOKEN,
    "invalid_token": Issue("expired", "ACCESS_DENIED"),
    "system_waiting": SYSTEM,
    "system_revoked": SYSTEM,
    "system_expired": SYSTEM,
    "system_organisation": SYSTEM,
    "system_elsewhere": SYSTEM,
    "session_ended": Issue("expired", "ACCESS_DENIED"),
    "not_vetted": SYSTEM,
    "not_permitted": SYSTEM,
    "not_found": Issue("not-found", "RESOURCE_NOT_FOUND"),
    "method_not_allowed": Issue("not-supported", "UNSUPPORTED_SERVICE", do=NOT_BY_ADDRESS),
    "lead_taken": NOT_SENT_HERE,
    "key_in_use": NOT_SENT_HERE,
    "stale": NOT_SENT_HERE,
    "not_told": NOT_SENT_HERE,
    "too_large": Issue("too-long", "INVALID_VALUE"),
    "not_json": Issue(
        "not-supported", "INVALID_VALUE", do="Send a form: Content-Type: application/x-www-form-urlencoded."
    ),
    "invalid": Issue("value", "INVALID_VALUE"),
    "key_reused": NOT_SENT_HERE,
    "version_missing": NOT_SENT_HERE,
    "over_budget": Issue("throttled", "TOO_MANY_REQUESTS"),
    "too_many_requests": Issue("throttled", "TOO_MANY_REQUESTS"),
    "failed": Issue("exception"),
    "unavailable": Issue("transient"),
    "too_many_matches": Issue("multiple-matches", "TOO_MANY_MATCHES"),
}
# Of what is wrong with one parameter; all else is a wrong value.
OF_PARAMETERS: Mapping[str, Issue] = {
    "required": Issue("required", "MISSING_VALUE"),
    "not_enough": Issue("required", "INVALID_SEARCH_DATA"),
    "letter": Issue("required", "INVALID_SEARCH_DATA"),
    "unknown": Issue("not-supported", "ADDITIONAL_PROPERTIES"),
    "range": Issue("not-supported", "INVALID_VALUE"),
}


def outcome_of(problem: Mapping[str, Any]) -> str:
    """The problem, as an OperationOutcome in JSON."""
    code = problem["code"]
    issue = ISSUES[code]
    wrongs: Sequence[Mapping[str, str]] = problem["errors"]
    issues = [
        _told(OF_PARAMETERS.get(each["code"], issue), code, problem["title"], each["detail"], each.get("parameter"))
        for each in wrongs
    ]
    told = issues or [_told(issue, code, problem["title"], issue.do or problem["detail"])]
    made = OperationOutcome.model_validate({"id": problem["request_id"], "issue": told})
    return str(made.model_dump_json())


def _told(issue: Issue, code: str, title: str, detail: str, parameter: str | None = None) -> dict[str, Any]:
    codings = [{"system": f"{settings.SERVICE_ADDRESS}/api/", "code": code, "display": title}]
    if issue.spine:
        codings += [{"system": SPINE, "version": "1", "code": issue.spine, "display": SPINE_WORDS[issue.spine]}]
    told: dict[str, Any] = {
        "severity": "error",
        "code": issue.kind,
        "details": {"coding": codings, "text": title},
        "diagnostics": detail,
    }
    return told | ({"location": [f"http.{parameter}"]} if parameter else {})
