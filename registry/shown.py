"""What the database shows of a child because of a committed event: its rows, sealed as they stand, in one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.tickets import Ticket
from registry import statements
from registry.models import Child, ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian, Involvement


@dataclass(frozen=True, slots=True)
class ShownChild:
    """The rows that the event allows (registry/sql/functions/registry_read.sql); what it does not is not there.

    `under` are records that lie under this one: their own numbers, births and deaths. Their other rows stand among this
    one's, and an involvement of theirs stays theirs (docs/adr/0048).

    `said_by`: whose words stand on each of these records, this one first.

    `by_right`: why all of a shielded child is there, by the database's word; nothing where a shield hides it.
    `consented_on`: when they consented to their record's being kept to the 25th birthday.
    """

    child: Child
    shielded: bool
    by_right: str
    leave_until: date | None
    consented_on: date | None
    names: tuple[ChildName, ...]
    addresses: tuple[ChildAddress, ...]
    numbers: tuple[ChildNumber, ...]
    guardians: tuple[Guardian, ...]
    involvements: tuple[Involvement, ...]
    under: tuple[Child, ...] = ()
    said_by: tuple[ChildSaidBy, ...] = ()

    @property
    def is_hidden(self) -> bool:
        """Whether a shield hides all but who the child is."""
        return self.shielded and not self.by_right


def read_child(ticket: Ticket) -> ShownChild | None:
    """The child whom the event names, or None where there is no such child.

    Inside a transaction the rest of it may go on with the ticket. Raises NoLiveSessionError as Ticket.shown does.
    """
    return _read("SELECT registry_read(%s, %s)", ticket)


def read_child_to_connect(ticket: Ticket) -> ShownChild | None:
    """Of the child whom a connection.read names who it is, and who works with them while a request is open.

    None where there is no request that whoever reads may make (registry/sql/functions/registry_connection_read.sql).
    """
    return _read("SELECT registry_connection_read(%s, %s)", ticket)


def _read(statement: str, ticket: Ticket) -> ShownChild | None:
    told = statements.value(statement, ticket.event_id, ticket.shown_key)
    return None if told is None else child_told(told)


def child_told(told: Mapping[str, Any]) -> ShownChild:
    """The rows as a function of PostgreSQL tells them."""
    child = Child.from_json(told["child"])
    under = tuple(Child.from_json(row) for row in told.get("under") or ())
    involvements = tuple(Involvement.from_json(row) for row in told["involvements"] or ())
    records = {each.pk: each for each in under}
    for involvement, row in zip(involvements, told["involvements"] or (), strict=True):
        involvement.child = records.get(row.get("child_id"), child)
    return ShownChild(
        child=child,
        shielded=told["shielded"],
        by_right=told.get("by_right") or "",
        leave_until=_day(told.get("leave_until")),
        consented_on=_day(told.get("consented_on")),
        names=tuple(ChildName.from_json(row) for row in told.get("names") or ()),
        addresses=tuple(ChildAddress.from_json(row) for row in told.get("addresses") or ()),
        numbers=tuple(ChildNumber.from_json(row) for row in told.get("numbers") or ()),
        guardians=tuple(Guardian.from_json(row) for row in told.get("guardians") or ()),
        involvements=involvements,
        under=under,
        said_by=tuple(ChildSaidBy.from_json(row) for row in told.get("said_by") or ()),
    )


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
