"""What a national directory says of organisations, beside those on record: what is new, other, closed, open again.

Whatever a directory adds is not accredited and employs nobody, so that it gives nobody access to anything. Of what
people work for, a directory changes neither accreditation nor authority, and closing it shuts nobody out
(docs/adr/0055).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from access.models import Grant, Organisation, OrganisationKind, User
from feeds.models import Supplier
from feeds.readers.directories import Directory, DirectoryEntry
from feeds.rows import Fault, FeedRefusedError, Refused

# What is new is of the first; a nursery school may be on record as a nursery.
KINDS = {
    Directory.SCHOOLS: (OrganisationKind.SCHOOL, OrganisationKind.EARLY_YEARS),
    Directory.PRACTICES: (OrganisationKind.GP_PRACTICE,),
}
# How it numbers them: what somebody added under a number of their own, it cannot list.
NUMBERS = {Directory.SCHOOLS: "^[0-9]{6}$", Directory.PRACTICES: "^[A-Z0-9]{5,6}$"}
IN_A_BLOCK = 1000
MOST_LISTED = 500_000  # England has 52,000 schools and 13,000 prescribers, with those that are closed
SHOWN = 20  # of a kind, one by one; of others only how many there are
# In a directory no line is about a child.
WORDS = {
    Fault.NOT_A_RECORD: "It has more or fewer cells than there are columns",
    Fault.TWICE: "The same number stands there before",
}
AUTHORITY = "responsible_authority_id"
FIELDS = ("name", "telephone", "town", "postcode", "transfer_code", AUTHORITY, "closed_on")


class Answer(NamedTuple):
    """Which authority answers for an organisation: None where none on record does, which `words` tells."""

    authority_id: int | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for what a directory lists. `moves`: so that organisations on record go over to another one, too."""

    of: Callable[[DirectoryEntry], Answer]
    moves: bool


@dataclass(slots=True)
class Several:
    """How many there are, and the first of them by name. All are public directory facts."""

    number: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, what: str) -> None:
        self.number += 1
        if len(self.first) < SHOWN:
            self.first.append(what)


@dataclass(slots=True)
class Found:
    """What a directory says and what that changes, in numbers.

    `before`: those on record and open before, of those that it can list. Of what is not taken: `closed_before` are not
    open and were not on record; `unanswered` have no authority on record, by its name; `taken` have the number of an
    organisation of another kind. Of what stays as it is: `missing` are on record and open, and not listed; `elsewhere`
    would have another authority, and people depend on them.
    """

    before: int = 0
    listed: int = 0
    added: int = 0
    changed: int = 0
    reopened: int = 0
    closed: Several = field(default_factory=Several)
    closed_with_people: Several = field(default_factory=Several)
    closed_before: int = 0
    refused: Several = field(default_factory=Several)
    unanswered: Counter[str] = field(default_factory=Counter)
    taken: Several = field(default_factory=Several)
    missing: Several = field(default_factory=Several)
    elsewhere: Several = field(default_factory=Several)

    @property
    def changes(self) -> int:
        """How many organisations are not as they were."""
        return self.added + self.changed + self.reopened + self.closed.number


@dataclass(frozen=True, slots=True)
class Change:
    """One organisation that is not as it was: a new one, or which of its fields are other."""

    organisation: Organisation
    fields: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        return not self.fields


class Comparing:
    """Holds what a directory lists against what is on record, block by block. `found` is whole once all was read."""

    def __init__(self, directory: Directory, answering: Answering, today: date) -> None:
        self.found = Found()
        self._kinds = KINDS[directory]
        self._numbers = NUMBERS[directory]
        self._answering = answering
        self._today = today
        self._codes = set[str]()

    def blocks(self, entries: Iterable[DirectoryEntry | Refused]) -> Iterator[list[Change]]:
        """What changes, as far as it was read. Raises FeedRefusedError where what is read is no directory."""
        self.found.before = self._open_now().count()
        readable = self._readable(entries)
        while block := list(islice(readable, IN_A_BLOCK)):
            yield self._compared(block)
        for code, name in self._open_now().order_by("name").values_list("directory_code", "name").iterator():
            if code not in self._codes:
                self.found.missing.add(f"{code} {name}")

    def _readable(self, entries: Iterable[DirectoryEntry | Refused]) -> Iterator[DirectoryEntry]:
        """Those that can be read, each once."""
        for each in entries:
            if isinstance(each, Refused):
                self._refuse(each.line, each.fault, each.field)
            elif each.code in self._codes:
                self._refuse(each.line, Fault.TWICE, "code")
            else:
                self._codes.add(each.code)
                self.found.listed += 1
                yield each
            if self.found.listed + self.found.refused.number > MOST_LISTED:
                raise FeedRefusedError(Fault.TOO_LARGE, line=each.line)

    def _refuse(self, line: int, fault: Fault, name: str) -> None:
        where = f"line {line}: {fault.value}{f', {name}' if name else ''}"
        self.found.refused.add(f"{where}. {WORDS.get(fault, fault.words)}")

    def _compared(self, block: Sequence[DirectoryEntry]) -> list[Change]:
        codes = [each.code for each in block]
        known = {each.directory_code: each for each in Organisation.objects.filter(directory_code__in=codes)}
        used = in_use([each.pk for each in known.values()])
        changes = (
            self._change(each, found, is_used=found.pk in used) if (found := known.get(each.code)) else self._new(each)
            for each in block
        )
        return [each for each in changes if each is not None]

    def _new(self, entry: DirectoryEntry) -> Change | None:
        if not entry.is_open:
            self.found.closed_before += 1
            return None
        answer = self._answering.of(entry)
        if answer.authority_id is None:
            self.found.unanswered[answer.words] += 1
            return None
        self.found.added += 1
        made = Organisation(
            kind=self._kinds[0],
            directory_code=entry.code,
            name=entry.name,
            telephone=entry.telephone,
            town=entry.town,
            postcode=entry.postcode,
            transfer_code=entry.other_code,
            responsible_authority_id=answer.authority_id,
            accredited_until=None,
            closed_on=None,
        )
        return Change(made, ())

    def _change(self, entry: DirectoryEntry, known: Organisation, *, is_used: bool) -> Change | None:
        if known.kind not in self._kinds:
            self.found.taken.add(f"{entry.code} {known.name}")
            return None
        was_closed = known.closed_on is not None
        now = self._said(entry, known) | self._authority(entry, known, is_used=is_used)
        fields = tuple(name for name in FIELDS if name in now and now[name] != getattr(known, name))
        if not fields:
            return None
        for name in fields:
            setattr(known, name, now[name])
        is_closed = known.closed_on is not None
        if is_closed and not was_closed:
            self.found.closed.add(f"{known.directory_code} {known.name}")
            if is_used:
                self.found.closed_with_people.add(f"{known.directory_code} {known.name}")
        elif was_closed and not is_closed:
            self.found.reopened += 1
        else:
            self.found.changed += 1
        return Change(known, fields)

    def _said(self, entry: DirectoryEntry, known: Organisation) -> dict[str, object]:
        """What the directory says of it. What it leaves out stays; so does a name that it writes in capitals only."""
        said: dict[str, object] = {
            "telephone": entry.telephone or known.telephone,
            "town": entry.town or known.town,
            "postcode": entry.postcode or known.postcode,
            "transfer_code": entry.other_code or known.transfer_code,
            "name": known.name if entry.name.casefold() == known.name.casefold() else entry.name,
            "closed_on": None,
        }
        if not entry.is_open:
            # A day that is still to come is no day on which it closed.
            day = entry.closed_on if entry.closed_on and entry.closed_on <= self._today else None
            said["closed_on"] = day or known.closed_on or self._today
        return said

    def _authority(self, entry: DirectoryEntry, known: Organisation, *, is_used: bool) -> dict[str, object]:
        """Another authority, where the directory says so: but not of one on which people depend, who decide that."""
        answer = self._answering.of(entry) if self._answering.moves else Answer(None)
        if answer.authority_id in (None, known.responsible_authority_id):
            return {}
        if is_used:
            self.found.elsewhere.add(f"{known.directory_code} {known.name}")
            return {}
        return {AUTHORITY: answer.authority_id}

    def _open_now(self) -> QuerySet[Organisation]:
        own = Organisation.objects.filter(kind=self._kinds[0], directory_code__regex=self._numbers)
        return own.filter(closed_on=None)


def in_use(ids: Sequence[int]) -> set[int]:
    """Those that were ever accredited, and those on which a person or a feed of ours depends."""
    of = {"organisation__in": ids}
    rows = (
        Organisation.objects.filter(pk__in=ids, accredited_until__isnull=False).values_list("pk", flat=True),
        User.objects.filter(**of).values_list("organisation", flat=True),
        Supplier.objects.filter(**of).values_list("organisation", flat=True),
        Grant.objects.filter(content_object__in=ids).values_list("content_object", flat=True),
    )
    return {pk for found in rows for pk in found}
