"""Systems at the database: accredited, let act for somebody, and spoilt; without the code of any process of ours."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from access.models import ClientSystem, Organisation, OrganisationKind, Role, User
from audit.actors import Actor
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access.lives import Council
from tests.sweeps.attacking import Place, Web, record

MAKE = "SELECT access_code_make(%s, %s, %s, %s, %s)"
REDEEM = "SELECT session_id FROM access_code_redeem(%s, %s, %s, %s, %s)"
RENEW = "SELECT session_id FROM access_system_renew(%s, %s, %s, %s, %s)"
LOAD = "SELECT user_id, standing FROM access_system_load(%s)"
CHALLENGE = "c" * 43
# What may become of a person or a system, by the owner's hand and past the guards: no session ends by it.
SPOILT = {
    "the person is suspended": "UPDATE access_user SET state = 'suspended' WHERE id = {person}",
    "they have left": "UPDATE access_user SET state = 'left' WHERE id = {person}",
    "their vetting ran out": "UPDATE access_user SET valid_until = current_date - 1 WHERE id = {person}",
    "they are stopped": (
        "INSERT INTO access_stop (scope, user_id, reason, begun_at) VALUES ('user', {person}, 'misuse', now())"
    ),
    "they are an administrator": "UPDATE access_user SET role = 'administrator' WHERE id = {person}",
    "they work for another council": "UPDATE access_user SET organisation_id = {elsewhere} WHERE id = {person}",
    "where they work is accredited no more": (
        "UPDATE access_organisation SET accredited_until = current_date - 1 WHERE id = {school}"
    ),
    "the system's organisation is accredited no more": (
        "UPDATE access_organisation SET accredited_until = current_date - 1 WHERE id = {authority}"
    ),
    "the system's organisation is stopped": (
        "INSERT INTO access_stop (scope, organisation_id, reason, begun_at)"
        " VALUES ('organisation', {authority}, 'incident', now())"
    ),
    "the system is revoked": "UPDATE access_clientsystem SET revoked_at = now() WHERE id = {system}",
    "it is there for something else": (
        "UPDATE access_clientsystem SET purpose = 'leavers', addresses = '{{}}' WHERE id = {system}"
    ),
    "its day is over": "UPDATE access_clientsystem SET accredited_until = current_date - 1 WHERE id = {system}",
    "nobody accredited it": (
        "UPDATE access_clientsystem SET accredited_at = NULL, accredited_by_id = NULL WHERE id = {system}"
    ),
}
WITHOUT_GUARD = """
    ALTER TABLE access_clientsystem DISABLE TRIGGER access_clientsystem_changes;
    {};
    ALTER TABLE access_clientsystem ENABLE TRIGGER access_clientsystem_changes
"""


@dataclass(frozen=True)
class World:
    """An authority with a system, and somebody at work in one of its schools, signed in; and a school of elsewhere."""

    place: Place
    authority: Organisation
    school: Organisation
    elsewhere: Organisation
    system: ClientSystem
    person: User
    actor: Actor

    def spoil(self, how: str) -> None:
        """Have one of `SPOILT` be so."""
        named = {"person": self.person, "school": self.school, "authority": self.authority}
        ids = {name: each.pk for name, each in (named | {"elsewhere": self.elsewhere, "system": self.system}).items()}
        with self.place.connected("owner") as owner:
            owner.execute(WITHOUT_GUARD.format(SPOILT[how].format(**ids)))
            owner.commit()

    def colleague(self, role: Role = Role.PRACTITIONER, works_for: Organisation | None = None) -> Actor:
        """Somebody else, signed in; of the same school unless it is said of which."""
        with transaction.atomic(), as_owner_here():
            person = factories.user(role=role, works_for=works_for or self.school)
        return factories.actor_for(person)

    def another_system(self, organisation: Organisation | None = None) -> ClientSystem:
        """A second one, of the same organisation unless it is said of which."""
        asked, accredited = self.system.asked_by, self.system.accredited_by
        assert accredited is not None
        with transaction.atomic(), as_owner_here():
            return factories.client_system(organisation or self.authority, asked_by=asked, accredited_by=accredited)


def world_of(place: Place, council: Council) -> World:
    """An authority, school, system and person of their own: what happens to them happens to nobody else."""
    asked, accredited = (people.one(pk=each.user_id) for each in (council.first, council.second))
    with transaction.atomic(), as_owner_here():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        school, elsewhere = factories.organisation(authority=authority), factories.organisation()
        system = factories.client_system(authority, asked_by=asked, accredited_by=accredited)
        person = factories.user(works_for=school)
    return World(place, authority, school, elsewhere, system, person, factories.actor_for(person))


@dataclass(frozen=True)
class Held:
    """What a system holds of somebody who let it act: by fingerprints, their session in it and its refresh token."""

    actor: Actor
    renewal: str
    line: str


def key() -> str:
    """A fingerprint of nothing that anybody had."""
    return secrets.token_hex(16)


def named(system: ClientSystem) -> list[str]:
    """How events name a system."""
    return [str(system.organisation_id), str(system.pk)]


def say_allowed(sign_in: Web, actor: Actor, system: ClientSystem) -> int:
    """Have the database write that the actor lets the system act."""
    return record(sign_in, actor, kind="system.allowed", user_id=actor.user_id, fields=named(system))


def making(actor: Actor, system: ClientSystem, address: str = factories.SYSTEM_ADDRESS) -> tuple[Any, ...]:
    """What a code is made with; the fingerprint of the code stands second."""
    return MAKE, actor.session_key, key(), system.pk, address, CHALLENGE


def allow(sign_in: Web, actor: Actor, system: ClientSystem) -> str:
    """Have the system be let act. Returns the fingerprint of its code."""
    say_allowed(sign_in, actor, system)
    statement, *arguments = making(actor, system)
    sign_in.execute(statement, arguments)
    sign_in.commit()
    return str(arguments[1])


def redeem(sign_in: Web, actor: Actor, system: ClientSystem, code: str) -> Held | None:
    """Have the session of the code begin, and its sign-in be written; not committed."""
    keys = key(), key(), key()
    row = sign_in.execute(REDEEM, [code, system.pk, *keys]).fetchone()
    if row is None or row[0] is None:  # the latter of one that was used before: whose it was is said
        return None
    within = replace(actor, session_id=row[0], session_key=keys[0])
    record(sign_in, within, kind="sign_in.succeeded", user_id=actor.user_id)
    return Held(within, *keys[1:])


def renew(sign_in: Web, held: Held, system: ClientSystem) -> Held | None:
    """Have the session go on under other keys, committed."""
    keys = key(), key()
    row = sign_in.execute(RENEW, [held.renewal, held.line, system.pk, *keys]).fetchone()
    sign_in.commit()
    return Held(replace(held.actor, session_key=keys[0]), keys[1], held.line) if row and row[0] else None


def held_by(world: World, actor: Actor | None = None) -> Held:
    """What the system holds once the world's person, or another, let it act."""
    with world.place.connected("sign_in") as sign_in:
        code = allow(sign_in, actor or world.actor, world.system)
        held = redeem(sign_in, actor or world.actor, world.system, code)
        sign_in.commit()
    assert held is not None
    return held
