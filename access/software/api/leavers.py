"""A list of leavers, sent by an organisation's own software: all of them are suspended, or nobody."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from access.software import feeds
from access.software.actions.leavers import WrongListError, receive_leavers
from access.software.api.admission import process_of
from access.software.api.guard import for_software
from access.software.lists import leavers
from access.software.lists.spreadsheets import CellError, SheetError, read

WRONG_LINES = "Nothing was done. Correct these lines and send the list again."
WRONG_LIST = (
    "Nobody was suspended: the list names more than half of all your people, so it is most likely the wrong one. "
    "If it is right, an administrator can give it on the page People who have left."
)


@for_software("POST")
def send_leavers(request: HttpRequest) -> HttpResponse:
    """Take a CSV file with one column, `email`, as the request's body. See docs/feeds.md."""
    feed = process_of(request)
    try:
        rows = read(request.body, leavers.COLUMNS)
    except SheetError as problem:
        return _refuse(str(problem), [])
    checked = leavers.check(rows, feeds.everybody_of(feed))
    if checked.errors:
        return _refuse(WRONG_LINES, checked.errors)
    try:
        received = receive_leavers(actor=feed, user_ids=[person.pk for person in checked.people])
    except WrongListError:
        return JsonResponse({"detail": WRONG_LIST, "errors": []}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"suspended": received.suspended, "withdrawn": received.withdrawn, "already": received.already})


def _refuse(detail: str, errors: list[CellError]) -> HttpResponse:
    said = [{"line": one.line, "column": one.column, "detail": str(one)} for one in errors]
    return JsonResponse({"detail": detail, "errors": said}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
