"""Records kept by consent, to an insider with the web role's own login and live sessions: nobody keeps or ends one but
whoever answers for it and was led there by its number, and nobody else reads why.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from psycopg.errors import CheckViolation, InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.keeping import in_years, is_archived, night, years_ago
from tests.integration.registry.people import stranger
from tests.integration.registry.severing import number_of
from tests.sweeps.attacking import OPENED, Place, Web, commit_event, confirm, placed, read_child, record, refusal, show
from tests.sweeps.severing import (
    NO_EVENT,
    NOT_THEIRS,
    administrator,
    another_session,
    how,
    look_up,
    looked,
)

BORN = years_ago(18, days=40)
STEP = "SELECT registry_keeping_step()"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    with transaction.atomic(), as_owner_here():
        (made,) = factories.children(stranger(place.town, date_of_birth=BORN))
    return int(made.pk)


def keep(
    web: Web, actor: Actor, child: int, given: date | None = None, ground: str = "care_leaver", **changes: object
) -> bool:
    told = {"kind": "child.kept", "reason": ground, "fields": [f"given.{given or factories.today()}"], **changes}
    record(web, actor, child_id=child, **told)
    ((taken,),) = web.execute(STEP).fetchall()
    return bool(taken)


def end(web: Web, actor: Actor, child: int) -> bool:
    record(web, actor, kind="child.kept_no_more", child_id=child, reason="keeping_withdrawn")
    ((taken,),) = web.execute(STEP).fetchall()
    return bool(taken)


def consents(web: Web, actor: Actor, child: int) -> list[tuple[object, ...]]:
    """What the database tells of the consents to the actor, who has said that they read it."""
    show(web, actor, commit_event(web, actor, kind="identity.read", child_id=child))
    rows = web.execute("SELECT * FROM registry_keepings()").fetchall()
    web.commit()
    return rows


def test_web_role_has_no_right_on_consents(place: Place) -> None:
    with place.connected() as web:
        for statement in (
            "SELECT 1 FROM registry_keeping",
            "SELECT xmin, ctid FROM registry_keeping",
            "INSERT INTO registry_keeping DEFAULT VALUES",
            "UPDATE registry_keeping SET id = id",
            "DELETE FROM registry_keeping",
            "SELECT last_value FROM registry_keeping_id_seq",
            "SELECT registry_keeping_may_know(NULL, NULL)",
        ):
            assert isinstance(refusal(web, statement), InsufficientPrivilege), statement
    with place.connected("worker") as worker:
        for statement in (
            "INSERT INTO registry_keeping DEFAULT VALUES",
            "UPDATE registry_keeping SET given_on = now()",
            "UPDATE registry_keeping SET ended_at = now()",
            "DELETE FROM registry_keeping",
        ):
            assert isinstance(refusal(worker, statement), InsufficientPrivilege), statement


def test_no_step_and_no_reading_without_its_event(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = looked(place, web, child)
        assert refusal(web, STEP).sqlstate == NO_EVENT
        told = {"reason": "care_leaver", "fields": [f"given.{factories.today()}"]}
        commit_event(web, actor, kind="child.kept", child_id=child, **told)
        assert refusal(web, STEP).sqlstate == NO_EVENT
        for kind in ("identity.read", "identity.asked", "shield.read"):
            record(web, actor, kind=kind, child_id=child, **told)
            assert refusal(web, STEP).sqlstate == NO_EVENT, kind
            web.rollback()
        for kind in ("identity.listed", "shield.listed", "archive.listed"):
            show(web, actor, commit_event(web, actor, kind=kind))
            assert refusal(web, "SELECT * FROM registry_keepings()").sqlstate == NO_EVENT, kind
            web.commit()
        assert refusal(web, "SELECT * FROM registry_keepings()").sqlstate == NO_EVENT


def test_only_who_answers_for_the_record_and_looked_its_number_up(place: Place, child: int) -> None:
    number = number_of(child)
    with place.connected() as web:
        practitioner = place.newcomer()
        commit_event(web, practitioner, child_id=child, **OPENED)
        elsewhere = administrator(place, elsewhere=True)
        look_up(web, elsewhere, number)
        commit_event(web, elsewhere, kind="identity.read", child_id=child)
        blind = administrator(place)
        commit_event(web, blind, kind="identity.read", child_id=child)
        unread = administrator(place)
        look_up(web, unread, number)
        web.commit()
        led = looked(place, web, child)
        assert keep(web, led, child)
        web.rollback()
        # In another session they were led there, and have not read whose it is.
        anew = another_session(led)
        look_up(web, anew, number)
        web.commit()
        for actor in (practitioner, elsewhere, blind, unread, another_session(led), anew):
            assert how(keep, web, actor, child) in {NOT_THEIRS, NO_EVENT}
            assert how(end, web, actor, child) in {NOT_THEIRS, NO_EVENT}
        # A reading of the same transaction, which could be rolled back with the rest, is none.
        record(web, unread, kind="identity.read", child_id=child)
        assert how(keep, web, unread, child) == NOT_THEIRS
        web.rollback()
        assert how(keep, web, led, place.child) == NOT_THEIRS
        assert how(keep, web, led, 10**9) == NOT_THEIRS
    assert not place.as_owner("SELECT 1 FROM registry_keeping WHERE child_id = %s", child)


def test_a_factor_of_this_moment_for_each_step(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = looked(place, web, child)
        confirm(place, actor, "7 minutes")
        assert how(keep, web, actor, child) == NO_EVENT
        confirm(place, actor)
        assert keep(web, actor, child)
        web.commit()
        confirm(place, actor, "7 minutes")
        assert how(end, web, actor, child) == NO_EVENT
        confirm(place, actor)
        assert end(web, actor, child)


@pytest.mark.parametrize(
    "change",
    [
        {"given": factories.today() + timedelta(days=1)},
        {"given": factories.today() - timedelta(days=367)},
        {"ground": "made_up"},
        {"ground": ""},
        {"ground": "adopted"},
        {"fields": []},
        {"fields": ["given.yesterday"]},
        {"fields": [f"given.{factories.today()}", f"given.{factories.today()}"]},
    ],
    ids=str,
)
def test_a_consent_is_of_the_last_year_and_on_a_known_ground(
    place: Place, child: int, change: dict[str, object]
) -> None:
    with place.connected() as web:
        actor = looked(place, web, child)
        assert how(keep, web, actor, child, **change) == CheckViolation.sqlstate
        assert keep(web, actor, child)


def test_one_consent_in_force_and_ended_once(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = looked(place, web, child)
        assert how(end, web, actor, child) is None
        assert keep(web, actor, child)
        web.commit()
        assert how(keep, web, actor, child) is None
        assert end(web, actor, child)
        web.commit()
        assert how(end, web, actor, child) is None
    rows = place.as_owner("SELECT ended_at IS NULL, sealed_at IS NULL FROM registry_keeping WHERE child_id = %s", child)
    assert rows == [(False, True)]


def test_consents_show_to_whoever_was_led_there_and_to_no_other(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = looked(place, web, child)
        assert keep(web, actor, child)
        web.commit()
        (told,) = consents(web, actor, child)
        assert told[1] == "care_leaver"
        for other in (administrator(place), administrator(place, elsewhere=True), another_session(actor)):
            assert consents(web, other, child) == []
        assert consents(web, actor, place.child) == []
        # Whoever opens the record reads that it is kept, and not why or by whom.
        opener = place.newcomer()
        read = read_child(web, opener, commit_event(web, opener, child_id=child, **OPENED))
        assert read is not None
        assert read["consented_on"] == str(factories.today())
        assert "care_leaver" not in str(read)
        web.commit()
        shown = read_child(web, opener, commit_event(web, opener, kind="child.shown", child_id=child))
        assert shown is not None
        assert shown["consented_on"] is None


def test_of_a_shielded_child_it_is_not_said(place: Place) -> None:
    with transaction.atomic(), as_owner_here():
        # Of another day: whoever has name and birthday of a shielded child is shielded, too.
        born = BORN + timedelta(days=1)
        (made,) = factories.children(stranger(place.town, date_of_birth=born, shielded_since=date(2026, 1, 5)))
    with place.connected() as web:
        assert keep(web, looked(place, web, made.pk), made.pk)
        web.commit()
        opener = place.newcomer()
        for kind in (OPENED, {"kind": "involvement.read"}):
            read = read_child(web, opener, commit_event(web, opener, child_id=made.pk, **kind))
            assert read is not None
            assert read["consented_on"] is None, kind
            web.commit()


def test_a_consent_from_before_the_17th_birthday_keeps_nothing(place: Place, child: int) -> None:
    """How old somebody is, the database does not see: whoever has the web role can record it, and the worker knows."""
    with transaction.atomic(), as_owner_here():
        (young,) = factories.children(stranger(place.town, date_of_birth=years_ago(17, days=200)))
    with place.connected() as web:
        for one in (child, young.pk):
            assert keep(web, looked(place, web, one), one)
            web.commit()
    night(in_years(BORN, 18))
    assert not is_archived(child)
    night(in_years(years_ago(17, days=200), 18))
    assert is_archived(young.pk)


def test_no_step_with_what_lies_in_the_archive_or_is_closed(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = looked(place, web, child)
        for column in ("archived", "severed"):
            with place.connected("worker") as worker:
                worker.execute(f"UPDATE registry_child SET {column} = true WHERE id = %s", [child])
                worker.commit()
            assert how(keep, web, actor, child) == NOT_THEIRS
            assert how(end, web, actor, child) == NOT_THEIRS
            assert consents(web, actor, child) == []
