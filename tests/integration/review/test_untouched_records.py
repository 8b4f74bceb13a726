"""An auditor turns no id into a record: what only auditors did with one is nothing that people had to do with it."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.actors import Process
from audit.events import EventKind, Outcome
from audit.reading import reading
from audit.recorder import About
from registry.models import Child
from registry.rules import numbers
from registry.rules.numbers import number_fingerprint
from review.policies import about_number
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.reading import LOG, asked, happened, ids, opened, recorded, text_of
from tests.integration.review.test_record_numbers import NHS, ask, child_with, own_number
from tests.log import events, last_event


@pytest.fixture(params=["open", "shielded"])
def untouched(request: pytest.FixtureRequest, council: Organisation) -> Child:
    """A child with whom nobody had to do."""
    return child_with(council, shielded_since=factories.today() if request.param == "shielded" else None)


@pytest.fixture
def colleague(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.AUDITOR, works_for=council, name="Second auditor")


def test_internal_id_of_a_record_that_nobody_touched_leads_nowhere(visitor: Client, untouched: Child) -> None:
    visitor.get(LOG)
    own = numbers.shown(own_number(untouched))

    first = asked(visitor, record=f"({untouched.pk})", readings="on")
    pages = [first, asked(visitor, record=f"({untouched.pk})", readings="on"), asked(visitor, readings="on")]
    pages += [visitor.get(reverse("event", args=[event.pk])) for event in events(kind=EventKind.LOG_READ)]

    assert ids(first) == []
    assert [page for page in pages if own in text_of(page)] == []
    assert [event.child_id for event in events(kind=EventKind.LOG_READ) if event.child_id] == []
    assert ids(asked(visitor, record=NHS)) == []


def test_internal_id_of_others_record_looks_like_that_of_none(
    visitor: Client, council: Organisation, stranger: User
) -> None:
    opened(stranger, child_id=4813)

    theirs, nobodys = asked(visitor, record="(4813)"), asked(visitor, record="(4814)")

    assert ids(theirs) == ids(nobodys) == []
    assert text_of(theirs).replace("4813", "") == text_of(nobodys).replace("4814", "")


def test_that_an_internal_id_was_looked_up_is_in_the_log(visitor: Client) -> None:
    asked(visitor, record="(4813)")

    assert [event.fields for event in events(kind=EventKind.LOG_READ)][-2:] == [["number.internal"], []]


def test_colleagues_reading_of_a_record_is_found_where_own_people_had_to_do_with_it(
    visitor: Client, colleague: User, council: Organisation, teacher: User
) -> None:
    child = child_with(council)
    visit = opened(teacher, child_id=child.pk)
    asked(factories.signed_in(colleague), record=f"({child.pk})")
    theirs = last_event(actor_id=colleague.pk)

    page = asked(visitor, record=NHS, readings="on", person=colleague.email.open())

    assert theirs.child_id == child.pk
    assert ids(page) == [theirs.pk]
    assert numbers.shown(own_number(child)) in text_of(page)
    assert visit in ids(asked(visitor, record=NHS))


# -------------------------------------------------------------------------------------------------- at the database


@pytest.mark.parametrize(
    "planted",
    [
        (EventKind.LOG_READ, "reader"),
        (EventKind.CHILD_ADDED, "reader"),
        (EventKind.ACCESS_REFUSED, "reader"),
        (EventKind.ACCESS_REFUSED, "process"),
    ],
    ids=lambda planted: f"{planted[0]} by {planted[1]}",
)
def test_no_event_of_an_auditors_own_making_opens_a_record(
    auditor: User, untouched: Child, planted: tuple[EventKind, str]
) -> None:
    """What injected SQL could have the web role write with an auditor's session, or with none."""
    kind, who = planted
    reader = factories.actor_for(auditor)
    about = About(child_id=untouched.pk)
    if who == "process":
        actor = Process("web", None, auditor.organisation_id, reader.authority_id)
        event = recorded(kind, about, actor=actor, outcome=Outcome.NOT_FOUND)
        event = happened(timezone.now(), event, role=Role.PRACTITIONER)
    else:
        event = recorded(kind, about, actor=reader)

    looked_up = replace(about_number(reader, "nhs", NHS, {}), child_id=untouched.pk)
    with reading(reader, looked_up):
        assert ask("select child_id from review_numbers_of(%s::bigint[])", [event]) == []
        assert ask("select * from review_events_of_record(%s)", untouched.pk) == []
        assert ask("select review_child_of_number('nhs', %s)", number_fingerprint("nhs", NHS)) == [(None,)]
