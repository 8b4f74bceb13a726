"""Traits of all children whose are missing or out of date: on all cores, in blocks of ids. Run again, it goes on.

An involvement that is recorded, ended or withdrawn later is not among them, since whoever records it has no key for
traits: the examiner takes those from the events. `all_of_them` makes every child's anew, also with what came since.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import connection, transaction

from registry.models import Child, ChildAddress, ChildName, Guardian, Involvement
from registry.processes import spread
from registry.traits.filing import put
from registry.traits.making import traits_of
from registry.traits.values import ChildTraits

IDS_IN_A_BLOCK = 1000
# Locked as they are read: a child that is changed meanwhile waits, and its traits are out of date and made once more.
CHILDREN = """
    SELECT child.id, child.row_version, child.date_of_birth FROM registry_child AS child
    LEFT JOIN registry_childtraits AS traits ON traits.child_id = child.id
    WHERE child.id >= %s AND child.id < %s AND NOT (child.severed OR child.archived)
        AND child.merged_into_id IS NULL AND (%s OR traits.child_id IS NULL OR traits.row_version <> child.row_version)
    ORDER BY child.id FOR SHARE OF child
"""


def make_all(*, processes: int, all_of_them: bool = False) -> Iterator[tuple[int, int, int]]:
    """Make what is missing. Yields, as blocks are done: ids looked at, the ids there are, and how many were made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM registry_child")
        (last,) = cursor.fetchone()
    blocks = [range(first, min(first + IDS_IN_A_BLOCK, last + 1)) for first in range(1, last + 1, IDS_IN_A_BLOCK)]
    looked_at = made = 0
    for block, count in spread(partial(make_block, all_of_them=all_of_them), blocks, processes=processes):
        looked_at += len(block)
        made += count
        yield looked_at, last, made


def make_block(block: range, *, all_of_them: bool = False) -> int:
    """Make the traits of the children with these ids. Returns how many were made."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(CHILDREN, [block.start, block.stop, all_of_them])
            children = [(child_id, version, bytes(born)) for child_id, version, born in cursor.fetchall()]
        put((child_id, version, traits) for child_id, version, traits in _made(children))
    return len(children)


def _made(children: list[tuple[int, int, bytes]]) -> Iterator[tuple[int, int, ChildTraits]]:
    """Of each child's record, with what those say that lie under it: whoever opens the one sees it all."""
    ids = [child_id for child_id, _version, _born in children]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, merged_into_id FROM registry_child WHERE merged_into_id = ANY (%s)", [ids])
        under = dict(cursor.fetchall())
    names, addresses, guardians, involvements = (
        details_of(model, [*ids, *under]) for model in (ChildName, ChildAddress, Guardian, Involvement)
    )
    for record, stays in under.items():
        for said in (names, addresses, guardians, involvements):
            said[stays] += said[record]
    birth = Child._meta.get_field("date_of_birth")
    for child_id, version, born in children:
        yield (
            child_id,
            version,
            traits_of(
                date_of_birth=birth.open_stored(born, row=child_id, version=version),
                names=names[child_id],
                addresses=addresses[child_id],
                guardians=guardians[child_id],
                involvements=involvements[child_id],
            ),
        )


def details_of(model: Any, ids: list[int], *, present: bool = False) -> dict[int, list[Any]]:
    """What the rows of each child say, in order: of addresses all, or the present one alone.

    An involvement that was withdrawn says nothing.
    """
    said = "withdrawal IS NULL" if model is Involvement else "present" if present else "true"
    found: dict[int, list[Any]] = defaultdict(list)
    field = model._meta.get_field("details")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT child_id, id, row_version, details FROM {model._meta.db_table}"  # noqa: S608 - names of our own
            f" WHERE child_id = ANY (%s) AND {said} ORDER BY id",
            [ids],
        )
        for child_id, row, version, stored in cursor.fetchall():
            found[child_id].append(field.open_stored(bytes(stored), row=row, version=version))
    return found
