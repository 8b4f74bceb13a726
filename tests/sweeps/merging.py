"""Two records as an insider at the web role's login puts them under one, step by step, and tries what is not theirs."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from audit.actors import Actor
from registry.models import Child
from registry.rules.numbers import OWN, number_fingerprint
from registry.worker import merging
from tests.conftest import as_worker
from tests.integration.registry.severing import number_of
from tests.sweeps.attacking import Place, Web, commit_event, record, show
from tests.sweeps.severing import administrator


@dataclass(frozen=True)
class Two:
    """The record that stays, and the one to go under it."""

    stays: int
    under: int


def look_up(web: Web, actor: Actor, child: int) -> list[tuple[object, ...]]:
    """To whom the record's number leads the actor, whose looking is committed first."""
    request, presented = uuid4(), number_fingerprint(OWN, number_of(child))
    token = sha256(presented + request.bytes).hexdigest()
    event = commit_event(web, actor, kind="merge.listed", fields=[f"asked.{token}"], request_id=str(request))
    show(web, actor, event)
    found = web.execute("SELECT * FROM registry_merge_child(%s)", [presented]).fetchall()
    web.commit()
    return found


def read(web: Web, actor: Actor, child: int, beside: int) -> dict[str, Any] | None:
    """What the database shows of one of two that are compared."""
    event = commit_event(web, actor, kind="merge.read", child_id=child, fields=[f"beside.{beside}"])
    show(web, actor, event)
    ((told,),) = web.execute("SELECT registry_merge_who()").fetchall()
    web.commit()
    return told  # type: ignore[no-any-return]


def compare(web: Web, actor: Actor, two: Two) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    return read(web, actor, two.stays, two.under), read(web, actor, two.under, two.stays)


def compared(place: Place, web: Web, two: Two) -> Actor:
    """An administrator who looked both numbers up, and has read both records."""
    actor = administrator(place)
    for child in (two.stays, two.under):
        look_up(web, actor, child)
    compare(web, actor, two)
    return actor


def ask(web: Web, actor: Actor, two: Two, *, kind: str = "merge.asked", reason: str = "worker_knows") -> int | None:
    record(web, actor, kind=kind, child_id=two.stays, fields=[f"under.{two.under}"], reason=reason)
    ((made,),) = web.execute("SELECT registry_merge_ask()").fetchall()
    return made  # type: ignore[no-any-return]


def decide(
    web: Web,
    actor: Actor,
    two: Two,
    request: int,
    *,
    seen: int | None = 0,
    kind: str = "merge.approved",
    reason: str = "worker_knows",
) -> bool:
    record(web, actor, kind=kind, child_id=two.stays, fields=[f"merge.{request}"], reason=reason)
    ((taken,),) = web.execute("SELECT registry_merge_decide(%s, %s)", [request, seen]).fetchall()
    return bool(taken)


def put_together(place: Place, two: Two, **parting: str) -> None:
    """Asked for, approved and done, or with what `parting` says parted; committed."""
    approving = {**parting, "kind": "merge.part_approved"} if parting else {}
    with place.connected() as web:
        first, second = compared(place, web, two), compared(place, web, two)
        request = ask(web, first, two, **parting)
        web.commit()
        assert request is not None
        assert decide(web, second, two, request, **approving)
        web.commit()
    assert do_approved() == 1


def do_approved() -> int:
    with as_worker():
        return merging.do_approved()


def lies_under(child: int) -> int | None:
    with as_worker():
        under: int | None = Child.objects.get(pk=child).merged_into_id
        return under
