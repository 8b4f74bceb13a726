"""Rows as what is held of a child, and children kept in memory, who are found by a row with a mistake in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from feeds.matching.comparing import Held, numbers_of
from feeds.rows import Row
from registry.rules import numbers
from registry.rules.numbers import OWN
from registry.search import births, normalise, phonetics
from registry.search.summaries import LONGEST_LINES
from registry.values import Summary, SummaryName
from registry.vocabulary import NameKind


class Remembered:
    """Children in memory, by the day of their birth and how their names sound."""

    def __init__(self) -> None:
        self._born: dict[date, list[Held]] = defaultdict(list)
        self._by_sound: dict[str, dict[date, list[Held]]] = defaultdict(lambda: defaultdict(list))
        self._by_names: dict[tuple[str, str], list[Held]] = defaultdict(list)
        self._by_number: dict[tuple[str, str], list[Held]] = defaultdict(list)

    def add(self, held: Held) -> None:
        born = held.date_of_birth
        self._born[born].append(held)
        for sound in _sounds(held.names):
            self._by_sound[sound][born].append(held)
        for pair in _pairs(held.names):
            self._by_names[pair].append(held)
        for number in held.numbers:
            self._by_number[number].append(held)

    def like(self, row: Row) -> dict[int, Held]:
        """Who was born on that day; on one that may be meant, with a name that sounds so; or has both names so; or a
        number."""
        born, names = row.date_of_birth, tuple(names_of(row))
        sounds = _sounds(names)
        found = list(self._born.get(born, ()))
        for sound in sounds & self._by_sound.keys():
            by_day = self._by_sound[sound]
            for day in by_day.keys() & births.days_meant(born):
                found += by_day[day]
            for day in by_day if births.is_made_up(born) else ():
                found += by_day[day] if day.year == born.year else ()
        for pair in _pairs(names):
            found += self._by_names.get(pair, ())
        for number in numbers_of(row):
            found += self._by_number.get(number, ())
        return {each.child_id: each for each in found}


def names_of(row: Row) -> Iterator[SummaryName]:
    """All names of a row, the legal one first."""
    kinds = ((NameKind.LEGAL, (row.name,)), (NameKind.KNOWN_AS, row.known_as), (NameKind.FORMER, row.former))
    return (SummaryName(kind, each.given, each.family) for kind, names in kinds for each in names)


def as_summary(row: Row) -> Summary:
    """The row as search would have it of a child who is not shielded."""
    postal = row.postal
    return Summary(
        names=tuple(names_of(row)),
        date_of_birth=row.date_of_birth,
        gender=row.gender,
        number="",
        town=postal.town if postal else "",
        postcode=postal.postcode if postal else "",
        numbers=tuple(number for _kind, number in numbers_of(row)),
        shielded=False,
        lines=", ".join(postal.lines)[:LONGEST_LINES] if postal else "",
    )


def as_held(row: Row, place: int) -> Held:
    """The row as a record that another row is held against, under its place."""
    guardians = tuple((each.given, each.family) for each in row.guardians)
    return of_summary(place, as_summary(row), guardians)


def of_summary(child_id: int, summary: Summary, guardians: tuple[tuple[str, str], ...] = ()) -> Held:
    """What is held of a child of whom nothing is hidden."""
    return Held(
        child_id=child_id,
        names=summary.names,
        date_of_birth=summary.date_of_birth,
        gender=summary.gender,
        postcode=summary.postcode,
        lines=summary.lines,
        numbers=frozenset((numbers.kind(each), each) for each in summary.numbers if numbers.kind(each) != OWN),
        guardians=guardians,
    )


def _sounds(names: Iterable[SummaryName]) -> set[str]:
    """How the words of the names sound."""
    texts = {text for name in names for text in (name.given, name.family)}
    words = {word for text in texts for word in (*normalise.name_parts(text), normalise.whole_name(text))}
    return {phonetics.sound(word) for word in words if word}


def _pairs(names: Iterable[SummaryName]) -> Iterator[tuple[str, str]]:
    for name in names:
        given, family = normalise.name_parts(name.given)[:1], normalise.whole_name(name.family)
        if given and family:
            yield phonetics.sound(given[0]), phonetics.sound(family)
