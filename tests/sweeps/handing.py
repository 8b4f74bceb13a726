"""Records handed over as an insider at the web role's login takes the steps, and tries what is not theirs."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction

from access.models import Organisation, OrganisationKind, Role
from audit.actors import Actor
from registry.rules.numbers import OWN, number_fingerprint
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.severing import number_of
from tests.sweeps.attacking import Place, Web, commit_event, record, show


def another_authority() -> Organisation:
    with transaction.atomic(), as_owner_here():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


def administrator_of(authority: Organisation) -> Actor:
    with transaction.atomic(), as_owner_here():
        person = factories.user(role=Role.ADMINISTRATOR, works_for=authority)
    return factories.actor_for(person)


def look_up(web: Web, actor: Actor, number: str, *, kind: str = "handover.listed") -> object:
    """To whom the registry number leads, of whom the actor has said in a committed event that they look it up."""
    request, presented = uuid4(), number_fingerprint(OWN, number)
    token = sha256(presented + request.bytes).hexdigest()
    show(web, actor, commit_event(web, actor, kind=kind, fields=[f"asked.{token}"], request_id=str(request)))
    ((child,),) = web.execute("SELECT registry_handover_child(%s)", [presented]).fetchall()
    web.commit()
    return child


def read(web: Web, actor: Actor, child: int) -> dict[str, Any] | None:
    """Who the database says that the child is, to the actor, who has said that they read it."""
    show(web, actor, commit_event(web, actor, kind="handover.read", child_id=child))
    ((who,),) = web.execute("SELECT registry_handover_who()").fetchall()
    web.commit()
    return who  # type: ignore[no-any-return]


def listed(web: Web, actor: Actor, **claims: object) -> list[tuple[Any, ...]]:
    """The offers that the database shows to the actor, who has said that they read the list."""
    show(web, actor, commit_event(web, actor, **{"kind": "handover.listed", **claims}))
    rows = web.execute("SELECT id, child_id, outcome, own FROM registry_handovers()").fetchall()
    web.commit()
    return rows


def offer(web: Web, actor: Actor, child: int, to: int | str, reason: str = "moved_home") -> int | None:
    record(web, actor, kind="handover.offered", child_id=child, reason=reason, fields=[f"authority.{to}"])
    ((made,),) = web.execute("SELECT registry_handover_offer()").fetchall()
    return made  # type: ignore[no-any-return]


def step(web: Web, actor: Actor, what: str, child: int, which: int, seen: int | None = 0, reason: str = "") -> bool:
    why = reason or {"accepted": "moved_home", "declined": "lives_elsewhere"}.get(what, "")
    record(web, actor, kind=f"handover.{what}", child_id=child, reason=why, fields=[f"handover.{which}"])
    ((taken,),) = web.execute("SELECT registry_handover_step(%s, %s)", [which, seen]).fetchall()
    return bool(taken)


def authority_of(place: Place, child: int) -> int:
    ((authority,),) = place.as_owner("SELECT responsible_authority_id FROM registry_child WHERE id = %s", child)
    return int(authority)


def shield(place: Place, child: int) -> None:
    """Have the child be shielded for ten days, with a review that is not due."""
    place.as_owner(
        "INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps)"
        " SELECT id, responsible_authority_id, current_date - 10, current_date + 100, '', 0 FROM registry_child"
        " WHERE id = %s",
        child,
    )


def giving(place: Place, child: int) -> Actor:
    """An administrator of the authority that answers, who looked the child's number up and read who it is."""
    actor = administrator_of(place.town.authority)
    with place.connected() as web:
        assert look_up(web, actor, number_of(child)) == child
        assert read(web, actor, child)
    return actor


def offered_by(place: Place, child: int, gives: Actor, away: Organisation) -> int:
    """An offer of the record to that authority, committed."""
    with place.connected() as web:
        made = offer(web, gives, child, away.pk)
        web.commit()
    assert made
    return made
