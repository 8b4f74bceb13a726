"""Forenames and surnames in England's mix, by origin. data/README.md says where the lists come from."""

import re
from dataclasses import dataclass
from functools import cache
from random import Random

from registry.demonstration import files
from registry.demonstration.draw import Weighted, chance, choose
from registry.demonstration.shapes import Origin
from registry.vocabulary import Gender

ADULT = "adult"
SECOND = "second"

# How likely each origin is for a household: the school census of England by ethnic group, divided by name.
ORIGINS = Weighted(
    {
        Origin.ENGLISH: 56, Origin.IRISH: 5.5, Origin.WELSH: 3.5, Origin.SCOTTISH: 3.5,
        Origin.MUSLIM_SOUTH_ASIAN: 9, Origin.SIKH: 1.6, Origin.HINDU: 2.4, Origin.TAMIL: 0.5,
        Origin.ARABIC: 2, Origin.IRANIAN_AFGHAN: 0.9, Origin.TURKISH: 0.8, Origin.SOMALI: 1.1,
        Origin.NIGERIAN: 1.9, Origin.GHANAIAN: 1.2, Origin.CARIBBEAN: 1.3,
        Origin.CHINESE: 1.1, Origin.VIETNAMESE: 0.3, Origin.POLISH: 2.2, Origin.ROMANIAN: 1.4,
        Origin.EASTERN_EUROPEAN: 1.2, Origin.PORTUGUESE: 0.8, Origin.SPANISH: 0.7, Origin.ITALIAN: 0.6,
        Origin.GREEK: 0.4, Origin.JEWISH: 0.6, Origin.WESTERN_EUROPEAN: 0.7,
    }.items()
)  # fmt: skip

# Which lists of forenames an origin draws on, with shares; an origin not named draws on its own list alone.
_TRADITIONS: dict[Origin, dict[str, float]] = {
    Origin.ENGLISH: {"general": 99, "caribbean": 0.5, "world": 0.5},
    Origin.IRISH: {"general": 68, "irish": 32},
    Origin.WELSH: {"general": 72, "welsh": 28},
    Origin.SCOTTISH: {"general": 78, "scottish": 22},
    Origin.MUSLIM_SOUTH_ASIAN: {"muslim_south_asian": 99, "arabic": 1},
    Origin.SIKH: {"sikh": 88, "hindu": 7, "general": 5},
    Origin.HINDU: {"hindu": 87, "general": 13},
    Origin.ARABIC: {"arabic": 80, "muslim_south_asian": 20},
    Origin.IRANIAN_AFGHAN: {"iranian_afghan": 75, "muslim_south_asian": 25},
    Origin.TURKISH: {"turkish": 90, "general": 10},
    Origin.SOMALI: {"somali": 92, "muslim_south_asian": 8},
    Origin.NIGERIAN: {"nigerian": 65, "general": 35},
    Origin.GHANAIAN: {"ghanaian": 50, "general": 50},
    Origin.CARIBBEAN: {"caribbean": 30, "general": 66, "world": 4},
    Origin.CHINESE: {"chinese": 75, "general": 25},
    Origin.VIETNAMESE: {"vietnamese": 70, "general": 30},
    Origin.POLISH: {"polish": 88, "general": 12},
    Origin.ROMANIAN: {"romanian": 88, "general": 12},
    Origin.PORTUGUESE: {"portuguese": 90, "general": 10},
    Origin.SPANISH: {"spanish": 90, "general": 10},
    Origin.ITALIAN: {"italian": 75, "general": 25},
    Origin.GREEK: {"greek": 75, "general": 25},
    Origin.JEWISH: {"jewish": 60, "general": 40},
    Origin.WESTERN_EUROPEAN: {"western_european": 65, "general": 35},
}
BRITISH = frozenset({Origin.ENGLISH, Origin.IRISH, Origin.WELSH, Origin.SCOTTISH, Origin.CARIBBEAN})
_ACCENTED = {
    "Zoe": "Zoë", "Chloe": "Chloé", "Sian": "Siân", "Renee": "Renée", "Esme": "Esmé", "Anais": "Anaïs",
    "Eloise": "Éloïse", "Noel": "Noël", "Aimee": "Aimée", "Elodie": "Élodie", "Sade": "Sadé",
}  # fmt: skip
_FEMININE = (
    (re.compile("ski$"), "ska"), (re.compile("cki$"), "cka"), (re.compile("dzki$"), "dzka"),
    (re.compile("(ov|ev)$"), r"\1a"), (re.compile("ý$"), "á"), (re.compile("auskas$"), "auskaitė"),
    (re.compile("evičius$"), "evičiūtė"), (re.compile("iņš$"), "iņa"), (re.compile("opoulos$"), "opoulou"),
)  # fmt: skip
WOMENS_SURNAMES = ("Begum", "Bibi", "Khatun", "Akhtar", "Parveen", "Kausar", "Sultana", "Khanom")


@dataclass(frozen=True, slots=True)
class FamilyName:
    """A surname with what decides how daughters and sons bear it."""

    text: str
    origin: Origin
    gendered: bool

    def borne_by(self, gender: Gender) -> str:
        if self.origin is Origin.SIKH and self.text in {"Singh", "Kaur"}:
            return "Kaur" if gender is Gender.FEMALE else "Singh"
        if self.gendered and gender is Gender.FEMALE:
            return feminine(self.text)
        return self.text


def feminine(surname: str) -> str:
    """The form a woman bears: Kowalska of Kowalski, Ivanova of Ivanov; else the surname itself."""
    for ending, form in _FEMININE:
        if ending.search(surname):
            return ending.sub(form, surname)
    return surname


class Tail:
    """Surnames made of real parts: rare each, many together, as England's are."""

    __slots__ = ("_ends", "_starts", "share")

    def __init__(self, share: float, starts: list[str], ends: list[str]) -> None:
        self.share = share
        self._starts = tuple(starts)
        self._ends = tuple(ends)

    def pick(self, random: Random) -> str:
        start, end = choose(random, self._starts), choose(random, self._ends)
        if start.strip() == end or start[-1].lower() == end[0]:
            return self.pick(random)
        return start + end


def traditions_of_adults(origin: Origin) -> dict[str, float]:
    """Which lists of forenames adults of an origin have theirs from, with shares (`NameBook.adult_forename`)."""
    if origin in BRITISH:
        return {ADULT: 1.0}
    mixture = _TRADITIONS.get(origin, {origin.value: 1})
    return {tradition: share / sum(mixture.values()) for tradition, share in mixture.items()}


class NameBook:
    """All names there are to draw. Made once by `name_book()`."""

    __slots__ = ("_forenames", "_mixtures", "_spellings", "_surnames", "_tails", "short_forms")

    def __init__(self) -> None:
        by_list: dict[tuple[str, Gender], list[tuple[str, float]]] = {}
        for row in files.rows("forenames.csv"):
            gender = Gender.FEMALE if row["sex"] == "F" else Gender.MALE
            by_list.setdefault((row["tradition"], gender), []).append((row["forename"], float(row["weight"])))
        self._forenames = {key: Weighted(pairs) for key, pairs in by_list.items()}
        by_origin: dict[str, list[tuple[str, float]]] = {}
        for row in files.rows("surnames.csv"):
            by_origin.setdefault(row["origin"], []).append((row["surname"], float(row["weight"])))
        self._surnames = {Origin(origin): Weighted(pairs) for origin, pairs in by_origin.items()}
        parts = files.document("surname_parts.json")
        self._tails = {Origin(key): Tail(part["share"], part["starts"], part["ends"]) for key, part in parts.items()}
        self._mixtures = {origin: Weighted(_TRADITIONS.get(origin, {origin.value: 1}).items()) for origin in Origin}
        self._spellings = {
            name: tuple(other for other in group if other != name)
            for group in (row["spellings"].split() for row in files.rows("spellings.csv"))
            for name in group
        }
        self.short_forms = {row["forename"]: tuple(row["short_forms"].split()) for row in files.rows("short_forms.csv")}

    def spellings(self, name: str) -> tuple[str, ...]:
        """Other ways in which the same name is written; none for most names."""
        return self._spellings.get(name, ())

    def forename(self, random: Random, origin: Origin, gender: Gender) -> str:
        tradition = self._mixtures[origin].pick(random)
        name = self._forenames[tradition, gender].pick(random)
        if name in _ACCENTED and chance(random, 0.15):
            return _ACCENTED[name]
        return name

    def adult_forename(self, random: Random, origin: Origin, gender: Gender) -> str:
        """A name for a parent or practitioner: the British ones were named a generation ago."""
        if origin in BRITISH:
            return self._forenames[ADULT, gender].pick(random)
        return self.forename(random, origin, gender)

    def given(self, random: Random, origin: Origin, gender: Gender) -> str:
        """A child's forenames, one to three."""
        first = self.forename(random, origin, gender)
        if origin is Origin.MUSLIM_SOUTH_ASIAN and gender is Gender.MALE and chance(random, 0.12):
            leading = choose(random, ("Muhammad", "Mohammed", "Mohammad", "Syed", "Abdul"))
            return first if first.startswith(leading[:2]) else f"{leading} {first}"
        further = self._further(random, origin, gender)
        return " ".join(dict.fromkeys([first, *further]))

    def _further(self, random: Random, origin: Origin, gender: Gender) -> list[str]:
        british = origin in BRITISH
        if not chance(random, 0.72 if british else 0.3):
            return []
        names = [self._second(random, origin, gender) for _ in range(2 if chance(random, 0.12) else 1)]
        return [name[0] for name in names] if chance(random, 0.015) else names

    def _second(self, random: Random, origin: Origin, gender: Gender) -> str:
        if origin not in BRITISH:
            return self.forename(random, origin, gender)
        if chance(random, 0.6):
            return self._forenames[SECOND, gender].pick(random)
        return self._forenames[ADULT, gender].pick(random)

    def family_name(self, random: Random, origin: Origin) -> FamilyName:
        tail = self._tails.get(origin)
        text = tail.pick(random) if tail and chance(random, tail.share) else self._surnames[origin].pick(random)
        return FamilyName(text, origin, gendered=chance(random, 0.6))

    def womans_family_name(self, random: Random, origin: Origin) -> FamilyName | None:
        """A surname that women bear beside the family's, where that is the custom; else None."""
        if origin is Origin.MUSLIM_SOUTH_ASIAN and chance(random, 0.15):
            return FamilyName(choose(random, WOMENS_SURNAMES), origin, gendered=False)
        return None

    def religious_second_name(self, random: Random, family: FamilyName, gender: Gender) -> str | None:
        """Kaur or Singh before a Sikh clan name, as half the families write it; else None."""
        if family.origin is not Origin.SIKH or family.text in {"Singh", "Kaur"} or chance(random, 0.4):
            return None
        return "Kaur" if gender is Gender.FEMALE else "Singh"


@cache
def name_book() -> NameBook:
    return NameBook()
