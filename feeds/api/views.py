"""A batch that a supplier's software delivers, and what became of it: twins of the pages of those who keep the feed."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from feeds.actions import batches as actions
from feeds.actions.batches import EmptyError, SentBeforeError
from feeds.api.admission import client_of, for_deliveries, process_of
from feeds.api.problems import Code, problem
from feeds.selectors.batches import Sent
from feeds.views.telling import refusal_of, words_of_fault
from pages.streamed import StreamedBody, StreamError, TooLargeError

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@for_deliveries
@require_POST
def batches(request: HttpRequest) -> HttpResponse:
    """Take in the file that is the body of the request, sealed as it comes. It is checked and let in like any other."""
    if request.content_type in FORMS or "Content-Length" not in request.headers:
        return problem(request, Code.NO_FILE)
    feed = client_of(request).feed
    assert feed is not None  # noqa: S101 - the database holds a system that delivers to one
    try:
        batch_id = actions.receive(actor=process_of(request), supplier_id=feed, parts=StreamedBody(request).parts())
    except EmptyError:
        return problem(request, Code.EMPTY)
    except SentBeforeError:
        return problem(request, Code.SENT_BEFORE)
    except TooLargeError:
        return problem(request, Code.TOO_LARGE)
    except StreamError as error:
        return problem(request, Code.NOT_WHOLE, detail=f"{error}.")
    where = {"Location": reverse("api_batch", args=[batch_id])}
    return JsonResponse({"batch": batch_id}, status=HTTPStatus.CREATED, headers=where)


@for_deliveries
@require_safe
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far it is, and what would become or became of its rows, in numbers. Recorded."""
    return JsonResponse(_told(actions.delivered(actor=process_of(request), batch_id=batch_id)))


def _told(sent: Sent) -> dict[str, Any]:
    """What the page shows of it, but for who decided."""
    return {
        "batch": sent.id,
        "state": {"code": sent.state.value, "label": str(sent.state.label)},
        "stands_still": sent.stands_still,
        "unusual": sent.unusual,
        "size": sent.size,
        "received_at": sent.received_at,
        "finished_at": sent.finished_at,
        "rows": {
            "seen": sent.rows,
            "expected": sent.expected,
            "linked": sent.linked,
            "unchanged": sent.unchanged,
            "created": sent.created,
            "queued": sent.queued,
            "refused": sent.refused,
        },
        "faults": [
            {"code": code, "detail": words_of_fault(code), "rows": rows} for code, rows in (sent.faults or {}).items()
        ],
        "refusal": {"code": sent.fault, "detail": refusal_of(sent), "line": sent.fault_line} if sent.fault else None,
    }
