"""Who writes on our side: the log with all its guards, and the same row into a table that has none."""

import os
import secrets
from itertools import count, cycle
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
from django.db import transaction

from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import Reason
from audit.recorder import About, record
from bench.audit import events, people
from bench.audit.contenders import Write

# Made beforehand, so that what is measured is the database; the number of an event is the database's to believe.
PREPARED = 500
LEAF_BYTES = 32


def bare(place: int) -> Write:
    """One insert of the whole row, by statement and parameters."""
    rows = [event | {"leaf": secrets.token_bytes(LEAF_BYTES)} for event in _events(place)]
    columns = ", ".join(rows[0])
    values = ", ".join(f"%({name})s" for name in rows[0])
    return _writes(f"INSERT INTO bench_bare ({columns}) VALUES ({values})", rows)


def ours(place: int) -> Write:
    """`audit_record`: session, budget, canonical line and leaf; then partition, checks and indexes."""
    key = people.actors()[place].session_key
    calls = [{"key": key, "told": events.told(event)} for event in _events(place)]
    return _writes("SELECT audit_record(%(key)s, %(told)s)", calls)


def recorder(place: int) -> Write:
    """The same as the service does it: through Django, numbered and tagged event by event."""
    actor, child_ids = _whose(place)
    chosen = cycle(child_ids)

    def write() -> None:
        with transaction.atomic():
            record(EventKind.CHILD_OPENED, About(child_id=next(chosen), reason=Reason.COOPERATION), actor=actor)

    return write


def client(place: int) -> Write:
    """What the recorder's Python takes of it: values, tag, JSON; nothing is sent."""
    actor, child_ids = _whose(place)
    writer, numbers, chosen = uuid4(), count(1), cycle(child_ids)
    return lambda: events.told(events.opening(actor, writer, next(numbers), next(chosen)))


def _whose(place: int) -> tuple[Actor, list[int]]:
    known = people.children()
    return people.actors()[place], Random(place).sample(known, len(known))


def _events(place: int) -> list[dict[str, Any]]:
    actor, child_ids = _whose(place)
    writer, chosen = uuid4(), cycle(child_ids)
    return [events.opening(actor, writer, number, next(chosen)) for number in range(1, PREPARED + 1)]


def _writes(statement: str, arguments: list[dict[str, Any]]) -> Write:
    """Executes the statement as the web role: each time with the next arguments and in a transaction of its own."""
    connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    following = cycle(arguments)
    return lambda: connection.execute(statement, next(following))
