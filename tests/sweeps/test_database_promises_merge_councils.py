"""Two records under one, and authorities: one answers for both, from the asking on until it is done, and none is on its
way to another. To an insider with the web role's own login and live sessions.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import stranger
from tests.sweeps import handing
from tests.sweeps.attacking import Place, Web, placed
from tests.sweeps.handing import another_authority, giving, offer, shield, step
from tests.sweeps.merging import (
    Two,
    ask,
    compare,
    compared,
    decide,
    do_approved,
    lies_under,
    look_up,
    put_together,
)
from tests.sweeps.severing import NOT_THEIRS, administrator, how

PARTING = {"kind": "merge.part_asked", "reason": "two_children"}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def two(place: Place) -> Two:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town), stranger(place.town))
    return Two(*(int(each.pk) for each in made))


@pytest.fixture
def away(place: Place) -> Organisation:
    return another_authority()


def answers_there(place: Place, child: int, away: Organisation) -> None:
    place.as_owner("UPDATE registry_child SET responsible_authority_id = %s WHERE id = %s", away.pk, child)


def administers(place: Place, actor: Actor, away: Organisation) -> None:
    place.as_owner(
        "INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on)"
        " SELECT %s, allowed.id, %s, current_date + 9 FROM auth_permission AS allowed"
        " WHERE codename = 'administer_organisation'",
        actor.user_id,
        away.pk,
    )


def requests_about(place: Place, child: int) -> list[tuple[object, ...]]:
    """How far each is, why it was refused, and by whom it was decided."""
    return place.as_owner(
        "SELECT outcome, refusal, decided_by_id FROM registry_mergerequest WHERE %s IN (child_id, into_id) ORDER BY id",
        child,
    )


def test_who_was_told_nothing_of_two_records_has_not_compared_them(place: Place, two: Two) -> None:
    """By our ids, one after the other: each reading stands in the log, and the database told nothing."""
    with place.connected() as web:
        actor = administrator(place)
        assert compare(web, actor, two) == (None, None)
        assert how(ask, web, actor, two) == NOT_THEIRS
        look_up(web, actor, two.stays)
        assert compare(web, actor, two) == (None, None)
        assert how(ask, web, actor, two) == NOT_THEIRS
        look_up(web, actor, two.under)
        assert ask(web, actor, two)


def test_who_administers_two_authorities_puts_no_record_of_one_under_the_others(
    place: Place, two: Two, away: Organisation
) -> None:
    answers_there(place, two.under, away)
    with place.connected() as web:
        actor = administrator(place)
        administers(place, actor, away)
        for child in (two.stays, two.under):
            look_up(web, actor, child)
        told = compare(web, actor, two)
        assert [each and each["of_one_authority"] for each in told] == [False, False]
        for each in (two, Two(two.under, two.stays)):
            assert how(ask, web, actor, each) == NOT_THEIRS


def test_what_another_authority_answers_for_since_is_neither_approved_nor_done(
    place: Place, two: Two, away: Organisation
) -> None:
    with place.connected() as web:
        request = ask(web, compared(place, web, two), two)
        web.commit()
        assert request is not None
        second = compared(place, web, two)
        administers(place, second, away)
        answers_there(place, two.under, away)
        assert how(decide, web, second, two, request) is None
        answers_there(place, two.under, place.town.authority)
        assert decide(web, second, two, request)
        web.commit()
    answers_there(place, two.under, away)
    assert do_approved() == 0
    assert lies_under(two.under) is None
    answers_there(place, two.under, place.town.authority)
    assert do_approved() == 1


def test_what_lies_together_is_parted_also_where_another_authority_answers_for_one(
    place: Place, two: Two, away: Organisation
) -> None:
    put_together(place, two)
    with place.connected() as web:
        gives, takes = giving(place, two.stays), handing.administrator_of(away)
        offered = offer(web, gives, two.stays, away.pk)
        web.commit()
        assert offered
        handing.read(web, takes, two.stays)
        assert step(web, takes, "accepted", two.stays, offered)
        web.commit()
        second = handing.administrator_of(away)
        for actor in (takes, second):
            for child in (two.stays, two.under):
                look_up(web, actor, child)
            assert all(compare(web, actor, two))
        request = ask(web, takes, two, **PARTING)
        web.commit()
        assert request is not None
        assert decide(web, second, two, request, kind="merge.part_approved", reason="two_children")
        web.commit()
    assert do_approved() == 1
    assert lies_under(two.under) is None


def test_what_is_offered_to_another_authority_is_not_asked_about(place: Place, two: Two, away: Organisation) -> None:
    with place.connected() as web:
        actor = compared(place, web, two)
        for child in (two.stays, two.under):
            gives = giving(place, child)
            offered = offer(web, gives, child, away.pk)
            web.commit()
            assert offered
            told = compare(web, actor, two)
            assert [each and each["offered"] for each in told] == [child == two.stays, child == two.under]
            assert ask(web, actor, two) is None
            web.rollback()
            assert step(web, gives, "withdrawn", child, offered)
            web.commit()
        assert ask(web, actor, two)


def test_what_is_asked_about_is_not_offered_to_another_authority(place: Place, two: Two, away: Organisation) -> None:
    with place.connected() as web:
        first = compared(place, web, two)
        request = ask(web, first, two)
        web.commit()
        assert request is not None
        for child in (two.stays, two.under):
            assert offer(web, giving(place, child), child, away.pk) is None
            web.rollback()
        assert decide(web, first, two, request, kind="merge.refused", reason="not_shown")
        web.commit()
        assert offer(web, giving(place, two.under), two.under, away.pk)


def test_what_lies_together_is_offered_also_while_parting_is_asked_for(
    place: Place, two: Two, away: Organisation
) -> None:
    put_together(place, two)
    with place.connected() as web:
        gives = giving(place, two.stays)
        assert ask(web, compared(place, web, two), two, **PARTING)
        web.commit()
        assert offer(web, gives, two.stays, away.pk)


# What goes along -----------------------------------------------------------------------------------------------


def hand_over(place: Place, web: Web, child: int, away: Organisation) -> Actor:
    """Returns who took it."""
    gives, takes = giving(place, child), handing.administrator_of(away)
    offered = offer(web, gives, child, away.pk)
    web.commit()
    assert offered
    accept(web, takes, child, offered)
    return takes


def accept(web: Web, takes: Actor, child: int, offered: int) -> None:
    handing.read(web, takes, child)
    assert step(web, takes, "accepted", child, offered)
    web.commit()


@pytest.mark.parametrize("outcome", ["", "approved"])
def test_what_was_asked_about_a_record_does_not_go_along(
    place: Place, two: Two, away: Organisation, outcome: str
) -> None:
    """Nobody offers while it is asked for: here it stands there all the same, as an offer and a request from before."""
    with place.connected() as web:
        gives, takes = giving(place, two.under), handing.administrator_of(away)
        offered = offer(web, gives, two.under, away.pk)
        web.commit()
        assert offered
        asks = administrator(place)
        place.as_owner(
            "INSERT INTO registry_mergerequest (child_id, into_id, parts, authority_id, number_fingerprint, reason,"
            " asked_by_id, asked_at, outcome, refusal, decided_by_id, decided_at, steps)"
            " SELECT id, %s, false, responsible_authority_id, number_fingerprint, 'worker_knows', %s, now(), %s, '',"
            " CASE WHEN %s <> '' THEN %s::bigint END, CASE WHEN %s <> '' THEN now() END, 0"
            " FROM registry_child WHERE id = %s",
            two.stays,
            asks.user_id,
            outcome,
            outcome,
            gives.user_id,
            outcome,
            two.under,
        )
        accept(web, takes, two.under, offered)
    assert requests_about(place, two.under) == [("refused", "not_asked_any_more", takes.user_id)]
    assert do_approved() == 0


def test_that_they_be_parted_goes_along(place: Place, two: Two, away: Organisation) -> None:
    put_together(place, two)
    with place.connected() as web:
        assert ask(web, compared(place, web, two), two, **PARTING)
        web.commit()
        hand_over(place, web, two.stays, away)
    assert requests_about(place, two.stays)[-1] == ("", "", None)


def test_leave_that_was_asked_for_does_not_go_along(place: Place, two: Two, away: Organisation) -> None:
    child = two.stays
    shield(place, child)
    asker, person = administrator(place), place.newcomer()
    place.as_owner(
        "INSERT INTO registry_leaverequest (child_id, user_id, shield_id, until, asked_by_id, asked_at, outcome, steps)"
        " SELECT child_id, %s, id, current_date + 9, %s, now(), '', 0 FROM registry_shield WHERE child_id = %s",
        person.user_id,
        asker.user_id,
        child,
    )
    with place.connected() as web:
        takes = hand_over(place, web, child, away)
    assert place.as_owner(
        "SELECT outcome, decided_by_id, steps FROM registry_leaverequest WHERE child_id = %s", child
    ) == [("refused", takes.user_id, 1)]
