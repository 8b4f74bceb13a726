"""Systems asked for, accredited by a second administrator, and revoked, whatever they are there for."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from access.models import ClientSystem, SystemPurpose
from access.rules.administering import organisations_administered
from access.rules.errors import NotAdministeredError, NotFoundError, OwnCaseError, WrongStateError
from access.systems.selectors import systems_of
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record
from encryption.models import next_ids

DECIDED = "Somebody decided about this system meanwhile. Open the list again."
TOO_LATE = "Its time is over. It can be asked for anew."


@dataclass(frozen=True, slots=True)
class NewSystem:
    """A system to be accredited: whose, its name, its public keys, till when, and what it is there for.

    `addresses`: where its people come back to, if any work in it. `feed`: the one that it delivers, if it does.
    `telling_address`: where it is told that something changed, if it is.
    """

    organisation_id: int
    name: str
    addresses: Sequence[str]
    keys: dict[str, Any]
    accredited_until: date
    purpose: SystemPurpose = SystemPurpose.PEOPLE
    feed: int | None = None
    telling_address: str = ""


@transaction.atomic
def ask_for_system(*, actor: Actor, new: NewSystem) -> ClientSystem:
    """Ask that a system be accredited. It can do nothing until another administrator agrees.

    Raises NotAdministeredError where the actor does not administer its organisation.
    """
    if not organisations_administered(actor).filter(pk=new.organisation_id).exists():
        raise NotAdministeredError
    system = ClientSystem(
        pk=next_ids(ClientSystem, 1)[0],
        organisation_id=new.organisation_id,
        client_id=secrets.token_urlsafe(16),
        name=new.name,
        purpose=new.purpose,
        feed=new.feed,
        addresses=list(new.addresses),
        telling_address=new.telling_address,
        keys=new.keys,
        accredited_until=new.accredited_until,
        asked_by_id=actor.user_id,
    )
    _record(EventKind.SYSTEM_ASKED, actor, system)
    system.save()
    return system


@transaction.atomic
def accredit_system(*, actor: Actor, system_id: int) -> None:
    """Let the system in, until the day that was asked for.

    Raises NotFoundError where there is none of that id among the actor's organisations, OwnCaseError where the actor
    asked for it, WrongStateError where somebody decided already or its time is over.
    """
    system = _system(actor, system_id)
    if system.asked_by_id == actor.user_id:
        raise OwnCaseError
    if system.accredited_at or system.revoked_at:
        raise WrongStateError(DECIDED)
    if system.accredited_until < timezone.localdate():
        raise WrongStateError(TOO_LATE)
    _record(EventKind.SYSTEM_ACCREDITED, actor, system)
    # In one statement, which is all that the database lets the web role change of a system.
    ClientSystem.objects.filter(pk=system_id).update(accredited_by=actor.user_id, accredited_at=timezone.now())


@transaction.atomic
def revoke_system(*, actor: Actor, system_id: int) -> None:
    """Shut the system out, or refuse what was asked: its sessions and tokens end. Revoked twice, it is revoked once.

    Raises NotFoundError where there is none of that id among the actor's organisations.
    """
    system = _system(actor, system_id)
    if system.revoked_at is None:
        _record(EventKind.SYSTEM_REVOKED, actor, system)
        ClientSystem.objects.filter(pk=system_id).update(revoked_at=timezone.now())


def _system(actor: Actor, system_id: int) -> ClientSystem:
    system = systems_of(actor).select_for_update(of=("self",)).filter(pk=system_id).first()
    if system is None:
        raise NotFoundError
    return system


def _record(kind: EventKind, actor: Actor, system: ClientSystem) -> None:
    record(kind, About(fields=[str(system.organisation_id), str(system.pk)]), actor=actor)
