"""What one person did with one record in one session is one line; every event is in one line, and none is lost."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.calls.actions import begin_call
from access.door.calls import call_of
from access.models import Role, User
from audit.events import EventKind, Outcome
from audit.reading import reading
from audit.recorder import About
from registry.search.criteria import Criteria
from review.policies import authorities_of
from review.selectors.entries import Filter, entry
from review.selectors.visits import Place, Visit, events_of_visit, visits
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.integration.review.reading import LOG, asked, happened, ids, opened, recorded, text_of

OPENED = EventKind.CHILD_OPENED


@pytest.fixture
def lately() -> Filter:
    """Not what the tests' own people did to sign in."""
    return Filter(kind=OPENED)


def seen(auditor: User, wanted: Filter) -> list[Visit]:
    actor = factories.actor_for(auditor)
    authorities = authorities_of(actor)
    with reading(actor):
        return visits(authorities, wanted, Place()).visits


def test_reloads_are_one_line_with_how_often_and_since_when(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    made = [opened(actor) for _ in range(12)]

    page = asked(visitor, record="(4711)")

    assert ids(page) == [made[-1]]
    assert "Record opened, 12 times" in text_of(page)
    assert "12 events since" in text_of(page)


def test_line_leads_to_each_of_its_events(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    made = [opened(actor) for _ in range(3)]
    opened(actor, child_id=9)

    for event in made:
        assert ids(visitor.get(reverse("visit", args=[event]))) == made[::-1]


def test_all_that_was_done_in_a_visit_is_in_its_line(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    recorded(EventKind.CHILD_SHOWN, About(child_id=4711), actor=actor)
    opened(actor, reason="s47")
    opened(actor, reason="s11")
    refused = recorded(EventKind.ACCESS_REFUSED, About(child_id=4711), actor=actor, outcome=Outcome.NOT_PERMITTED)

    page = asked(visitor, record="(4711)")

    assert ids(page) == [refused]
    said = text_of(page)
    for words in ("Refused: not permitted", "Identity shown", "section 47", "section 11", "4 events"):
        assert words in said


def test_other_record_other_session_other_person_are_other_lines(
    auditor: User, teacher: User, lately: Filter, as_owner: OwnerContext
) -> None:
    with as_owner():
        colleague = factories.user(works_for=teacher.organisation)
    actor = factories.actor_for(teacher)
    one, two = opened(actor), opened(actor)
    other_record = opened(actor, child_id=9)
    other_session = opened(teacher)
    other_person = opened(colleague)

    found = seen(auditor, lately)

    assert [visit.newest.id for visit in found] == [other_person, other_session, other_record, two]
    assert [visit.times for visit in found] == [1, 1, 1, 2]
    assert one not in [visit.newest.id for visit in found]


@pytest.mark.parametrize(("minutes", "times"), [(29, [2]), (31, [1, 1])])
def test_a_visit_ends_half_an_hour_after_the_last_look(
    auditor: User, teacher: User, lately: Filter, minutes: int, times: list[int]
) -> None:
    like, now = opened(teacher), timezone.now()
    earlier = happened(now - timedelta(minutes=minutes), like, child_id=9)
    later = happened(now, like, child_id=9)

    found = [visit for visit in seen(auditor, lately) if visit.newest.child_id == 9]

    assert [visit.times for visit in found] == times
    assert [event for visit in found for event in events_in(auditor, visit)] == [later, earlier]


def events_in(auditor: User, visit: Visit) -> list[int]:
    actor = factories.actor_for(auditor)
    authorities = authorities_of(actor)
    with reading(actor):
        found = entry(authorities, visit.newest.id)
        assert found is not None
        return [each.id for each in events_of_visit(authorities, found)]


def test_chain_of_looks_is_one_visit_however_long(auditor: User, teacher: User, lately: Filter) -> None:
    like, now = opened(teacher), timezone.now()
    made = [happened(now - timedelta(minutes=25 * back), like, child_id=9) for back in range(20, -1, -1)]

    (visit,) = [visit for visit in seen(auditor, lately) if visit.newest.child_id == 9]

    assert (visit.times, visit.first_at) == (21, now - timedelta(minutes=25 * 20))
    assert events_in(auditor, visit) == made[::-1]


def test_filter_cuts_a_visit_and_loses_none_of_what_fits(visitor: Client, teacher: User) -> None:
    """The newest event of the visit does not fit: the visit stands where its newest fitting event is."""
    actor = factories.actor_for(teacher)
    wanted = [opened(actor) for _ in range(2)]
    recorded(EventKind.CHILD_SHOWN, About(child_id=4711), actor=actor)

    page = asked(visitor, kind=OPENED.value)

    assert ids(page) == [wanted[-1]]
    assert "Record opened, 2 times" in text_of(page)


def test_repeated_search_is_one_line_and_another_search_another(
    visitor: Client, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        child = factories.child()
    actor = factories.actor_for(teacher)
    trail, other = uuid4(), uuid4()
    for each in (trail, trail, other):
        criteria = Criteria(today=factories.today(), given="Amelia", family="Okafor").to_log()
        recorded(EventKind.CHILD_SEARCHED, About(trail=each, criteria=criteria), actor=actor)
        newest = recorded(EventKind.CHILD_LISTED, About(trail=each, shown=[child.pk]), actor=actor)

    page = asked(visitor, person=teacher.email.open())

    assert ids(page)[0] == newest
    assert len(ids(page)) == 3, "two searches and the sign-in"
    assert "Search results shown, 2 times" in text_of(page)
    assert "Search, 2 times" in text_of(page)


def test_what_changes_something_stands_alone(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    made = [recorded(EventKind.SIGNED_OUT, About(user_id=teacher.pk), actor=actor) for _ in range(3)]

    assert ids(asked(visitor, kind=EventKind.SIGNED_OUT.value)) == made[::-1]


def test_each_event_by_itself_when_that_is_asked(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    made = [opened(actor) for _ in range(5)]

    assert ids(asked(visitor, record="(4711)", apart="on")) == made[::-1]


def test_readings_of_the_log_are_shown_when_asked_for_and_kept_all_the_same(visitor: Client, teacher: User) -> None:
    opened(teacher)
    visitor.get(LOG)

    assert "Access log read" not in lines_of(visitor.get(LOG))
    assert "Access log read" in lines_of(asked(visitor, readings="on"))
    assert "Access log read" in lines_of(asked(visitor, kind=EventKind.LOG_READ.value))


def lines_of(page: object) -> str:
    return text_of(page).partition("Newest first")[2]  # type: ignore[arg-type]


def test_visit_of_nothing_that_is_repeated_is_that_event(visitor: Client, auditor: User) -> None:
    with signing_in():
        failed = recorded(
            EventKind.USER_PASSWORD_CHANGED, About(user_id=auditor.pk), actor=factories.actor_for(auditor)
        )

    assert ids(visitor.get(reverse("visit", args=[failed]))) == [failed]


def test_mediator_in_two_colleagues_names_makes_two_lines(
    auditor: User, teacher: User, lately: Filter, as_owner: OwnerContext
) -> None:
    with as_owner():
        mediator = factories.user(role=Role.MEDIATOR, works_for=auditor.organisation)
        other = factories.user(works_for=teacher.organisation)
    first = factories.actor_on_call(mediator, teacher)
    opened(first, child_id=9)
    opened(first, child_id=9)
    with signing_in():
        begin_call(actor=replace(first, colleague=None), colleague=other)
    call = call_of(first.session_key)
    assert call is not None
    opened(replace(first, colleague=call.in_whose_name), child_id=9)

    found = seen(auditor, lately)

    assert [(visit.times, visit.newest.user_id) for visit in found] == [(1, other.pk), (2, teacher.pk)]
