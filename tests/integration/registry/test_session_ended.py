"""A session that ends between the beginning of a request and its event: nothing is shown, nothing is changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from access.door.sessions import SessionStore
from audit.events import EventKind, Outcome
from registry.models import Involvement
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor, hidden, text_of
from tests.log import events, last_event


@pytest.fixture
def teacher(town: Town, add: AddChildren) -> Visitor:
    add(full_draft(town))
    return Visitor(town.teacher)


@contextmanager
def session_ends_before_its_event(visitor: Visitor) -> Iterator[None]:
    """As where somebody else signs the person out, just then."""
    key = visitor.browser.cookies[settings.SESSION_COOKIE_NAME].value

    def end_first(execute: Callable[..., Any], statement: Any, *rest: Any) -> Any:
        if str(statement).startswith("SELECT audit_record("):
            SessionStore(key).delete()
        return execute(statement, *rest)

    with connection.execute_wrapper(end_first):
        yield


@pytest.mark.parametrize("page", ["open_record", "record", "record_involvement", "involvement_done"])
def test_page_of_a_child_is_not_shown(teacher: Visitor, page: str) -> None:
    reference = teacher.opened()
    address = reverse(page, args=[reference, "recorded"] if page == "involvement_done" else [reference])
    assert "Amina Hussain" in text_of(teacher.get(address))
    before = len(events(kind__startswith="child."))

    with session_ends_before_its_event(teacher):
        refused = teacher.get(address)

    assert_plain_refusal_to_a_stranger(refused)
    assert len(events(kind__startswith="child.")) == before


def test_results_are_not_shown(teacher: Visitor) -> None:
    ((address, _status),) = teacher.search().redirect_chain
    with session_ends_before_its_event(teacher):
        assert_plain_refusal_to_a_stranger(teacher.get(address))
    assert len(events(kind=EventKind.CHILD_LISTED)) == 1


def test_change_is_not_made(teacher: Visitor) -> None:
    reference = teacher.opened()
    checked = teacher.answered(reference)
    with session_ends_before_its_event(teacher):
        refused = teacher.post(reverse("check_involvement", args=[reference]), **hidden(checked))

    assert_plain_refusal_to_a_stranger(refused)
    with as_owner_here():
        assert "Ada Bell" not in [row.details.open().practitioner for row in Involvement.objects.all()]


def assert_plain_refusal_to_a_stranger(response: Any) -> None:
    assert response.status_code == 403
    told = text_of(response)
    assert "You are no longer signed in" in told
    assert reverse("account_login") in told
    for kept in ("Amina", "Hussain", "Ada Bell", "M33"):
        assert kept not in told
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.ACCESS_REFUSED, Outcome.SESSION_ENDED)
    assert (event.process, event.actor_id) == ("sign-in", None)
    assert event.request_id is not None
