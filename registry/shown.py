"""What the database shows of a child because of a committed event: its rows, sealed as they stand, in one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit.errors import refusals
from audit.tickets import Ticket
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Involvement


@dataclass(frozen=True, slots=True)
class ShownChild:
    """The rows that the event allows (registry/sql/functions/registry_read.sql); what it does not is not there."""

    child: Child
    shielded: bool
    names: tuple[ChildName, ...]
    addresses: tuple[ChildAddress, ...]
    numbers: tuple[ChildNumber, ...]
    guardians: tuple[Guardian, ...]
    involvements: tuple[Involvement, ...]


def read_child(ticket: Ticket) -> ShownChild | None:
    """The child whom the event names, or None where there is no such child.

    Inside a transaction the rest of it may go on with the ticket. Raises NoLiveSessionError as Ticket.shown does.
    """
    with refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT registry_read(%s, %s)", [ticket.event_id, ticket.session_key])
        (told,) = cursor.fetchone()
    return None if told is None else child_told(told)


def child_told(told: Mapping[str, Any]) -> ShownChild:
    """The rows as a function of PostgreSQL tells them."""
    child = Child.from_json(told["child"])
    involvements = tuple(Involvement.from_json(row) for row in told["involvements"] or ())
    for involvement in involvements:
        involvement.child = child
    return ShownChild(
        child=child,
        shielded=told["shielded"],
        names=tuple(ChildName.from_json(row) for row in told["names"] or ()),
        addresses=tuple(ChildAddress.from_json(row) for row in told["addresses"] or ()),
        numbers=tuple(ChildNumber.from_json(row) for row in told["numbers"] or ()),
        guardians=tuple(Guardian.from_json(row) for row in told["guardians"] or ()),
        involvements=involvements,
    )
