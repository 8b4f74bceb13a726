"""Whoever took over the web process while somebody is at work sees what that person may see, within their budget.

And each view stands in the log, committed before it: taking the record back takes the view back, and not the record.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from audit.events import EventKind
from audit.leaves import leaves
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    Web,
    ask,
    drawn,
    events_seen,
    forged,
    placed,
    read_child,
    refusal,
    show,
    spend_all_but,
)

RECORD, READ = "SELECT audit_record(%s, %s)", "SELECT registry_read(%s, %s)"
# How often it was done, once: 2,341 rows past a budget of 60 an hour.
OFTEN = 1100
# Of somebody whose second factor is yet to be shown.
STILL_SAID = (EventKind.ACCESS_REFUSED, EventKind.SIGNED_OUT)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def at_work(place: Place) -> Actor:
    return place.newcomer()


def say(web: Web, actor: Actor, **claims: object) -> int:
    """Have the event written, with a tag that fits. Returns its id."""
    ((event,),) = web.execute(RECORD, [actor.session_key, forged(actor, **claims)]).fetchall()
    return int(event)


def said(web: Web, actor: Actor, **claims: object) -> int:
    """As `say`, and committed."""
    event = say(web, actor, **claims)
    web.commit()
    return event


def hourly(place: Place, measure: str) -> int:
    ((most,),) = place.as_owner(
        "SELECT hourly FROM access_budget WHERE role = 'practitioner' AND measure = %s", measure
    )
    return int(most)


def committed(place: Place, actor: Actor, kind: str = "child.opened") -> list[tuple[int, int]]:
    return place.as_owner(
        "SELECT id, child_id FROM audit_event WHERE actor_id = %s AND kind = %s ORDER BY id", actor.user_id, kind
    )


def test_recorded_read_and_taken_back_however_often_shows_nobody(place: Place, at_work: Actor) -> None:
    with place.connected() as web:
        for _ in range(OFTEN):
            event = say(web, at_work, child_id=place.child, **OPENED)
            assert refusal(web, READ, event, at_work.session_key).sqlstate == NO_SESSION
            web.rollback()
    assert committed(place, at_work) == []


def test_searched_and_taken_back_however_often_finds_nobody(place: Place, at_work: Actor) -> None:
    """Neither the event nor what was asked for nor the draw: each has to be committed before the next."""
    tokens = place.tokens(30)
    with place.connected() as web:
        event = say(web, at_work, kind="child.searched")
        assert refusal(web, "SELECT search.ask(%s, %s, %s)", event, at_work.session_key, tokens).sqlstate == NO_SESSION
        web.commit()
        number = ask(web, at_work, event, tokens)
        asked = "SELECT search.draw(%s, %s, %s)", event, at_work.session_key, number
        assert refusal(web, *asked).sqlstate == NO_SESSION
        web.commit()
        for _ in range(100):
            web.execute(asked[0], asked[1:])
            shown = "SELECT search.drawn(%s, %s, %s)", event, at_work.session_key, number
            assert refusal(web, *shown).sqlstate == NO_SESSION
            web.rollback()
        web.execute(asked[0], asked[1:])
        web.commit()
        assert drawn(web, at_work, event, number), "it was no accident of the set-up"


@pytest.mark.parametrize("taken_back", [False, True])
def test_budget_ends_what_one_session_sees_and_each_view_has_its_event(
    place: Place, at_work: Actor, taken_back: bool
) -> None:
    """However a view ends: with the transaction kept or taken back."""
    left, views = 30, []
    spend_all_but(place, at_work, left)
    with place.connected() as web:
        for attempt in range(left + 20):
            child = (place.child, place.other)[attempt % 2]
            claims = forged(at_work, child_id=child, **OPENED)
            if attempt >= left:
                assert refusal(web, RECORD, at_work.session_key, claims).sqlstate == OVER_BUDGET
                continue
            event = said(web, at_work, child_id=child, **OPENED)
            told = read_child(web, at_work, event)
            assert told is not None
            views.append((event, told["child"]["id"]))
            web.rollback() if taken_back else web.commit()
    assert len(views) == left
    assert committed(place, at_work) == views


def test_no_view_is_hidden_by_numbers_that_are_declared_void(place: Place, at_work: Actor) -> None:
    """Ninety openings that are taken back, then ninety that are not, and one event that explains all away.

    The first have shown nobody. The second stay in the log, sealed as what they are.
    """
    with place.connected() as web:
        for number in range(1, 91):
            event = say(web, at_work, child_id=place.child, number=number, **OPENED)
            assert refusal(web, READ, event, at_work.session_key).sqlstate == NO_SESSION
            web.rollback()
        shown = []
        for number in range(91, 91 + hourly(place, "records")):
            shown.append(said(web, at_work, child_id=place.child, number=number, **OPENED))
            assert read_child(web, at_work, shown[-1])
        last = said(web, at_work, kind="access.refused", number=400, voided=list(range(1, 400)))
        for wanted in range(event - 89, event + 1):
            assert refusal(web, READ, wanted, at_work.session_key).sqlstate == NO_SESSION
    assert [each for each, _child in committed(place, at_work)] == shown
    with as_owner_here():
        kept = leaves("actor_id = %s AND kind <> 'sign_in.succeeded'", [at_work.user_id])
    assert {leaf.id for leaf in kept} == {*shown, last}
    assert all(leaf.is_ours() for leaf in kept)


def test_session_of_one_person_does_nothing_as_another(place: Place, at_work: Actor) -> None:
    """Not even as themselves in their other session."""
    other = place.newcomer()
    elsewhere = factories.actor_for(people.one(pk=at_work.user_id))
    with place.connected() as web:
        for claimed in (other, elsewhere, replace(other, session_id=at_work.session_id)):
            claims = forged(claimed, child_id=place.child, **OPENED)
            assert refusal(web, RECORD, at_work.session_key, claims).sqlstate == NO_SESSION
        theirs = said(web, other, child_id=place.child, **OPENED)
        assert refusal(web, READ, theirs, at_work.session_key).sqlstate == NO_SESSION


def test_session_shows_of_a_shielded_child_who_they_are_and_no_more(place: Place, at_work: Actor) -> None:
    with place.connected() as web:
        for kind in (OPENED, {"kind": "child.shown"}, {"kind": "involvement.read"}):
            told = read_child(web, at_work, said(web, at_work, child_id=place.shielded, **kind))
            assert told is not None
            parts = ("addresses", "guardians", "involvements", "numbers", "said_by")
            assert not [part for part in parts if told.get(part)]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MEDIATOR, Role.ADMINISTRATOR])
def test_session_of_nobody_but_an_auditor_reads_the_log(place: Place, role: Role) -> None:
    person = place.newcomer(role)
    with place.connected() as web:
        assert refusal(web, RECORD, person.session_key, forged(person, kind="log.read")).sqlstate == NO_SESSION
        raised = forged(replace(person, role=Role.AUDITOR), kind="log.read")
        assert refusal(web, RECORD, person.session_key, raised).sqlstate == NO_SESSION


def test_auditors_session_reads_the_log_once_that_is_committed_and_no_child(place: Place) -> None:
    auditor = place.newcomer(Role.AUDITOR)
    with place.connected() as web:
        for _ in range(20):
            event = say(web, auditor, kind="log.read")
            shown = "SELECT access_show_ticket(%s, %s)", event, auditor.session_key
            assert refusal(web, *shown).sqlstate == NO_SESSION
            assert events_seen(web) == 0
            web.rollback()
        show(web, auditor, said(web, auditor, kind="log.read"))
        assert events_seen(web)
        web.rollback()
        claims = forged(auditor, child_id=place.child, **OPENED)
        assert refusal(web, RECORD, auditor.session_key, claims).sqlstate == OVER_BUDGET
    assert len(committed(place, auditor, "log.read")) == 1


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in STILL_SAID])
def test_session_with_a_password_alone_does_nothing_but_end(place: Place, kind: EventKind) -> None:
    """A code is yet to be shown, where people sign in: the web process does not show it in the person's place."""
    person = place.newcomer()
    place.as_owner(
        "UPDATE access_session SET second_factor_at = NULL, confirmed_at = NULL WHERE id = %s", person.session_id
    )
    about = {"child_id": place.child, "user_id": person.user_id, "reason": "safeguarding"}
    with place.connected() as web:
        claims = forged(person, kind=kind, **about)
        assert refusal(web, RECORD, person.session_key, claims).sqlstate == NO_SESSION
