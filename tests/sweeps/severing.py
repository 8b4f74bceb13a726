"""New identities as an insider at the web role's login takes their steps, one by one, and tries what is not theirs."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import psycopg
from django.db import transaction
from django.test import override_settings

from access.models import Role, User
from audit.actors import Actor
from registry.models import Child
from registry.protection import escrow, new_identity
from registry.rules.numbers import OWN, number_fingerprint
from registry.vocabulary import Gender
from registry.worker import severing
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN
from tests.integration.registry.severing import make, number_of
from tests.sweeps.attacking import (
    Place,
    Web,
    commit_event,
    forged,
    record,
    show,
    show_session,
)

NO_EVENT, NOT_THEIRS = "CP001", "CP004"


@dataclass(frozen=True)
class Pair:
    """A closed record and the one that goes on, with the number of each."""

    old: int
    new: int
    old_number: str
    new_number: str


def administrator(place: Place, *, elsewhere: bool = False) -> Actor:
    with transaction.atomic(), as_owner_here():
        works_for = None if elsewhere else place.town.authority
        person = factories.user(role=Role.ADMINISTRATOR, works_for=works_for)
    return factories.actor_for(person)


def another_session(actor: Actor) -> Actor:
    """The same person, who signed in on another device."""
    with transaction.atomic(), as_owner_here():
        return factories.actor_for(User.objects.get(pk=actor.user_id))


def look_up(web: Web, actor: Actor, number: str) -> bytes:
    """Have the actor shown to whom the registry number leads, which is committed first. Returns its fingerprint."""
    request, presented = uuid4(), number_fingerprint(OWN, number)
    token = sha256(presented + request.bytes).hexdigest()
    event = commit_event(web, actor, kind="identity.listed", fields=[f"asked.{token}"], request_id=str(request))
    show(web, actor, event)
    return presented


def looked(place: Place, web: Web, child: int) -> Actor:
    """An administrator who looked the child's number up, and has read who the child is."""
    actor = administrator(place)
    look_up(web, actor, number_of(child))
    commit_event(web, actor, kind="identity.read", child_id=child)
    return actor


def who_is(web: Web, actor: Actor, child: int) -> dict[str, object] | None:
    """Who the database says that the child is, to the actor, who has said that they read it."""
    show(web, actor, commit_event(web, actor, kind="identity.read", child_id=child))
    ((who,),) = web.execute("SELECT registry_identity_who()").fetchall()
    web.commit()
    return who  # type: ignore[no-any-return]


def sealed(place: Place, child: int) -> bytes:
    wanted = new_identity.Wanted("Wren", "Alderton", BORN, Gender.FEMALE, place.town.authority.pk, None)
    return new_identity.seal_wanted(wanted, child_id=child)


def ask(web: Web, actor: Actor, child: int, box: bytes, reason: str = "adopted") -> int | None:
    record(web, actor, kind="identity.asked", child_id=child, reason=reason)
    ((made,),) = web.execute("SELECT registry_identity_ask(%s)", [box]).fetchall()
    return made  # type: ignore[no-any-return]


def asked(web: Web, actor: Actor, child: int) -> str:
    """A request for the child, committed."""
    wanted = new_identity.Wanted("Wren", "Alderton", BORN, Gender.FEMALE, actor.authority_id, None)
    made = ask(web, actor, child, new_identity.seal_wanted(wanted, child_id=child))
    web.commit()
    return f"identity.{made}"


def decide(web: Web, actor: Actor, kind: str, child: int, about: str, seen: int | None, reason: str) -> bool:
    record(web, actor, kind=kind, child_id=child, fields=[about], reason=reason)
    number = int(about.partition(".")[2])
    ((taken,),) = web.execute("SELECT registry_identity_decide(%s, %s)", [number, seen]).fetchall()
    return bool(taken)


def ask_link(web: Web, actor: Actor, child: int, reason: str = "link_for_harm") -> int | None:
    record(web, actor, kind="escrow.asked", child_id=child, reason=reason)
    ((made,),) = web.execute("SELECT registry_escrow_ask()").fetchall()
    return made  # type: ignore[no-any-return]


def give(web: Web, actor: Actor, pair: Pair, which: int, *, kind: str = "escrow.opened", **changes: object) -> bool:
    told = {"number": pair.old_number, "seen": 0, "reason": "link_for_harm", "child": pair.old, **changes}
    record(web, actor, kind=kind, child_id=told["child"], fields=[f"escrow.{which}"], reason=told["reason"])
    presented = number_fingerprint(OWN, str(told["number"]))
    statement = "SELECT registry_escrow_decide(%s, %s, %s)"
    ((taken,),) = web.execute(statement, [which, told["seen"], presented]).fetchall()
    return bool(taken)


def answer(web: Web, actor: Actor, pair: Pair, which: int) -> list[tuple[object, ...]]:
    """What the database shows of the link to the actor, who has said that they read it."""
    event = commit_event(web, actor, kind="identity.read", child_id=pair.old, fields=[f"escrow.{which}"])
    show(web, actor, event)
    return web.execute("SELECT * FROM registry_escrow_answer(%s)", [which]).fetchall()


def open_given() -> int:
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        return escrow.open_given()


def how(act: object, *arguments: object, **options: object) -> str | None:
    """How it is refused, in a transaction that goes on; None where it is merely not done."""
    web = arguments[0]
    assert isinstance(web, psycopg.Connection)
    try:
        with web.transaction():
            assert not act(*arguments, **options), "done"  # type: ignore[operator]
    except psycopg.Error as error:
        return error.sqlstate
    return None


def is_closed(child: int) -> bool:
    with as_worker():
        return Child.objects.filter(pk=child, severed=True).exists()


def record_tagged(web: Web, actor: Actor, pair: Pair, kind: str, fields: list[str]) -> int:
    """Have the database write the event with a tag of our software, as the pages do."""
    show_session(web, actor)
    told = forged(actor, kind=kind, child_id=pair.old, reason="link_for_harm", fields=fields)
    ((event,),) = web.execute("SELECT audit_record(%s, %s)", [actor.session_key, told]).fetchall()
    return int(event)


def given(place: Place, web: Web, pair: Pair) -> tuple[Actor, Actor, int]:
    """Asked for by one person and given by another."""
    first, second = administrator(place), administrator(place)
    look_up(web, first, pair.old_number)
    record_tagged(web, first, pair, "escrow.asked", [])
    ((which,),) = web.execute("SELECT registry_escrow_ask()").fetchall()
    web.commit()
    record_tagged(web, second, pair, "escrow.opened", [f"escrow.{which}"])
    presented = number_fingerprint(OWN, pair.old_number)
    assert web.execute("SELECT registry_escrow_decide(%s, 0, %s)", [which, presented]).fetchall() == [(True,)]
    web.commit()
    return first, second, int(which)


def events_of(place: Place, which: int) -> tuple[int, int]:
    ((first, second),) = place.as_owner(
        "SELECT asked_event, decided_event FROM registry_escrowrequest WHERE id = %s", which
    )
    return first, second


def severed_pair(place: Place, child: int) -> Pair:
    """Asked for, approved, closed and made, by two administrators at the web role."""
    number = number_of(child)
    make()  # what other tests left
    with place.connected() as web:
        about = asked(web, looked(place, web, child), child)
        assert decide(web, administrator(place), "identity.approved", child, about, 0, "adopted")
        web.commit()
    with as_worker():
        assert severing.sever_approved() == 1
    (new,) = make()
    return Pair(child, new, number, number_of(new))
