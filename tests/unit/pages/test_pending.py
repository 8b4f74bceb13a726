"""What waits to be confirmed: carried out once, under its own key, and put away with the rest of the desk."""

import pytest
from django.http import HttpRequest

from pages import desk, pending

ANSWERS = {"name": "Ada Bell"}


@pytest.fixture
def request_with_answers() -> HttpRequest:
    request = HttpRequest()
    request.service = {}  # type: ignore[attr-defined]
    pending.keep(request, "answers", ANSWERS)
    return request


def test_it_is_taken_once(request_with_answers: HttpRequest) -> None:
    key = pending.key(request_with_answers, "answers")
    assert pending.kept(request_with_answers, "answers", dict[str, str]) == ANSWERS
    assert pending.take(request_with_answers, "answers", dict[str, str], key) == ANSWERS
    assert pending.take(request_with_answers, "answers", dict[str, str], key) is None
    assert pending.key(request_with_answers, "answers") == ""


def test_what_took_its_place_is_not_taken_by_its_key(request_with_answers: HttpRequest) -> None:
    key = pending.key(request_with_answers, "answers")
    pending.keep(request_with_answers, "answers", {"name": "Ida Moss"})
    for presented in (key, ""):
        assert pending.take(request_with_answers, "answers", dict[str, str], presented) is None
    assert pending.kept(request_with_answers, "answers", dict[str, str]) == {"name": "Ida Moss"}


def test_it_goes_with_the_desk(request_with_answers: HttpRequest) -> None:
    """As when a mediator's call ends: nothing of one colleague's is at hand for the next."""
    desk.clear(request_with_answers)
    assert pending.kept(request_with_answers, "answers", dict[str, str]) is None
    assert pending.take(request_with_answers, "answers", dict[str, str], "") is None
