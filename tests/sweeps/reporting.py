"""Reports of something wrong as the web role makes, reads and answers them with live sessions."""

from typing import Any

import psycopg
import pytest
from django.db import transaction

from access.models import Role
from audit.actors import Actor
from audit.reported import ReportedPart
from registry.rules.parts import NEVER_HIDDEN
from tests import factories
from tests.conftest import as_owner_here
from tests.sweeps.attacking import (
    OPENED,
    Place,
    Web,
    commit_event,
    record,
    show,
)

NO_EVENT, NOT_THEIRS, NOT_ON_THE_LIST = "CP001", "CP004", "23514"
ADDRESS = "wrong_address"
MADE = {"kind": "report.made", "reason": ADDRESS}
OPEN = "SELECT id, steps, outcome FROM registry_report WHERE child_id = %s ORDER BY id"
SHIELDED = """
    INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps, filed_at)
    SELECT id, responsible_authority_id, current_date, current_date + 1, '', 0, now() FROM registry_child WHERE id = %s
"""
HIDDEN = sorted(part.value for part in ReportedPart if part not in NEVER_HIDDEN)


def administrator(place: Place, *, elsewhere: bool = False) -> Actor:
    """Somebody who answers for records of the town, or of another."""
    with transaction.atomic(), as_owner_here():
        works_for = None if elsewhere else place.town.authority
        person = factories.user(role=Role.ADMINISTRATOR, works_for=works_for)
    return factories.actor_for(person)


def opened(place: Place, web: Web, child: int, **more: object) -> Actor:
    """Somebody who has opened the child's record."""
    actor = place.newcomer()
    commit_event(web, actor, child_id=child, **OPENED, **more)
    return actor


def make(web: Web, actor: Actor, child: int, **more: object) -> str:
    """Record that the actor reports it, and have it made. What came of it."""
    record(web, actor, child_id=child, **(MADE | more))
    ((came,),) = web.execute("SELECT registry_report_make()").fetchall()
    return str(came)


def made(place: Place, web: Web, child: int, **more: object) -> tuple[Actor, int]:
    """Who reported it, and the report, committed."""
    actor = opened(place, web, child)
    assert make(web, actor, child, **more) == "made"
    web.commit()
    return actor, int(place.as_owner(OPEN, child)[-1][0])


def refused_with(web: Web, actor: Actor, child: int, **more: object) -> str | None:
    """How it is refused; the transaction goes on."""
    with pytest.raises(psycopg.Error) as refused, web.transaction():
        make(web, actor, child, **more)
    return refused.value.sqlstate


def answer(web: Web, actor: Actor, child: int, number: int, seen: int | None, reason: str = "put_right") -> bool:
    """Record what came of it, and have it taken."""
    record(web, actor, kind="report.answered", child_id=child, fields=[f"reported.{number}"], reason=reason)
    ((taken,),) = web.execute("SELECT registry_report_answer(%s, %s)", [number, seen]).fetchall()
    return bool(taken)


def not_answered(web: Web, actor: Actor, child: int, number: int, seen: int | None, reason: str) -> str | None:
    """How the answer is refused, or None where it is not taken; the transaction goes on."""
    try:
        with web.transaction():
            assert not answer(web, actor, child, number, seen, reason), "taken"
    except psycopg.Error as error:
        return error.sqlstate
    return None


def read(web: Web, actor: Actor, child: int, number: int) -> dict[str, Any] | None:
    """What the database shows of the child of that report, its ticket left shown."""
    event = commit_event(web, actor, kind="report.read", child_id=child, fields=[f"reported.{number}"])
    show(web, actor, event)
    ((found,),) = web.execute("SELECT registry_report_child()").fetchall()
    return found  # type: ignore[no-any-return]


def shown(web: Web) -> set[int]:
    return {row for (row,) in web.execute("SELECT id FROM registry_reports()")}


def listed(web: Web, actor: Actor) -> set[int]:
    show(web, actor, commit_event(web, actor, kind="report.listed"))
    return shown(web)
