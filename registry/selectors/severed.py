"""Records that are closed for a new identity, to whoever takes in what others send. For the worker, which sees them.

A row that still carries the old identity must find something, or it would make a second, open record of the child. What
it finds is closed: so it goes to a person, and never to the new record, which nothing here leads to.

Whoever matches rows to children asks `is_severed` of each match, and `Severed.like` of each row that matches nobody:
search does not lead to a closed record any more (docs/adr/0042).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from registry.models import Child, ChildName, ChildNumber
from registry.rules.numbers import number_fingerprint
from registry.search.normalise import name_parts


def is_severed(child_id: int) -> bool:
    """Whether the record is closed: what was matched with it is held for a person, and changes nothing."""
    return Child.objects.filter(pk=child_id, severed=True).exists()


class Severed:
    """All closed records, as they stand when it is made: once for a batch of rows."""

    def __init__(self) -> None:
        self._born: dict[date, list[int]] = defaultdict(list)
        children = Child.objects.filter(severed=True).only("date_of_birth", "row_version", "number_fingerprint")
        self._numbers: dict[bytes, int] = {}
        for child in children:
            self._born[child.date_of_birth.open()].append(child.pk)
            self._numbers[bytes(child.number_fingerprint)] = child.pk
        numbers = ChildNumber.objects.filter(child__severed=True).values_list("fingerprint", "child_id")
        self._numbers.update((bytes(fingerprint), child_id) for fingerprint, child_id in numbers)

    def like(
        self,
        *,
        date_of_birth: date | None,
        given: str,
        family: str,
        numbers: Iterable[tuple[str, str]] = (),
    ) -> list[int]:
        """The closed records that a row may be about: by a number, as (kind, value), or by birth and both names.

        By a part of the given and a part of the family name, of any name that the child had. Never by the given name
        alone, which a child keeps: that would say of a row under the new name whose it was.
        """
        found = {
            self._numbers[key]
            for key in (number_fingerprint(kind, value) for kind, value in numbers)
            if key in self._numbers
        }
        for child_id in self._born.get(date_of_birth, ()) if date_of_birth else ():
            if any(_alike(given, family, row) for row in ChildName.objects.filter(child=child_id)):
                found.add(child_id)
        return sorted(found)


def _alike(given: str, family: str, row: ChildName) -> bool:
    name = row.details.open()
    return bool(
        set(name_parts(given)) & set(name_parts(name.given)) and set(name_parts(family)) & set(name_parts(name.family))
    )
