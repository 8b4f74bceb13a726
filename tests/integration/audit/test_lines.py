"""The canonical line: database, writer and verifier make the same one, and it is the one that is written down."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from audit.actors import Process
from audit.encoding import written
from audit.events import EventKind
from audit.recorder import About, record
from encryption.authentication import is_authentic
from tests.conftest import as_owner_here
from tests.log import last_event
from transparency.lines import parse
from transparency.tree import leaf_hash

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "vectors/event_lines.json").read_text())
pytestmark = pytest.mark.django_db


def line_of(row: str) -> str:
    """What the database makes of a row, given as SQL."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(f"SELECT audit_line(event) FROM {row} AS event")
        (line,) = cursor.fetchone()
        return str(line)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_database_writes_the_line_of_the_vectors(vector: dict[str, Any]) -> None:
    event = json.dumps(vector["event"]).replace("'", "''")
    assert line_of(f"jsonb_populate_record(NULL::audit_event, '{event}')") == vector["line"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_writer_authenticates_the_fields_of_the_line_that_it_knows(vector: dict[str, Any]) -> None:
    event = vector["event"]
    criteria = bytes.fromhex(event["criteria"][2:]) if event["criteria"] else None
    request = UUID(event["request_id"]) if event["request_id"] else None
    assert written(event | {"criteria": criteria, "request_id": request}).decode() == "|".join(
        vector["line"].split("|")[4:-1]
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_verifier_reads_the_line_and_makes_its_leaf(vector: dict[str, Any]) -> None:
    line = parse(vector["line"].encode())
    assert (line.id, line.number, line.voided) == (
        vector["event"]["id"],
        vector["event"]["number"],
        tuple(vector["event"]["voided"]),
    )
    assert leaf_hash(vector["line"].encode()).hex() == vector["leaf"]


def test_recorded_event_has_the_leaf_of_its_line_and_our_tag() -> None:
    with as_owner_here():
        event_id = record(EventKind.CHILD_ADDED, About(child_id=5, fields=["lead"]), actor=Process("tests"))
    line = line_of("audit_event")
    event = last_event(id=event_id)
    assert leaf_hash(line.encode()) == bytes(event.leaf)
    assert is_authentic("|".join(line.split("|")[4:-1]).encode(), bytes(event.authentication))
    assert parse(line.encode()).id == event_id


@pytest.mark.parametrize("code", ["a|b", "a\nb", "a,b", "A", "é"])
def test_no_field_holds_what_joins_the_line(code: str) -> None:
    with pytest.raises(IntegrityError, match="audit_event_holds_codes"), as_owner_here(), transaction.atomic():
        record(EventKind.CHILD_ADDED, About(fields=[code]), actor=Process("tests"))
