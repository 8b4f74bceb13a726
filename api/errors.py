"""From what was raised to the problem that a system is told.

Each refusal of a person is recorded as it is where a page tells them (access/door/refusals.py), after its own
transaction has gone.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework import exceptions

from access.door.refusals import note_ended, note_of, note_over_budget
from access.rules.errors import NotFoundError, NotPermittedError, NotVettedError, RefusedError
from api.callers import actor_of, request_id_of
from api.problems import Code, Wrong, problem
from audit.errors import NoLiveSessionError, NotAllowedError, OverBudgetError
from encryption.errors import StaleRowError
from pages import problems
from registry.actions.following import NotToldError
from registry.actions.involvements import InvalidEntryError, LeadTakenError
from registry.forms.refused import NO_LONGER_FITS, about_lead

AT_WORK_SECONDS = 5  # in which an entry that is still at work is done


class ProblemError(Exception):
    """Something that the API itself refuses: a code, and what is wrong where the code leaves that open."""

    def __init__(self, code: Code, *, detail: str = "", errors: tuple[Wrong, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.detail, self.errors = code, detail, errors


class WrongFieldsError(ProblemError):
    """What was sent is not as it must be."""

    def __init__(self, *errors: Wrong) -> None:
        super().__init__(Code.INVALID, errors=errors)


# Of what the framework raises, and of what actions do: the code that says it.
CODES: tuple[tuple[type[Exception], Code], ...] = (
    (exceptions.ParseError, Code.MALFORMED),
    (exceptions.UnsupportedMediaType, Code.NOT_JSON),
    (exceptions.MethodNotAllowed, Code.METHOD_NOT_ALLOWED),
    (exceptions.Throttled, Code.TOO_MANY_REQUESTS),
    (StaleRowError, Code.STALE),
    (NotToldError, Code.NOT_TOLD),
)


def answer(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The problem for what a view raised; None for what is our own mistake."""
    request: HttpRequest = context["request"]._request  # noqa: SLF001 - DRF has no other name for it
    try:
        return _refused(request, exception) or _wrong(request, exception, context)
    except NoLiveSessionError:  # it ended before the refusal could be recorded
        return ended(request)


def ended(request: HttpRequest) -> HttpResponse:
    """The session ended between the beginning of the request and its event: nothing was shown."""
    note_ended(request_id_of(request))
    return problem(request, Code.SESSION_ENDED, headers=ask_for_token(Code.SESSION_ENDED))


def refused(request: HttpRequest, exception: RefusedError) -> HttpResponse | None:
    """Record the refusal and say so; None for one that nothing in the API raises."""
    for kind, code in (
        (NotVettedError, Code.NOT_VETTED),
        (NotFoundError, Code.NOT_FOUND),
        (NotPermittedError, Code.NOT_PERMITTED),
    ):
        if isinstance(exception, kind):
            note_of(actor_of(request), exception)
            # What has a sentence of its own says more than its kind.
            return problem(request, code, detail="" if type(exception) is kind else exception.sentence)
    return None


def ask_for_token(code: Code) -> dict[str, str]:
    """The header that goes with 401."""
    return problems.ask_for_token(shown=code != Code.NO_TOKEN)


def wrong_in(form: BaseForm, *, under: str = "", parameters: bool = False) -> tuple[Wrong, ...]:
    """What a form refuses, in the words of its page. `under`: where in the body what it was filled with stands."""
    return tuple(
        Wrong(
            error.code or "invalid",
            message,
            pointer=None if parameters else f"{under}/{name}".removesuffix(f"/{NON_FIELD_ERRORS}"),
            parameter=name if parameters else None,
        )
        for name, errors in form.errors.as_data().items()
        for error in errors
        for message in error.messages
    )


def _refused(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    if isinstance(exception, RefusedError):
        return refused(request, exception)
    if isinstance(exception, NotAllowedError):
        return refused(request, NotPermittedError())
    if isinstance(exception, OverBudgetError):
        spent = note_over_budget(actor_of(request), exception)
        detail = f"{Code.OVER_BUDGET.kind.detail} It is: {spent.what}, {spent.limit}."
        headers = {"Retry-After": str(_to_next_hour())} if spent.until_next_hour else {}
        return problem(request, Code.OVER_BUDGET, detail=detail, headers=headers)
    return ended(request) if isinstance(exception, NoLiveSessionError) else None


def _wrong(request: HttpRequest, exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    if isinstance(exception, ProblemError):
        headers = _headers(exception, context)
        return problem(request, exception.code, detail=exception.detail, errors=exception.errors, headers=headers)
    if isinstance(exception, exceptions.ValidationError):
        return problem(request, Code.INVALID, errors=tuple(_wrongs(exception.detail)))
    if isinstance(exception, InvalidEntryError):
        return problem(request, Code.INVALID, errors=(Wrong("invalid", NO_LONGER_FITS),))
    if isinstance(exception, LeadTakenError):
        return problem(request, Code.LEAD_TAKEN, detail=about_lead(exception))
    for kind, code in CODES:
        if isinstance(exception, kind):
            return problem(request, code, headers=_headers(exception, context))
    return None


def _headers(exception: Exception, context: dict[str, Any]) -> dict[str, str]:
    if isinstance(exception, ProblemError) and exception.code == Code.KEY_IN_USE:
        return {"Retry-After": str(AT_WORK_SECONDS)}
    if isinstance(exception, exceptions.Throttled):
        return {"Retry-After": str(ceil(getattr(exception, "wait", 1) or 1))}
    if isinstance(exception, exceptions.MethodNotAllowed):
        return {"Allow": ", ".join(context["view"].allowed_methods)}
    return {}


def _wrongs(found: Any, at: str = "") -> Iterator[Wrong]:
    """What a serializer refuses, by where in the body it stands."""
    if isinstance(found, dict):
        for name, below in found.items():
            here = at if name == "non_field_errors" else f"{at}/{_escaped(str(name))}"
            yield from _wrongs(below, here)
    elif isinstance(found, list):
        for below in found:
            yield from _wrongs(below, at)
    else:
        yield Wrong(found.code, str(found), pointer=at)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _to_next_hour() -> int:
    """Seconds until the next hour begins, by which budgets are counted (access/sql/functions/access_charge.sql)."""
    now = timezone.now().astimezone(UTC)
    following = datetime(now.year, now.month, now.day, now.hour, tzinfo=UTC) + timedelta(hours=1)
    return max(1, ceil((following - now).total_seconds()))
