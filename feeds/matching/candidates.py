"""Whom rows may be about, for a block of them at once: by their numbers, by what they say, and of those of whom search
does not show all. For the worker, which alone may read every record.

A child is found by a number; by two of the tokens under which search has filed it (`said_of`, registry/search/
families.py); or from memory. In memory are all who are shielded, since search has little of them, and a row that missed
one would make an open record beside it; and those whose records are closed for a new identity (docs/adr/0042).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Q

from database import arrays
from encryption.errors import KeyMissingError
from feeds.matching.ahead import SHARING, Ahead, question, tokens_of
from feeds.matching.comparing import Held, numbers_of
from feeds.matching.remembered import Remembered, of_summary
from feeds.rows import Row
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Shield
from registry.rules.numbers import number_fingerprint
from registry.search import index
from registry.search.summaries import open_summary
from registry.selectors.severed import Severed
from registry.traits.rebuilding import details_of
from registry.values import Address, SummaryName
from registry.vocabulary import NameKind

Found = dict[int, set[int]]  # by the place of a row, whom it may be about
# Some at once: their values are sealed apart, and a list of ids has to be sent.
READ_AT_ONCE = 5000


def by_number(rows: Sequence[Row]) -> Found:
    """Children who have a row's number, closed records among them."""
    wanted: dict[bytes, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for kind, number in numbers_of(row):
            wanted[number_fingerprint(kind, number)].append(place)
    found: Found = defaultdict(set)
    known = ChildNumber.objects.filter(fingerprint__in=list(wanted))
    # A record that lies under another is that one's: what is said of the child is said there (docs/adr/0048).
    for fingerprint, child_id, stays in known.values_list("fingerprint", "child_id", "child__merged_into"):
        for place in wanted[bytes(fingerprint)]:
            found[place].add(stays or child_id)
    return found


def by_what_is_said(rows: Mapping[int, Row], ahead: Ahead | None = None) -> Found:
    """Children who are filed under two of the tokens that a row would be filed under, and hardly anybody by chance.

    Of those that were asked `ahead` it has the answer.
    """
    epoch = index.serving()
    known = ahead.answered(list(rows.values()), epoch) if ahead else {}
    found: Found = defaultdict(set)
    found |= {place: known[row.place] for place, row in rows.items() if row.place in known}
    left = {place: row for place, row in rows.items() if place not in found}
    if left:
        for place, child_id in arrays.execute(SHARING, question(tokens_of(left, epoch), epoch)):
            found[place].add(child_id)
    return found


def read(children: Iterable[int]) -> dict[int, Held]:
    """What is held of these children, but for their guardians: of whom nothing is hidden, by their summaries."""
    held: dict[int, Held] = {}
    hidden = list[int]()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, row_version, summary, severed OR archived FROM registry_child WHERE id = ANY (%s)",
            [list(children)],
        )
        stored = cursor.fetchall()
    for child_id, version, sealed, closed in stored:
        with suppress(KeyMissingError):  # of a record that is destroyed tonight
            summary = open_summary(bytes(sealed), child_id=child_id, version=version)
            if closed or summary.shielded:
                hidden.append(child_id)
            else:
                held[child_id] = of_summary(child_id, summary)
    return held | read_whole(hidden)


def read_whole(children: Sequence[int]) -> dict[int, Held]:
    """What is held of these children, whatever is hidden of them, but for their guardians."""
    held: dict[int, Held] = {}
    for start in range(0, len(children), READ_AT_ONCE):
        held |= _read_some(list(children[start : start + READ_AT_ONCE]))
    return held


def with_guardians(held: Iterable[Held]) -> dict[int, Held]:
    """The same children with those who answer for them."""
    by_id = {each.child_id: each for each in held}
    known = details_of(Guardian, list(by_id))
    return {
        child_id: replace(each, guardians=tuple((one.given, one.family) for one in known[child_id]))
        for child_id, each in by_id.items()
    }


class Hidden:
    """All children who are shielded or whose record is closed: whom search shows little of, or nothing.

    It opens their names, addresses and numbers, of some 55,000 in England: once for a batch, and not to be kept longer.
    """

    def __init__(self) -> None:
        self._severed = Severed()
        self._severed_known = _severed()
        self._held: dict[int, Held] = {}
        self._remembered = Remembered()
        self.refresh()

    def refresh(self) -> None:
        """Take in whoever was shielded or closed meanwhile. Such a child is out of search before it is filed anew."""
        if (severed := _severed()) != self._severed_known:
            self._severed, self._severed_known = Severed(), severed
        shielded = Shield.objects.filter(Q(ended_on=None) | Q(filed_at=None))
        known = {stays or child_id for child_id, stays in shielded.values_list("child_id", "child__merged_into")}
        new = sorted(known - self._held.keys())
        for child_id, held in read_whole(new).items():
            self._held[child_id] = replace(held, shielded=True)
            self._remembered.add(self._held[child_id])

    def __contains__(self, child_id: int) -> bool:
        return child_id in self._held

    def __getitem__(self, child_id: int) -> Held:
        return self._held[child_id]

    def shielded_like(self, row: Row) -> dict[int, Held]:
        """Shielded children who may be the row's."""
        return self._remembered.like(row)

    def severed_like(self, row: Row) -> list[int]:
        """Records that are closed for a new identity and may be the row's (registry/selectors/severed.py)."""
        given, family = row.name.given, row.name.family
        return self._severed.like(
            date_of_birth=row.date_of_birth, given=given, family=family, numbers=list(numbers_of(row))
        )


def _read_some(children: list[int]) -> dict[int, Held]:
    """With what records say that lie under theirs: search leads by it, too, to who is not hidden."""
    of = {child_id: child_id for child_id in children}
    below = Child.objects.filter(merged_into__in=children).values_list("pk", "merged_into")
    of |= {child_id: stays for child_id, stays in below if stays is not None}
    names, known = _by_kind(ChildName, of), _by_kind(ChildNumber, of)
    addresses = details_of(ChildAddress, children, present=True)
    held: dict[int, Held] = {}
    for child in Child.objects.filter(pk__in=children):
        with suppress(KeyMissingError):  # as above
            postcode, lines = _home(addresses[child.pk])
            held[child.pk] = Held(
                child_id=child.pk,
                names=tuple(SummaryName(NameKind(kind), each.given, each.family) for kind, each in names[child.pk]),
                date_of_birth=child.date_of_birth.open(),
                gender=child.gender.open(),
                postcode=postcode,
                lines=lines,
                numbers=frozenset((kind, each.value) for kind, each in known[child.pk]),
                severed=child.severed,
                archived=child.archived,
            )
    shields = Shield.objects.filter(child__in=list(of), ended_on=None)
    shielded = {of[child_id] for child_id in shields.values_list("child_id", flat=True)}
    return {child_id: replace(each, shielded=child_id in shielded) for child_id, each in held.items()}


def _by_kind(model: Any, of: Mapping[int, int]) -> dict[int, list[tuple[str, Any]]]:
    """What the rows of each child say, beside the kind that stands with it: by record, whose child it is."""
    found: dict[int, list[tuple[str, Any]]] = defaultdict(list)
    for row in model.objects.filter(child__in=list(of)).order_by("pk"):
        with suppress(KeyMissingError):
            found[of[row.child_id]].append((row.kind, row.details.open()))
    return found


def _home(addresses: Sequence[Address]) -> tuple[str, str]:
    postal = next((each.postal for each in addresses if each.postal), None)
    return (postal.postcode, ", ".join(postal.lines)) if postal else ("", "")


def _severed() -> int:
    return Child.objects.filter(severed=True).count()
