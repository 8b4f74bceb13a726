"""How many new identities, and links between records, wait for somebody: numbers alone, which name nobody."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Counts:
    """How much another asked for and waits: new identities to approve, and links to open."""

    to_approve: int
    to_open: int


def waiting() -> Counts:
    """What waits for the person whose session is shown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_approve, to_open FROM registry_identities_waiting()")
        return Counts(*cursor.fetchone())
