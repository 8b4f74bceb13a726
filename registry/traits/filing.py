"""Traits beside the records that they are made of, and beside the users whom they are compared with."""

from collections.abc import Iterable
from typing import TypeVar

from access.people import traits as people
from access.people.traits import PersonTraits
from database import arrays
from encryption.packing import Packing
from registry.traits import values
from registry.traits.values import ChildTraits

Kept = TypeVar("Kept")
OF_CHILDREN = """
    INSERT INTO registry_childtraits (child_id, row_version, traits)
    SELECT * FROM unnest(%b::bigint[], %b::integer[], %b::bytea[])
    ON CONFLICT (child_id) DO UPDATE SET row_version = excluded.row_version, traits = excluded.traits
"""
OF_USERS = """
    INSERT INTO access_usertraits (user_id, row_version, homes_told, traits)
    SELECT * FROM unnest(%b::bigint[], %b::integer[], %b::integer[], %b::bytea[])
    ON CONFLICT (user_id) DO UPDATE
        SET row_version = excluded.row_version, homes_told = excluded.homes_told, traits = excluded.traits
"""


def put(entries: Iterable[tuple[int, int, ChildTraits]]) -> None:
    """Seal and keep the traits of children, each with the version of the child's row, in place of any there were."""
    rows = list(entries)
    if rows:
        ids, versions, traits = zip(*rows, strict=True)
        sealed = _sealed(values.KEPT, ids, versions, traits)
        arrays.execute(OF_CHILDREN, (arrays.bigints(ids), arrays.integers(versions), sealed))


def put_users(entries: Iterable[tuple[int, int, int, PersonTraits]]) -> None:
    """As `put`, of users: each with the version of the user's row, and how many homes they had told."""
    rows = list(entries)
    if rows:
        ids, versions, homes, traits = zip(*rows, strict=True)
        sealed = _sealed(people.KEPT, ids, versions, traits)
        arrays.execute(OF_USERS, (arrays.bigints(ids), arrays.integers(versions), arrays.integers(homes), sealed))


def _sealed(kept: Packing[Kept], ids: Iterable[int], versions: Iterable[int], traits: Iterable[Kept]) -> arrays.Packed:
    key = kept.key()
    return arrays.strings_of_bytes(
        [
            kept.seal(each, key, row=row, version=version)
            for row, version, each in zip(ids, versions, traits, strict=True)
        ]
    )
