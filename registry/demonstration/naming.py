"""What the children of a family are called."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from random import Random

from registry.demonstration.draw import chance, choose
from registry.demonstration.names import BRITISH, FamilyName, NameBook
from registry.demonstration.shapes import Guardian, Name, Origin
from registry.vocabulary import Gender, NameKind


class Kind(Enum):
    """How a household is made up."""

    MARRIED = "married"
    COUPLE = "couple"
    STEP = "step"
    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    FOSTER = "foster"


@dataclass(frozen=True, slots=True)
class Born:
    """A child's birth: when, as what, and whether as one of twins."""

    on: date
    gender: Gender
    twin: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A child of a family with all its names."""

    birth: Born
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Guardians and children, eldest first."""

    origin: Origin
    guardians: tuple[Guardian, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Parents:
    """What the children's names are made from. `elder` counts the children of an earlier partner."""

    kind: Kind
    mother: FamilyName
    father: FamilyName
    former: FamilyName
    mother_origin: Origin
    father_origin: Origin
    elder: int


Bearer = Callable[[Gender], str]
_YOUNGEST_RENAMED = 200  # days
_TWO_SURNAMES = frozenset({Origin.SPANISH, Origin.PORTUGUESE})
_NEVER_JOINED = frozenset({"Singh", "Kaur", "Begum", "Bibi", "Khatun", "Akhtar", "Parveen", "Khanom"})


def name_children(
    random: Random, book: NameBook, parents: Parents, births: tuple[Born, ...], today: date
) -> tuple[Member, ...]:
    """The children, in the order of their births, each with all names it has, had or is known by."""
    surname = _children_surname(random, parents)
    earlier = parents.former if chance(random, 0.7) else parents.mother
    members: list[Member] = []
    for place, birth in enumerate(births):
        # Children in foster care keep their own family's name, and need not be one another's siblings.
        if parents.kind is Kind.FOSTER and (place == 0 or chance(random, 0.4)) and not birth.twin:
            surname = book.family_name(random, choose(random, (parents.mother_origin, Origin.ENGLISH))).borne_by
        family = earlier.borne_by if place < parents.elder else surname
        members.append(_member(random, book, parents, birth, family, members, today))
    return tuple(members)


def _children_surname(random: Random, parents: Parents) -> Bearer:
    """How the children's surname is made from their parents'."""
    mother, father = parents.mother, parents.father
    if mother.text != father.text and _can_be_joined(mother) and _can_be_joined(father) and chance(random, 0.21):
        joint = " " if father.origin in _TWO_SURNAMES or chance(random, 0.15) else "-"
        fathers_first = father.origin in _TWO_SURNAMES or chance(random, 0.3)
        first, second = (father, mother) if fathers_first else (mother, father)
        return lambda gender: f"{first.borne_by(gender)}{joint}{second.borne_by(gender)}"
    if parents.kind is Kind.MOTHER and chance(random, 0.5):
        return mother.borne_by
    return father.borne_by


def _can_be_joined(name: FamilyName) -> bool:
    return not set(name.text) & {"-", " "} and name.text not in _NEVER_JOINED


def _member(
    random: Random,
    book: NameBook,
    parents: Parents,
    birth: Born,
    surname: Bearer,
    siblings: list[Member],
    today: date,
) -> Member:
    origin = parents.mother_origin if chance(random, 0.5) else parents.father_origin
    given = _given(random, book, origin, birth, siblings)
    religious = book.religious_second_name(random, parents.father, birth.gender)
    if religious and religious not in given:
        given = f"{given.split()[0]} {religious}"
    own = book.womans_family_name(random, origin) if birth.gender is Gender.FEMALE else None
    family = own.text if own else surname(birth.gender)
    legal = Name(NameKind.LEGAL, given, family, birth.on)
    return Member(birth, _with_other_names(random, book, parents, legal, birth, today))


def _given(random: Random, book: NameBook, origin: Origin, birth: Born, siblings: list[Member]) -> str:
    """Forenames unlike any sibling's; those of twins often begin alike."""
    taken = {name.given.split()[0] for sibling in siblings for name in sibling.names}
    sister_or_brother = siblings[-1] if siblings and siblings[-1].birth.on == birth.on else None
    alike = sister_or_brother is not None and chance(random, 0.45)
    wanted = siblings[-1].names[0].given[0] if alike else ""
    given = book.given(random, origin, birth.gender)
    for _ in range(25):
        if given.startswith(wanted) and given.split()[0] not in taken:
            return given
        given = book.given(random, origin, birth.gender)
    return given if given.split()[0] not in taken else _given(random, book, origin, birth, siblings[:-1])


def _with_other_names(
    random: Random, book: NameBook, parents: Parents, legal: Name, birth: Born, today: date
) -> tuple[Name, ...]:
    names = [legal]
    age = (today - birth.on).days
    if age > _YOUNGEST_RENAMED and chance(random, 0.043):
        changed = birth.on + timedelta(days=90 + int(random.random() * (age - 90)))
        names = _renamed(random, book, parents, legal, birth.gender, changed)
    if chance(random, 0.066):
        given, family = _known_as(random, book, parents, legal, birth.gender)
        if (given, family) != (legal.given, legal.family):
            names.append(Name(NameKind.KNOWN_AS, given, family, birth.on))
    return tuple(names)


def _renamed(
    random: Random, book: NameBook, parents: Parents, legal: Name, gender: Gender, changed: date
) -> list[Name]:
    """The name now in use and the one before: parents who married or parted; some adopted, forenames too."""
    origin = parents.mother_origin if chance(random, 0.8) else Origin.ENGLISH
    before = book.family_name(random, origin)
    given = book.given(random, origin, gender) if chance(random, 0.12) else legal.given
    former = Name(NameKind.FORMER, given, before.borne_by(gender), legal.valid_from, changed)
    return [replace(legal, valid_from=changed), former]


def _known_as(random: Random, book: NameBook, parents: Parents, legal: Name, gender: Gender) -> tuple[str, str]:
    """A short form, another spelling, half of a double surname, a second or English forename, a new surname."""
    first, *further = legal.given.split()
    if first in book.short_forms and chance(random, 0.75):
        return choose(random, book.short_forms[first]), legal.family
    halves = legal.family.split("-") if "-" in legal.family else []
    likely = (
        *((other, legal.family) for other in book.spellings(first)),
        *((first, other) for other in (*book.spellings(legal.family), *halves)),
        *((second, legal.family) for second in further[:1] if len(second) > 1),
    )
    if likely:
        return choose(random, likely)
    if parents.mother_origin not in BRITISH:
        return book.forename(random, Origin.ENGLISH, gender), legal.family
    return first, book.family_name(random, parents.mother_origin).borne_by(gender)
