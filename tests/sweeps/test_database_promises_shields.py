"""Shields, to an insider with the web role's own login: no step without its event, none alone, none undone.

A web process that was taken over has live sessions of everybody here, and what it says of a step is worth its event.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    OPENED,
    Place,
    Web,
    commit_event,
    confirm,
    draw,
    drawn,
    find,
    placed,
    read_child,
    record,
    refusal,
    show,
)

ASKED = {"kind": "shield.asked", "reason": "refuge"}
ORDINARY, URGENT = ["carer", "known_from_work", "ordinary"], ["carer", "not_checked_yet", "urgent"]
NO_EVENT, NOT_THEIRS = "CP001", "CP004"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    """Somebody for whom nobody asked yet."""
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


def administrator(place: Place, *, elsewhere: bool = False) -> Actor:
    """Somebody who decides for the town, or for another; their second factor was shown just now."""
    with transaction.atomic(), as_owner_here():
        works_for = None if elsewhere else place.town.authority
        person = factories.user(role=Role.ADMINISTRATOR, works_for=works_for)
    return factories.actor_for(person)


def opened(place: Place, web: Web, child: int) -> Actor:
    """Somebody who has opened the child's record."""
    actor = place.newcomer()
    commit_event(web, actor, child_id=child, **OPENED)
    return actor


def ask(web: Web, actor: Actor, child: int, *, fields: list[str] | None = None, **told: object) -> int | None:
    record(web, actor, child_id=child, fields=ORDINARY if fields is None else fields, **{**ASKED, **told})
    ((made,),) = web.execute("SELECT registry_shield_ask()").fetchall()
    return made  # type: ignore[no-any-return]


def step(web: Web, actor: Actor, kind: str, child: int, about: str, seen: int | None, reason: str = "") -> bool:
    """Record that the actor took the step, and have it taken."""
    what, _, number = about.partition(".")
    record(web, actor, kind=kind, child_id=child, fields=[about], reason=reason)
    function = "registry_shield_decide" if what == "request" else "registry_shield_step"
    ((taken,),) = web.execute(f"SELECT {function}(%s, %s)", [int(number), seen]).fetchall()
    return bool(taken)


def asked(place: Place, web: Web, child: int, fields: list[str] = ORDINARY) -> str:
    """A request for the child, committed."""
    made = ask(web, opened(place, web, child), child, fields=fields)
    web.commit()
    return f"request.{made}"


def is_shielded(place: Place, child: int) -> bool:
    found = place.as_owner("SELECT 1 FROM registry_shield WHERE child_id = %s AND ended_on IS NULL", child)
    return bool(found)


def refused_with(
    web: Web, actor: Actor, kind: str, child: int, about: str, seen: int | None, reason: str = ""
) -> str | None:
    """How the step is refused; the transaction goes on."""
    try:
        with web.transaction():
            assert not step(web, actor, kind, child, about, seen, reason), "taken"
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_web_role_has_no_right_on_shields_or_requests(place: Place) -> None:
    with place.connected() as web:
        for table in ("registry_shield", "registry_shieldrequest"):
            for statement in (
                f"SELECT 1 FROM {table}",
                f"INSERT INTO {table} DEFAULT VALUES",
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege)
        for inner in ("registry_shield_begin(1)", "registry_shield_event('{}')", "registry_shield_authorities(1)"):
            assert isinstance(refusal(web, f"SELECT {inner}"), InsufficientPrivilege)


def test_no_step_without_its_event_in_the_same_transaction(place: Place, child: int) -> None:
    with place.connected() as web:
        actor = opened(place, web, child)
        assert refusal(web, "SELECT registry_shield_ask()").sqlstate == NO_EVENT
        record(web, actor, child_id=child, fields=URGENT, **ASKED)
        web.commit()
        assert refusal(web, "SELECT registry_shield_ask()").sqlstate == NO_EVENT
        about = asked(place, web, child)
        number = int(about.removeprefix("request."))
        assert refusal(web, "SELECT registry_shield_decide(%s, 0)", number).sqlstate == NO_EVENT
        assert refusal(web, "SELECT registry_shield_step(1, 0)").sqlstate == NO_EVENT
        for function in ("registry_shield_requests()", "registry_shields()"):
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT
    assert not is_shielded(place, child)


def test_only_who_opened_the_record_in_this_session_asks(place: Place, child: int) -> None:
    with place.connected() as web:
        stranger = place.newcomer()
        for _ in range(2):
            with pytest.raises(psycopg.Error) as refused, web.transaction():
                ask(web, stranger, child, fields=URGENT)
            assert refused.value.sqlstate == NOT_THEIRS
            # An opening of the same transaction, which could be rolled back with the rest, is none.
            record(web, stranger, child_id=child, **OPENED)
        web.rollback()
        opener = opened(place, web, child)
        assert ask(web, opener, child, fields=URGENT)
        web.rollback()
        assert not is_shielded(place, child)
        # Nor does somebody who decides ask, or somebody who asks decide: the event is not theirs.
        with pytest.raises(psycopg.Error) as refused, web.transaction():
            record(web, administrator(place), child_id=child, fields=URGENT, **ASKED)
        assert refused.value.sqlstate == NOT_THEIRS
        about = asked(place, web, child)
        assert refused_with(web, opener, "shield.decided", child, about, 0, "protect") == NOT_THEIRS


def test_what_is_asked_for_comes_from_the_lists(place: Place, child: int) -> None:
    with place.connected() as web:
        opener = opened(place, web, child)
        for fields, reason in (
            (["carer", "made_up", "urgent"], "refuge"),
            (["carer", "nobody_asked", "urgent"], "refuge"),
            (["own_judgement", "saw_document", "urgent"], "refuge"),
            (["carer", "not_checked_yet", "ordinary"], "refuge"),
            (URGENT, "made_up"),
            (URGENT, ""),
            (["carer"], "refuge"),
        ):
            with pytest.raises(psycopg.Error), web.transaction():
                ask(web, opener, child, fields=fields, reason=reason)
        web.commit()
    assert not is_shielded(place, child)


def test_three_people_and_none_of_them_twice(place: Place, child: int) -> None:
    decides, approves = administrator(place), administrator(place)
    with place.connected() as web:
        about = asked(place, web, child)
        # Approved before it is decided, decided by two at once, approved by the one who decided.
        assert refused_with(web, approves, "shield.approved", child, about, 0, "") is None
        assert step(web, decides, "shield.decided", child, about, 0, "protect")
        web.commit()
        assert refused_with(web, approves, "shield.decided", child, about, 0, "no_risk_found") is None
        assert refused_with(web, approves, "shield.decided", child, about, 1, "no_risk_found") is None
        assert refused_with(web, decides, "shield.approved", child, about, 1, "protect") == NOT_THEIRS
        # Another decision than the one that stands, an older page, another child, another authority.
        assert refused_with(web, approves, "shield.approved", child, about, 1, "no_risk_found") is None
        for before in (0, None):
            assert refused_with(web, approves, "shield.approved", child, about, before, "protect") is None, before
        assert refused_with(web, approves, "shield.approved", place.child, about, 1, "protect") == NOT_THEIRS
        stranger = administrator(place, elsewhere=True)
        assert refused_with(web, stranger, "shield.approved", child, about, 1, "protect") == NOT_THEIRS
        web.commit()
        assert not is_shielded(place, child)
        assert step(web, approves, "shield.approved", child, about, 1, "protect")
        web.rollback()
        assert not is_shielded(place, child)
        assert step(web, approves, "shield.approved", child, about, 1, "protect")
        web.commit()
        assert is_shielded(place, child)
        # What is over takes no step any more.
        for kind, reason in (("shield.returned", ""), ("shield.decided", "no_risk_found")):
            assert refused_with(web, decides, kind, child, about, 2, reason) is None
    assert is_shielded(place, child)


def test_who_approves_or_lifts_has_just_confirmed(place: Place, child: int) -> None:
    decides, approves = administrator(place), administrator(place)
    with place.connected() as web:
        about = asked(place, web, child)
        assert step(web, decides, "shield.decided", child, about, 0, "protect")
        web.commit()
        confirm(place, approves, "7 minutes")
        for kind in ("shield.approved", "shield.lifted"):
            assert refused_with(web, approves, kind, child, about, 1, "protect") == NO_EVENT


def test_a_shield_ends_by_two_people_and_no_other_way(place: Place, child: int) -> None:
    first, second = administrator(place), administrator(place)
    with place.connected() as web:
        about = asked(place, web, child, URGENT)
        ((number, seen),) = place.as_owner("SELECT id, steps FROM registry_shield WHERE child_id = %s", child)
        shield = f"shield.{number}"
        # An urgent one is decided first, whatever is asked of the shield itself.
        assert refused_with(web, first, "shield.lift_asked", child, shield, seen, "risk_is_over") is None
        for actor, kind, at in ((first, "shield.decided", 0), (second, "shield.approved", 1)):
            assert step(web, actor, kind, child, about, at, "protect")
        web.commit()
        assert refused_with(web, first, "shield.lifted", child, shield, seen, "risk_is_over") is None
        assert step(web, first, "shield.lift_asked", child, shield, seen, "risk_is_over")
        web.commit()
        assert refused_with(web, first, "shield.lifted", child, shield, seen + 1, "risk_is_over") == NOT_THEIRS
        assert refused_with(web, second, "shield.lifted", child, shield, seen + 1, "family_asks") is None
        for before in (seen, None):
            assert refused_with(web, second, "shield.lifted", child, shield, before, "risk_is_over") is None, before
        stranger = administrator(place, elsewhere=True)
        for kind in ("shield.lifted", "shield.lift_refused"):
            assert refused_with(web, stranger, kind, child, shield, seen + 1, "risk_is_over") == NOT_THEIRS
        web.commit()
        assert is_shielded(place, child)
        assert step(web, second, "shield.lifted", child, shield, seen + 1, "risk_is_over")
        web.commit()
    assert not is_shielded(place, child)


def test_a_request_a_shield_and_who_the_child_is_show_to_whom_the_event_allows(place: Place, child: int) -> None:
    decides, stranger = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        # Of a child for whom nobody asked, those who decide read nothing either.
        assert read_child(web, decides, commit_event(web, decides, kind="shield.read", child_id=child)) is None
        asker = opened(place, web, child)
        made = ask(web, asker, child, fields=URGENT)
        web.commit()
        for actor, requests, shields in ((decides, {made}, 1), (stranger, set(), 0)):
            event = commit_event(web, actor, kind="shield.read", child_id=child)
            told = read_child(web, actor, event)
            assert (told is not None) == bool(requests)
            assert not told or (told["addresses"], told["involvements"], len(told["names"])) == (None, None, 1)
            show(web, actor, event)
            assert {row for (row,) in web.execute("SELECT id FROM registry_shield_requests()")} == requests
            assert len(web.execute("SELECT id FROM registry_shields()").fetchall()) == shields
            web.commit()
        for actor, requests in ((asker, {made}), (opened(place, web, child), set())):
            show(web, actor, commit_event(web, actor, kind="child.shown", child_id=child))
            assert {row for (row,) in web.execute("SELECT id FROM registry_shield_requests()")} == requests
            assert refusal(web, "SELECT * FROM registry_shields()").sqlstate == NO_EVENT
            web.commit()


def test_tokens_lead_nowhere_from_the_moment_of_the_shield(place: Place, child: int) -> None:
    """Also for a search that was drawn before it, and is shown after."""
    ((tokens,),) = place.as_owner("SELECT tokens FROM search.child_token WHERE child_id = %s LIMIT 1", child)
    with place.connected() as web, place.connected() as other:
        searcher = place.newcomer()
        event = commit_event(web, searcher, kind="child.searched")
        assert child in find(web, searcher, event, tokens[:300])
        web.commit()
        number = draw(web, searcher, event, tokens[:300])
        web.commit()
        asked(place, other, child, URGENT)
        assert child not in drawn(web, searcher, event, number)
        web.commit()
        ((after,),) = place.as_owner("SELECT tokens FROM search.child_token WHERE child_id = %s LIMIT 1", child)
        assert len(set(after) & set(tokens)) < len(set(tokens)) / 2, "what is left is chance"
