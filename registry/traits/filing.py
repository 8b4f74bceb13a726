"""Traits beside the records that they are made of, and beside the users whom they are compared with."""

from collections.abc import Iterable
from typing import TypeVar

from access.people import traits as people
from access.people.traits import PersonTraits
from encryption.packing import Packing
from registry import arrays
from registry.traits import values
from registry.traits.values import ChildTraits

Kept = TypeVar("Kept")
OF_CHILDREN = """
    INSERT INTO registry_childtraits (child_id, row_version, traits)
    SELECT * FROM unnest(%b::bigint[], %b::integer[], %b::bytea[])
    ON CONFLICT (child_id) DO UPDATE SET row_version = excluded.row_version, traits = excluded.traits
"""
OF_USERS = """
    INSERT INTO access_usertraits (user_id, row_version, traits)
    SELECT * FROM unnest(%b::bigint[], %b::integer[], %b::bytea[])
    ON CONFLICT (user_id) DO UPDATE SET row_version = excluded.row_version, traits = excluded.traits
"""


def put(entries: Iterable[tuple[int, int, ChildTraits]]) -> None:
    """Seal and keep the traits of children, each with the version of the child's row, in place of any there were."""
    _put(OF_CHILDREN, values.KEPT, entries)


def put_users(entries: Iterable[tuple[int, int, PersonTraits]]) -> None:
    """Seal and keep the traits of users, each with the version of the user's row, in place of any there were."""
    _put(OF_USERS, people.KEPT, entries)


def _put(statement: str, kept: Packing[Kept], entries: Iterable[tuple[int, int, Kept]]) -> None:
    rows = list(entries)
    if not rows:
        return
    key = kept.key()
    arrays.execute(
        statement,
        (
            arrays.bigints([row for row, _version, _traits in rows]),
            arrays.integers([version for _row, version, _traits in rows]),
            arrays.strings_of_bytes(
                [kept.seal(traits, key, row=row, version=version) for row, version, traits in rows]
            ),
        ),
    )
