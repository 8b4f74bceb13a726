"""The archive, to an insider with the web role's own login and live sessions: nobody reads a record there alone, twice,
late, for another or for another reason, nor learns whether there is one.
"""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import transaction
from psycopg.errors import CheckViolation, InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry.rules.numbers import OWN, make_own_number, number_fingerprint
from registry.worker import archive
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.integration.registry.severing import number_of
from tests.sweeps.attacking import OPENED, Place, Web, commit_event, confirm, placed, read_child, record, refusal, show
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, administrator, another_session, how

REASON = "archive_enquiry"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    """One whose record lies in the archive."""
    with transaction.atomic(), as_owner_here():
        (made,) = factories.children(stranger(place.town))
    with place.connected("worker") as worker:
        worker.execute("UPDATE registry_child SET archived = true WHERE id = %s", [made.pk])
        worker.commit()
    return int(made.pk)


def presented(child: int) -> bytes:
    return number_fingerprint(OWN, number_of(child))


def ask(web: Web, actor: Actor, fingerprint: bytes, reason: str = REASON, **changes: object) -> int | None:
    request = uuid4()
    token = sha256(fingerprint + request.bytes).hexdigest()
    told = {"fields": [f"asked.{token}"], "request_id": str(request), "reason": reason, **changes}
    record(web, actor, kind="archive.asked", **told)
    ((made,),) = web.execute("SELECT registry_archive_ask(%s)", [fingerprint]).fetchall()
    return made  # type: ignore[no-any-return]


def decide(
    web: Web,
    actor: Actor,
    which: int,
    fingerprint: bytes | None,
    *,
    kind: str = "archive.given",
    reason: str = REASON,
    seen: int = 0,
) -> bool:
    record(web, actor, kind=kind, fields=[f"archive.{which}"], reason=reason)
    statement = "SELECT registry_archive_decide(%s, %s, %s)"
    ((taken,),) = web.execute(statement, [which, seen, fingerprint]).fetchall()
    return bool(taken)


def answer(web: Web, actor: Actor, child: int, which: int, reason: str = REASON) -> list[tuple[object, ...]]:
    """What the database shows of the record to the actor, who has said that they open it."""
    told = {"child_id": child, "fields": [f"archive.{which}"], "reason": reason}
    show(web, actor, commit_event(web, actor, kind="archive.opened", **told))
    rows = web.execute("SELECT * FROM registry_archive_answer(%s)", [which]).fetchall()
    web.commit()
    return rows


def listed(web: Web, actor: Actor) -> set[object]:
    show(web, actor, commit_event(web, actor, kind="archive.listed"))
    rows = web.execute("SELECT id FROM registry_archives()").fetchall()
    web.commit()
    return {number for (number,) in rows}


def given(place: Place, web: Web, child: int) -> tuple[Actor, Actor, int]:
    """Asked for by one person, given by another, and answered."""
    first, second = administrator(place), administrator(place)
    which = ask(web, first, presented(child))
    assert which is not None
    web.commit()
    assert decide(web, second, which, presented(child))
    web.commit()
    with as_worker():
        archive.answer_given()
    return first, second, which


def test_web_role_has_no_right_on_what_is_asked_nor_on_what_is_told(place: Place) -> None:
    with place.connected() as web:
        for statement in (
            "SELECT 1 FROM registry_archiverequest",
            "SELECT xmin, ctid FROM registry_archiverequest",
            "INSERT INTO registry_archiverequest DEFAULT VALUES",
            "UPDATE registry_archiverequest SET id = id",
            "DELETE FROM registry_archiverequest",
            "SELECT last_value FROM registry_archiverequest_id_seq",
            "SELECT registry_archived_at(1)",
        ):
            assert isinstance(refusal(web, statement), InsufficientPrivilege), statement
    with place.connected("worker") as worker:
        for statement in (
            "INSERT INTO registry_archiverequest DEFAULT VALUES",
            "UPDATE registry_archiverequest SET outcome = 'given'",
            "UPDATE registry_archiverequest SET asked_by_id = 1",
            "DELETE FROM registry_archiverequest",
        ):
            assert isinstance(refusal(worker, statement), InsufficientPrivilege), statement


def test_the_worker_sees_and_answers_nothing_that_was_not_given(place: Place, child: int) -> None:
    with place.connected() as web:
        which = ask(web, administrator(place), presented(child))
        web.commit()
    with place.connected("worker") as worker:
        assert worker.execute("SELECT 1 FROM registry_archiverequest WHERE id = %s", [which]).fetchall() == []
        update = "UPDATE registry_archiverequest SET found = 'there', child_id = %s, answered_at = now() WHERE id = %s"
        assert worker.execute(update, [child, which]).rowcount == 0
    # Nor would the table take it.
    with place.connected("owner") as owner:
        assert isinstance(refusal(owner, update, child, which), CheckViolation)


def test_no_step_and_no_reading_without_its_event(place: Place, child: int) -> None:
    fingerprint = presented(child)
    with place.connected() as web:
        actor = administrator(place)
        assert refusal(web, "SELECT registry_archive_ask(%s)", fingerprint).sqlstate == NO_EVENT
        # An event that names another number, or none, is not of this one.
        assert how(ask, web, actor, fingerprint, fields=[]) == NO_EVENT
        other = f"asked.{sha256(b'another').hexdigest()}"
        assert how(ask, web, actor, fingerprint, fields=[other]) == NO_EVENT
        assert how(ask, web, actor, b"short") == NO_EVENT
        request = uuid4()
        token = sha256(fingerprint + request.bytes).hexdigest()
        told = {"fields": [f"asked.{token}"], "request_id": str(request), "reason": REASON}
        commit_event(web, actor, kind="archive.asked", **told)
        assert refusal(web, "SELECT registry_archive_ask(%s)", fingerprint).sqlstate == NO_EVENT
        which = ask(web, actor, fingerprint)
        web.commit()
        for statement in (
            f"SELECT registry_archive_decide({which}, 0, NULL)",
            "SELECT * FROM registry_archives()",
            f"SELECT * FROM registry_archive_answer({which})",
        ):
            assert refusal(web, statement).sqlstate == NO_EVENT, statement
        show(web, actor, commit_event(web, actor, kind="identity.listed"))
        assert refusal(web, "SELECT * FROM registry_archives()").sqlstate == NO_EVENT


def test_only_administrators_ask_and_on_a_known_ground(place: Place, child: int) -> None:
    fingerprint = presented(child)
    with place.connected() as web:
        for actor in (place.newcomer(), place.newcomer(Role.AUDITOR), place.newcomer(Role.MEDIATOR)):
            assert how(ask, web, actor, fingerprint) in {NO_EVENT, NOT_THEIRS}
        for reason in ("", "made_up", "link_for_harm", "safeguarding"):
            assert how(ask, web, administrator(place), fingerprint, reason) == CheckViolation.sqlstate, reason
        # Who administers a school does not administer its authority.
        assert how(ask, web, place.newcomer(Role.ADMINISTRATOR), fingerprint) == NOT_THEIRS
        # For one's own authority, whatever the event says.
        theirs = administrator(place, elsewhere=True)
        wrong = how(ask, web, theirs, fingerprint, authority_id=place.town.authority.pk)
        assert wrong in {NO_EVENT, NOT_THEIRS}
        assert ask(web, administrator(place), fingerprint)


def test_asking_tells_nothing_of_what_is_there(place: Place, child: int) -> None:
    """The same for a record in the archive, one that lives, one of another authority, and none."""
    with transaction.atomic(), as_owner_here():
        (live,) = factories.children(stranger(place.town))
    none = number_fingerprint(OWN, make_own_number())
    with place.connected() as web:
        first = administrator(place)
        before = listed(web, first)
        made = [ask(web, first, each) for each in (presented(child), presented(live.pk), none)]
        web.commit()
        assert None not in made
        assert listed(web, first) - before == set(made)
        with as_worker():
            archive.answer_given()
        show(web, first, commit_event(web, first, kind="archive.listed"))
        told = web.execute("SELECT child_id, found, answered_at FROM registry_archives() WHERE id = ANY (%s)", [made])
        assert set(told.fetchall()) == {(None, "", None)}


def test_nobody_gives_alone_twice_late_for_another_reason_or_record(place: Place, child: int) -> None:
    fingerprint = presented(child)
    with place.connected() as web:
        first, second = administrator(place), administrator(place)
        which = ask(web, first, fingerprint)
        assert which is not None
        web.commit()
        assert how(decide, web, first, which, fingerprint) == NOT_THEIRS
        assert how(decide, web, administrator(place, elsewhere=True), which, fingerprint) == NOT_THEIRS
        assert how(decide, web, second, 10**9, fingerprint) == NOT_THEIRS
        assert how(decide, web, second, which, presented(place.child)) is None
        assert how(decide, web, second, which, None) is None
        assert how(decide, web, second, which, fingerprint, reason="archive_death") is None
        assert how(decide, web, second, which, fingerprint, seen=1) is None
        confirm(place, second, "7 minutes")
        assert how(decide, web, second, which, fingerprint) == NO_EVENT
        confirm(place, second)
        with as_worker():
            assert archive.answer_given() == 0
        assert decide(web, second, which, fingerprint)
        web.commit()
        assert how(decide, web, second, which, fingerprint, seen=1) is None
        assert how(decide, web, second, which, None, kind="archive.refused", reason="", seen=1) is None


def test_read_by_who_asked_once_and_by_nobody_else(place: Place, child: int) -> None:
    with place.connected() as web:
        first, second, which = given(place, web, child)
        for other in (second, administrator(place), administrator(place, elsewhere=True)):
            assert answer(web, other, child, which) == []
        assert answer(web, first, place.child, which) == []
        assert answer(web, first, child, which + 10**6) == []
        assert answer(web, first, child, which, "archive_death") == [], "but it counts as read"
        first, _second, which = given(place, web, child)
        ((row, _version, sealed),) = answer(web, first, child, which)
        assert (row, len(bytes(sealed)) > 4096) == (which, True)  # type: ignore[arg-type]
        assert answer(web, first, child, which) == []
        assert answer(web, another_session(first), child, which) == []
    assert place.as_owner("SELECT answer FROM registry_archiverequest WHERE id = %s", which) == [(None,)]


def test_who_reads_and_takes_it_back_reads_no_second_time(place: Place, child: int) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, child)
        told = {"child_id": child, "fields": [f"archive.{which}"], "reason": REASON}
        show(web, first, commit_event(web, first, kind="archive.opened", **told))
        assert web.execute("SELECT * FROM registry_archive_answer(%s)", [which]).fetchall()
        web.rollback()
        assert answer(web, first, child, which) == []


def test_not_in_the_transaction_of_the_event_nor_after_it_was_taken_back(place: Place, child: int) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, child)
        told = {"child_id": child, "fields": [f"archive.{which}"], "reason": REASON}
        event = record(web, first, kind="archive.opened", **told)
        assert refusal(web, "SELECT access_show_ticket(%s, %s)", event, first.session_key)
        web.rollback()
        assert refusal(web, "SELECT * FROM registry_archive_answer(%s)", which).sqlstate == NO_EVENT


def test_by_an_opening_of_this_very_request_and_by_no_other_event(place: Place, child: int) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, child)
        told = {"child_id": child, "reason": REASON, "fields": [f"archive.{which}"]}
        for change in (
            {"kind": "archive.listed"},
            {"kind": "identity.read"},
            {"kind": "archive.opened", "fields": [f"archive.{which + 1}"]},
            {"kind": "archive.opened", "fields": []},
        ):
            show(web, first, commit_event(web, first, **(told | change)))
            assert refusal(web, "SELECT * FROM registry_archive_answer(%s)", which).sqlstate == NO_EVENT, change
            web.commit()
        assert len(answer(web, first, child, which)) == 1


def test_gone_after_a_day(place: Place, child: int) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, child)
        place.as_owner(
            "UPDATE registry_archiverequest SET answered_at = now() - interval '25 hours' WHERE id = %s", which
        )
        assert answer(web, first, child, which) == []
        assert which not in listed(web, first)
        with as_worker():
            archive.forget_answers()
    assert place.as_owner("SELECT answer FROM registry_archiverequest WHERE id = %s", which) == [(None,)]


def test_who_no_longer_administers_the_authority_reads_nothing(place: Place, child: int) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, child)
        place.as_owner("DELETE FROM access_grant WHERE user_id = %s", first.user_id)
        assert answer(web, first, child, which) == []


def test_what_is_asked_shows_to_the_authority_and_to_no_other(place: Place, child: int) -> None:
    with place.connected() as web:
        first = administrator(place)
        which = ask(web, first, presented(child))
        web.commit()
        assert which in listed(web, administrator(place))
        assert which not in listed(web, administrator(place, elsewhere=True))
        for actor in (place.newcomer(), place.newcomer(Role.AUDITOR)):
            assert how(listed, web, actor) == NOT_THEIRS


def test_no_other_event_reads_what_lies_in_the_archive(place: Place, child: int) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, child)
        told = {"child_id": child, "fields": [f"archive.{which}"], "reason": REASON}
        event = commit_event(web, first, kind="archive.opened", **told)
        assert refusal(web, "SELECT registry_read(%s, %s)", event, first.session_key).sqlstate == NO_EVENT
        opener = place.newcomer()
        assert read_child(web, opener, commit_event(web, opener, child_id=child, **OPENED)) is None


def test_a_shielded_record_is_told_as_a_shielded_one(place: Place, child: int) -> None:
    with transaction.atomic(), as_owner_here():
        (shielded,) = factories.children(stranger(place.town, shielded_since=date(2026, 1, 5)))
    with place.connected("worker") as worker:
        worker.execute("UPDATE registry_child SET archived = true WHERE id = %s", [shielded.pk])
        worker.commit()
    with place.connected() as web:
        lengths = []
        for each in (child, shielded.pk):
            first, _second, which = given(place, web, each)
            ((_row, _version, sealed),) = answer(web, first, each, which)
            lengths.append(len(bytes(sealed)))  # type: ignore[arg-type]
    assert lengths[1] < lengths[0]
