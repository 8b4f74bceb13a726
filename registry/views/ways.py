"""The ways to a record and from it: over the question why, with what was typed, and back to where one was."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from registry.views import state

FROM = "results"  # in the reason page's address: the trail of the results that led there, or the records opened lately
WITH_ANSWERS = "answers"  # there too: that a form was sent when no reason held any more


@dataclass(frozen=True, slots=True)
class Back:
    """Where one goes back to, and what the link says."""

    address: str
    text: str


NEW_SEARCH = "New search"


def back(request: HttpRequest, child_id: int) -> Back:
    """To the list from which the child was asked for. To show results again is to search again, recorded so."""
    way = state.kept_way(request, child_id)
    if way is None:
        return Back(reverse("search"), NEW_SEARCH)
    if way == state.LATELY:
        return Back(reverse("lately"), "Back to records you opened lately")
    return Back(reverse("results", args=[way]), "Back to results")


def over_reason(request: HttpRequest, child_id: int, reference: str) -> str:
    """Where the reason is asked for once more. What a form sent and the way back that there was are kept."""
    kept = {
        FROM: state.kept_way(request, child_id),
        WITH_ANSWERS: "kept" if state.keep_answers(request, child_id) else None,
    }
    return reverse("open_record", args=[reference], query={name: value for name, value in kept.items() if value})


def after_reason(request: HttpRequest, child_id: int, reference: str) -> str:
    """To the form whose answers wait, if it was that which led to the question; else to the record."""
    form = state.form_of_answers(request, child_id) if WITH_ANSWERS in request.GET else None
    return form or reverse("record", args=[reference])
