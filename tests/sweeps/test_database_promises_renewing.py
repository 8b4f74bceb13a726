"""A session in a system goes on under other tokens, and is over when it has to be (test_database_promises_acting)."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import Place, placed, record
from tests.sweeps.in_systems import (
    LOAD,
    RENEW,
    SPOILT,
    Held,
    World,
    held_by,
    key,
    renew,
    world_of,
)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture
def world(place: Place, council: Council) -> World:
    return world_of(place, council)


def live(world: World, held: Held) -> bool:
    """Whether the access token opens anything, as the web process asks."""
    with world.place.connected() as web:
        return web.execute(LOAD, [held.actor.session_key]).fetchall() != []


def sessions(world: World) -> list[tuple[int]]:
    return world.place.as_owner("SELECT id FROM access_session WHERE system_id = %s ORDER BY id", world.system.pk)


@pytest.mark.parametrize("how", SPOILT)
def test_session_is_not_renewed_where_something_speaks_against_it(world: World, how: str) -> None:
    held = held_by(world)
    world.spoil(how)
    with world.place.connected("sign_in") as sign_in:
        assert renew(sign_in, held, world.system) is None


def test_only_its_own_system_renews_or_ends_a_session(world: World) -> None:
    held, other = held_by(world), world.another_system()
    with world.place.connected("sign_in") as sign_in:
        assert renew(sign_in, held, other) is None
        for presented in (held.renewal, held.actor.session_key):
            sign_in.execute("SELECT access_system_leave(%s, %s)", [presented, other.pk])
        for presented, line in ((key(), key()), (held.actor.session_key, key()), (None, None), (held.renewal, key())):
            row = sign_in.execute(RENEW, [presented, line, world.system.pk, key(), key()]).fetchone()
            assert row is None
        sign_in.commit()
        assert live(world, held), "and none of that has ended it"
        assert renew(sign_in, held, world.system)


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_refresh_token_of_before_ends_the_session(world: World, steps: int) -> None:
    """However often whoever stole it went on with it: the system that is left behind brings it once more."""
    stolen = held = held_by(world)
    with world.place.connected("sign_in") as sign_in:
        for _ in range(steps):
            following = renew(sign_in, held, world.system)
            assert following
            assert not live(world, held)
            held = following
        assert live(world, held)
        assert renew(sign_in, stolen, world.system) is None
        assert not live(world, held)
        assert renew(sign_in, held, world.system) is None


def test_session_lasts_a_quarter_of_an_hour_at_a_time_and_ten_hours_in_all(world: World) -> None:
    held, age = held_by(world), "UPDATE access_session SET started_at = now() - %s::interval WHERE id = %s"
    left = "SELECT extract(epoch FROM expires_at - now()) FROM access_session WHERE id = %s"

    def seconds() -> float:
        return float(world.place.as_owner(left, held.actor.session_id)[0][0])

    assert 0 < seconds() <= 15 * 60
    with world.place.connected("sign_in") as sign_in:
        world.place.as_owner(age, "9 hours 58 minutes", held.actor.session_id)
        renewed = renew(sign_in, held, world.system)
        assert renewed
        assert 0 < seconds() <= 2 * 60
        world.place.as_owner(age, "10 hours", held.actor.session_id)
        again = renew(sign_in, renewed, world.system)
        assert again
        assert not live(world, again)
        assert renew(sign_in, again, world.system) is None


def test_session_counts_from_the_sign_in_in_the_browser(world: World) -> None:
    """And so it does once it is renewed."""
    world.place.as_owner(
        "UPDATE access_session SET started_at = now() - interval '9 hours 59 minutes' WHERE id = %s",
        world.actor.session_id,
    )
    held = held_by(world)
    for renewed in (False, True):
        if renewed:
            with world.place.connected("sign_in") as sign_in:
                assert renew(sign_in, held, world.system)
        ((seconds,),) = world.place.as_owner(
            "SELECT extract(epoch FROM expires_at - now()) FROM access_session WHERE id = %s", held.actor.session_id
        )
        assert seconds <= 60


def test_session_ends_with_a_new_password_and_from_the_list_of_sessions(world: World) -> None:
    first, second = held_by(world), held_by(world)
    with world.place.connected("sign_in") as sign_in:
        record(
            sign_in,
            world.actor,
            kind="session.ended",
            user_id=world.person.pk,
            fields=[str(first.actor.session_id)],
        )
        sign_in.execute("SELECT access_sessions_end(%s)", [world.actor.session_key])
        sign_in.commit()
        assert (live(world, first), live(world, second)) == (False, True)
        world.place.as_owner("UPDATE access_session SET confirmed_at = now() WHERE id = %s", world.actor.session_id)
        record(sign_in, world.actor, kind="user.password_changed", user_id=world.person.pk)
        sign_in.execute("SELECT access_sessions_end_others(%s)", [world.actor.session_key])
        sign_in.commit()
        assert not live(world, second)
