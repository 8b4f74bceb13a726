"""Leave by name to see a shielded child, to an insider with the web role's own login: by two, and for nobody else.

A web process that was taken over has live sessions of everybody here, and calls each function itself.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, User
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import full_draft
from tests.sweeps.attacking import Place, Web, commit_event, placed, read_child, record, refusal, show, show_session

NO_EVENT, NOT_THEIRS = "CP001", "CP004"
BY_LEAVE = {"kind": "child.opened", "reason": "s11", "fields": ["shield.grant"]}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    """A protected child whom nobody has opened."""
    with transaction.atomic(), as_owner_here():
        (made,) = factories.children(full_draft(place.town, numbers=[], shielded_since=factories.today()))
    return int(made.pk)


def administrator(place: Place) -> Actor:
    with transaction.atomic(), as_owner_here():
        person = factories.user(role=Role.ADMINISTRATOR, works_for=place.town.authority)
    return factories.actor_for(person)


def shows_all(web: Web, actor: Actor, event: int) -> bool:
    told = read_child(web, actor, event)
    assert told is not None
    assert told["shielded"] is True
    parts = {part for part in ("addresses", "guardians", "involvements", "said_by") if told[part]}
    assert parts in (set(), {"addresses", "guardians", "involvements", "said_by"})
    assert bool(parts) == bool(told["by_right"])
    return bool(parts)


def ask_leave(web: Web, actor: Actor, child: int, person: int, day: str | None = None) -> int | None:
    until = f"until.{day or factories.today().isoformat()}"
    record(web, actor, kind="shield.grant_asked", child_id=child, user_id=person, fields=[until])
    ((made,),) = web.execute("SELECT registry_leave_ask()").fetchall()
    return made  # type: ignore[no-any-return]


def step(web: Web, actor: Actor, kind: str, child: int, person: int, number: int | None, seen: int = 0) -> bool:
    record(web, actor, kind=kind, child_id=child, user_id=person, fields=[f"leave.{number}"])
    ((taken,),) = web.execute("SELECT registry_leave_step(%s, %s)", [number, seen]).fetchall()
    return bool(taken)


def code_of(web: Web, *arguments: object, of: object = step) -> str | None:
    """How it is refused; nothing where it was not taken, and none of it is left."""
    try:
        with web.transaction():
            assert not of(web, *arguments), "taken"  # type: ignore[operator]
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_leave_wants_two_administrators_of_the_childs_authority(place: Place, child: int) -> None:
    first, second, reader = administrator(place), administrator(place), place.newcomer()
    with transaction.atomic(), as_owner_here():
        stranger = factories.user(role=Role.ADMINISTRATOR)
    elsewhere = factories.actor_for(stranger)
    with place.connected() as web:
        assert refusal(web, "SELECT registry_leave_ask()").sqlstate == NO_EVENT
        assert refusal(web, "SELECT registry_leave_step(1, 0)").sqlstate == NO_EVENT
        assert refusal(web, "SELECT * FROM registry_leaves()").sqlstate == NO_EVENT
        assert refusal(web, "SELECT registry_leave_person('x')").sqlstate == NO_EVENT
        assert code_of(web, elsewhere, child, reader.user_id, of=ask_leave) == NOT_THEIRS
        assert code_of(web, reader, child, reader.user_id, of=ask_leave) == NOT_THEIRS
        assert code_of(web, first, child, second.user_id, of=ask_leave) == NOT_THEIRS  # no practitioner
        assert code_of(web, first, place.child, reader.user_id, of=ask_leave) is None  # is not shielded
        for day in ("2001-01-01", "2101-01-01"):
            assert code_of(web, first, child, reader.user_id, day, of=ask_leave) is None
        number = ask_leave(web, first, child, reader.user_id)
        web.commit()
        assert code_of(web, second, child, reader.user_id, of=ask_leave) is None  # twice
        # What it gives is to whom, for what child, and by another than asked.
        for kind, who, about, person in (
            ("shield.granted", first, child, reader.user_id),
            ("shield.granted", elsewhere, child, reader.user_id),
            ("shield.granted", second, place.shielded, reader.user_id),
            ("shield.granted", second, child, place.teacher.user_id),
            ("shield.granted", reader, child, reader.user_id),
            ("shield.grant_refused", elsewhere, child, reader.user_id),
        ):
            assert code_of(web, who, kind, about, person, number) == NOT_THEIRS
        for seen in (1, None):
            assert code_of(web, second, "shield.granted", child, reader.user_id, number, seen) is None, seen
        assert code_of(web, second, "shield.grant_taken", child, reader.user_id, number) is None
        web.commit()
        assert not shows_all(web, reader, commit_event(web, reader, child_id=child, **BY_LEAVE))
        assert step(web, second, "shield.granted", child, reader.user_id, number)
        web.rollback()
        assert not shows_all(web, reader, commit_event(web, reader, child_id=child, **BY_LEAVE))
        assert step(web, second, "shield.granted", child, reader.user_id, number)
        web.commit()
        assert shows_all(web, reader, commit_event(web, reader, child_id=child, **BY_LEAVE))
        # Not without saying so, nor of another child, nor to anybody else.
        assert not shows_all(web, reader, commit_event(web, reader, child_id=child, **(BY_LEAVE | {"fields": []})))
        assert not shows_all(web, reader, commit_event(web, reader, child_id=place.shielded, **BY_LEAVE))
        someone = place.newcomer()
        assert not shows_all(web, someone, commit_event(web, someone, child_id=child, **BY_LEAVE))
        assert step(web, first, "shield.grant_taken", child, reader.user_id, number, 1)
        web.commit()
        assert not shows_all(web, reader, commit_event(web, reader, child_id=child, **BY_LEAVE))
        assert code_of(web, second, "shield.granted", child, reader.user_id, number, 2) is None


def test_who_gives_leave_has_just_confirmed(place: Place, child: int) -> None:
    first, second, reader = administrator(place), administrator(place), place.newcomer()
    with place.connected() as web:
        number = ask_leave(web, first, child, reader.user_id)
        web.commit()
        place.as_owner(
            "UPDATE access_session SET confirmed_at = now() - interval '7 minutes' WHERE id = %s", second.session_id
        )
        assert code_of(web, second, "shield.granted", child, reader.user_id, number) == NO_EVENT


def test_of_leave_and_of_who_has_an_address_only_those_who_decide_are_told(place: Place, child: int) -> None:
    first, reader = administrator(place), place.newcomer()
    with transaction.atomic(), as_owner_here():
        stranger = factories.user(role=Role.ADMINISTRATOR)
        known = User.objects.get(pk=reader.user_id).email_fingerprint
    elsewhere = factories.actor_for(stranger)
    with place.connected() as web:
        number = ask_leave(web, first, child, reader.user_id)
        web.commit()
        for actor, rows, person in ((first, {number}, reader.user_id), (elsewhere, set(), None)):
            show(web, actor, commit_event(web, actor, kind="shield.read", child_id=child))
            assert {row for (row,) in web.execute("SELECT id FROM registry_leaves()")} == rows
            assert web.execute("SELECT registry_leave_person(%s)", [known]).fetchone() == (person,)
            web.commit()
        # Of a child who is not shielded nobody learns who has an address.
        show(web, first, commit_event(web, first, kind="shield.read", child_id=place.child))
        assert web.execute("SELECT registry_leave_person(%s)", [known]).fetchone() == (None,)
        web.commit()
        # Whether there is leave, a session is told of its own person alone.
        show_session(web, first)
        assert web.execute("SELECT registry_own_leave(%s)", [child]).fetchone() == (None,)
