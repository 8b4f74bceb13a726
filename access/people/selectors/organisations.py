"""Finding organisations by what somebody types of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anyascii import anyascii
from django.db.models import QuerySet

from access.models import Organisation
from access.models.organisation import where_it_is
from pages.typed import plain

NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Fitting:
    """An organisation that fits, with what tells it from others of its name."""

    pk: int
    name: str
    kind: str
    town: str
    postcode: str
    directory_code: str

    @property
    def where(self) -> str:
        """Its town and postcode, as far as they are known."""
        return where_it_is(self.town, self.postcode)


def organisations_that_fit(reach: QuerySet[Organisation], typed: str) -> list[Fitting]:
    """Those of the organisations whose number is `typed`, or else whose name is, or else who have each word of it.

    A word is a part of the name, town, postcode or number. The best come first: the name begins with what was typed,
    then a word of it does. Compared here: whatever was typed into the box, a child's name by mistake, must not reach
    the database's log.
    """
    wanted = _plain(typed)
    words = [_plain(word) for word in typed.split()]  # ey-40 is one, though it has two parts
    if not wanted:
        return []
    fitting = [one for one in _fitting(reach) if _has_all(words, one)]
    for told in (_code, _name, _name_and_code):
        if exactly := [one for one in fitting if told(one) == wanted]:
            return exactly
    return sorted(fitting, key=lambda one: (_rank(_name(one), wanted), _name(one), one.pk))


def organisations_known(reach: QuerySet[Organisation], ids: Sequence[int]) -> list[Fitting]:
    """Those of the organisations that have these ids, in the order of the ids."""
    found = {one.pk: one for one in _fitting(reach.filter(pk__in=ids))}
    return [found[each] for each in ids if each in found]


def _fitting(organisations: QuerySet[Organisation]) -> Iterator[Fitting]:
    rows = organisations.order_by().values_list("pk", "name", "kind", "town", "postcode", "directory_code")
    return (Fitting(*row) for row in rows)


def _has_all(words: list[str], one: Fitting) -> bool:
    numbers = f"{one.postcode} {_joined(one.postcode)} {one.directory_code} {_joined(one.directory_code)}"
    told = _plain(f"{one.name} {one.town} {numbers}")
    return all(word in told for word in words)


def _code(one: Fitting) -> str:
    return _plain(one.directory_code)


def _name(one: Fitting) -> str:
    return _plain(one.name)


def _name_and_code(one: Fitting) -> str:
    return _plain(f"{one.name} {one.directory_code}")


def _rank(name: str, wanted: str) -> int:
    return 0 if name.startswith(wanted) else 1 if f" {wanted}" in name else 2


def _joined(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _plain(text: str) -> str:
    """The text in small English letters and digits, single spaces between its words, no apostrophes."""
    typed = plain(text)
    letters = typed if typed.isascii() else anyascii(typed)
    return NOT_A_WORD.sub(" ", letters.lower().replace("'", "")).strip()
