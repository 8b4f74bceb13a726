"""A national directory taken in: looked at to its end first, and then all of what it changes, or nothing."""

from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

from django.db import transaction

from access.models import Organisation
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from database.locks import only_one
from feeds.readers.directories import READERS, Directory
from feeds.readers.packed import unpacked
from feeds.worker.listed import AUTHORITY, FIELDS, Answering, Change, Comparing, Found, in_use

PROCESS = "directories"
LOCK = 0x6C6973746564  # a number of our own
MOST_CLOSING = 0.02  # of those on record and open: more at once is the sign of a wrong file
MOST_MISSING = 0.1  # of those on record and open: more is the sign of half a file, or of another one
MOST_REFUSED = 0.1  # of the lines


class DirectoryRefusedError(Exception):
    """Nothing of it is taken in. Its text says why."""


def look(directory: Directory, stream: BinaryIO, answering: Answering, today: date) -> Found:
    """What it would change; nothing is. Raises FeedRefusedError where it is no such directory, or ends too early."""
    comparing = Comparing(directory, answering, today)
    for _ in comparing.blocks(READERS[directory](unpacked(stream))):
        pass
    return comparing.found


def check(found: Found, *, may_close: int = 0, may_miss: int = 0) -> None:
    """Raise DirectoryRefusedError where it would change more than is usual, and than somebody said it may."""
    lines = found.listed + found.refused.number
    if not lines:
        raise DirectoryRefusedError("There is nothing in it.")
    if found.refused.number > MOST_REFUSED * lines:
        raise DirectoryRefusedError(
            f"{found.refused.number:,} of {lines:,} lines cannot be read. This is not the directory, or not all of it."
        )
    closing, missing = found.closed.number, found.missing.number
    if closing > max(may_close, MOST_CLOSING * found.before):
        raise DirectoryRefusedError(
            f"{closing:,} of {found.before:,} that are open here would close at once, which is unusual. "
            f"Look whether it is the right file. If it is, say so with --yes-close {closing}."
        )
    if missing > max(may_miss, MOST_MISSING * found.before):
        raise DirectoryRefusedError(
            f"{missing:,} of {found.before:,} that are open here are not in the file, which is unusual. "
            f"Look whether all of it came. If it did, say so with --yes-missing {missing}."
        )


def take_in(
    directory: Directory,
    stream: BinaryIO,
    answering: Answering,
    today: date,
    *,
    digest: str,
    may_close: int = 0,
    may_miss: int = 0,
) -> Found:
    """Do it, in one transaction that only writes: as long as it takes the log is not sealed.

    What was looked at before is looked at again: somebody may have been here since.

    Where something changed, one event tells how many did, and which file says so; each organisation that people of ours
    depend on has one of its own. Raises DirectoryRefusedError, FeedRefusedError.
    """
    with only_one(LOCK) as is_ours:
        if not is_ours:
            raise DirectoryRefusedError("Another directory is being taken in at this moment.")
        comparing = Comparing(directory, answering, today)
        blocks = list(comparing.blocks(READERS[directory](unpacked(stream))))
        found = comparing.found
        check(found, may_close=may_close, may_miss=may_miss)
        with transaction.atomic():
            for changes in blocks:
                _write(changes)
            if found.changes:
                record(
                    EventKind.DIRECTORY_TAKEN_IN, About(fields=_told(directory, found, digest)), actor=Process(PROCESS)
                )
    return found


def _write(changes: Sequence[Change]) -> None:
    """Of what is there the fields that are other, and nothing else: somebody may have changed the rest since."""
    Organisation.objects.bulk_create([each.organisation for each in changes if each.is_new])
    ids = [each.organisation.pk for each in changes if not each.is_new]
    rows = {one.pk: one for one in Organisation.objects.select_for_update(no_key=True).filter(pk__in=ids)}
    used = in_use(ids)
    for each in changes:
        if (row := rows.get(each.organisation.pk)) is not None:
            fields = [name for name in each.fields if name != AUTHORITY or row.pk not in used]
            for name in fields:
                setattr(row, name, getattr(each.organisation, name))
            if fields and row.pk in used:
                _record(row, fields)
    # By the rows that are there: what Django's own update of many puts together takes ten times as long.
    Organisation.objects.bulk_create(rows.values(), update_conflicts=True, unique_fields=["id"], update_fields=FIELDS)


def _record(one: Organisation, fields: Sequence[str]) -> None:
    """What became of one on which people depend, for the auditors of its authority."""
    actor = Process(PROCESS, organisation_id=one.pk, authority_id=one.authority_id)
    record(EventKind.ORGANISATION_CHANGED, About(fields=[str(one.pk), *fields]), actor=actor)


def _told(directory: Directory, found: Found, digest: str) -> list[str]:
    numbers = {
        "added": found.added,
        "changed": found.changed,
        "closed": found.closed.number,
        "reopened": found.reopened,
    }
    return [directory.value, *(f"{what}.{number}" for what, number in numbers.items()), f"sha256.{digest}"]
