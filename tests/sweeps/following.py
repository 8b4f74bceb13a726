"""A system that follows records, at the database: what whoever took over the web process says of it."""

from access.models import ClientSystem
from access.systems import tokens
from audit.actors import Actor
from tests import factories
from tests.conftest import as_owner_here
from tests.sweeps.attacking import OPENED, Place, Web, commit_event, told

FOLLOW = "SELECT registry_follow(%s, %s, %s, %s, %s)"
SEALED, OTHERWISE = b"\x01" * 65, b"\x01" * 81


def system_of(place: Place, telling_address: str = "https://files.example.org/told") -> ClientSystem:
    with as_owner_here():
        authority = place.town.authority
        first, second = (factories.user(role=factories.Role.ADMINISTRATOR, works_for=authority) for _ in range(2))
        people = {"asked_by": first, "accredited_by": second}
        return factories.client_system(authority, **people, telling_address=telling_address)


def within(place: Place, system: ClientSystem) -> Actor:
    """The town's teacher at work in the system."""
    token = factories.token_in(system, place.town.teacher)
    bearer = tokens.presented(token)
    assert bearer is not None
    return bearer.actor(factories.SETTING_UP_REQUEST)


def say(web: Web, actor: Actor, system: ClientSystem, child: int, **changes: object) -> int:
    """Have the database write that the system follows the child."""
    about = {"kind": "child.followed", "child_id": child, "fields": ["system", str(system.pk)]}
    row = web.execute(
        "SELECT audit_record(%s, %s)", [actor.session_key, told(actor, **{**about, **changes})]
    ).fetchone()
    assert row is not None
    return int(row[0])


def new() -> tuple[int, int, bytes, bytes, bytes]:
    """A following that there is none of: its number, version, fingerprints and what is sealed."""
    return (factories.secrets.randbelow(2**40) + 2**40, 1, key(), key(), SEALED)


def key() -> bytes:
    return factories.secrets.token_bytes(16)


def rows(place: Place) -> list[tuple[object, ...]]:
    return place.as_owner("SELECT id, child_id FROM registry_following ORDER BY id")


def followed(place: Place, actor: Actor, system: ClientSystem) -> tuple[int, bytes]:
    """One that is committed. Its number and reference."""
    made = new()
    with place.connected() as web:
        commit_event(web, actor, child_id=place.child, **OPENED)
        say(web, actor, system, place.child)
        web.execute(FOLLOW, made)
        web.commit()
    return made[0], made[3]


def older(place: Place, event: int) -> None:
    """Have the log be without that event, so that an older copy alone is left of it."""
    with place.connected("owner") as owner:
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        assert owner.execute("DELETE FROM audit_event WHERE id = %s", [event]).rowcount == 1
        owner.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
        owner.commit()
