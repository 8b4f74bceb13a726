"""Who lives together, before schools and services come in."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from registry.demonstration.draw import Weighted, chance
from registry.demonstration.names import ORIGINS, FamilyName, NameBook
from registry.demonstration.naming import Born, Family, Kind, Member, Parents, name_children
from registry.demonstration.numbers import mobile
from registry.demonstration.shapes import Guardian, Origin
from registry.vocabulary import Gender, Relation

MOST_CHILDREN = 6
ADULT_AGE = 18
_SAME_SEX = 0.04

_KINDS = Weighted(
    {
        Kind.MARRIED: 53, Kind.COUPLE: 15, Kind.STEP: 7.5, Kind.MOTHER: 20.5, Kind.FATHER: 2,
        Kind.GRANDPARENT: 1.2, Kind.FOSTER: 0.8,
    }.items()
)  # fmt: skip
_SIZES = Weighted({1: 22, 2: 46, 3: 21, 4: 8, 5: 2.2, 6: 0.8}.items())
_LARGE_SIZES = Weighted({1: 12, 2: 27, 3: 28, 4: 19, 5: 9, 6: 5}.items())
_LARGE_FAMILIES = frozenset({Origin.SOMALI, Origin.MUSLIM_SOUTH_ASIAN, Origin.JEWISH, Origin.ARABIC})
# Where births went unregistered, an office wrote 1 January.
_MADE_UP_BIRTHDAYS = frozenset({Origin.SOMALI, Origin.IRANIAN_AFGHAN, Origin.ARABIC, Origin.GHANAIAN})
_TWO_SURNAMES = frozenset({Origin.SPANISH, Origin.PORTUGUESE})


@dataclass(frozen=True, slots=True)
class _Adult:
    """A grown-up who may be guardian of several children in different ways."""

    given: str
    family: str
    telephone: str

    def guard(
        self, relation: Relation, children: tuple[int, ...], *, responsible: bool = True, at_home: bool = True
    ) -> Guardian:
        return Guardian(self.given, self.family, relation, responsible, self.telephone, at_home, children)


def make_family(random: Random, book: NameBook, today: date) -> Family:
    """One family with one to six children under eighteen at `today`, none born after it."""
    origin = ORIGINS.pick(random)
    births = _births(random, origin, today)
    parents = _parents(random, book, origin, len(births))
    members = name_children(random, book, parents, births, today)
    return Family(origin, _guardians(random, book, parents, members), members)


def as_namesake(family: Family, other: Family, *, same_birthday: bool) -> Family:
    """The family with one child, who bears the name of the other family's eldest and is no relation."""
    model, own = other.members[0], family.members[0]
    birth = replace(own.birth, gender=model.birth.gender, twin=False)
    if same_birthday:
        birth = replace(birth, on=model.birth.on)
    name = replace(model.names[0], valid_from=birth.on)
    guardians = tuple(
        replace(guardian, family=name.family, children=(0,)) for guardian in family.guardians if 0 in guardian.children
    )
    return Family(other.origin, guardians, (Member(birth, (name,)),))


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 1 March for a 29 February that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _births(random: Random, origin: Origin, today: date) -> tuple[Born, ...]:
    """Births so spread that each child's age is uniform over 0 to 17, whatever the family's size.

    The eldest's age is drawn from before to after childhood, and only those who are children today are kept:
    with no gap of eighteen years there is always at least one.
    """
    size = (_LARGE_SIZES if origin in _LARGE_FAMILIES else _SIZES).pick(random)
    offsets = [0]
    for _ in range(size - 1):
        offsets.append(offsets[-1] + 330 + int(random.gammavariate(2.2, 330)) % 4000)
    first_day = years_before(today, ADULT_AGE) + timedelta(days=1)
    childhood = (today - first_day).days + 1
    eldest = int(random.random() * (childhood + offsets[-1]))
    births: list[Born] = []
    for offset in offsets:
        if 0 <= eldest - offset < childhood:
            births.extend(_birth(random, origin, today - timedelta(days=eldest - offset), first_day))
    return tuple(births[:MOST_CHILDREN])


def _birth(random: Random, origin: Origin, day: date, first_day: date) -> list[Born]:
    new_year = day.replace(month=1, day=1)
    if origin in _MADE_UP_BIRTHDAYS and new_year >= first_day and chance(random, 0.04):
        day = new_year
    gender = Gender.FEMALE if chance(random, 0.487) else Gender.MALE
    if not chance(random, 0.015):
        return [Born(day, gender, twin=False)]
    other = gender if chance(random, 0.64) else _opposite(gender)
    return [Born(day, gender, twin=True), Born(day, other, twin=True)]


def _opposite(gender: Gender) -> Gender:
    return Gender.MALE if gender is Gender.FEMALE else Gender.FEMALE


def _parents(random: Random, book: NameBook, origin: Origin, children: int) -> Parents:
    kind = _KINDS.pick(random)
    if kind is Kind.STEP and children == 1 and chance(random, 0.5):
        kind = Kind.COUPLE
    other = ORIGINS.pick(random) if chance(random, 0.09) else origin
    mother_origin, father_origin = (origin, other) if chance(random, 0.5) else (other, origin)
    father = book.family_name(random, father_origin)
    own = book.womans_family_name(random, mother_origin) or book.family_name(random, mother_origin)
    mother = father if kind is Kind.MARRIED and chance(random, _takes_name(mother_origin)) else own
    former = book.family_name(random, mother_origin)
    elder = 0 if kind is not Kind.STEP else max(1, int(random.random() * children))
    return Parents(kind, mother, father, former, mother_origin, father_origin, elder)


def _takes_name(origin: Origin) -> float:
    """The share of wives who bear the husband's name."""
    if origin in {
        Origin.CHINESE,
        Origin.VIETNAMESE,
        Origin.SPANISH,
        Origin.SOMALI,
        Origin.ARABIC,
        Origin.ITALIAN,
    }:
        return 0.15
    return 0.55 if origin is Origin.MUSLIM_SOUTH_ASIAN else 0.88


def _adult(random: Random, book: NameBook, name: FamilyName, origin: Origin, gender: Gender) -> _Adult:
    given = book.adult_forename(random, origin, gender)
    return _Adult(given, name.borne_by(gender), mobile(int(random.random() * 1000)))


def _guardians(random: Random, book: NameBook, parents: Parents, members: tuple[Member, ...]) -> tuple[Guardian, ...]:
    """Parents at home and elsewhere, or those who care in their place."""
    everyone = tuple(range(len(members)))
    mother = _adult(random, book, parents.mother, parents.mother_origin, Gender.FEMALE)
    father = _adult(random, book, parents.father, parents.father_origin, Gender.MALE)
    if parents.kind is Kind.FOSTER:
        return _foster_carers(random, book, everyone)
    if parents.kind is Kind.STEP:
        return _step_family(parents, mother, father, everyone)
    if parents.kind is Kind.GRANDPARENT:
        grandmother = _adult(random, book, parents.mother, parents.mother_origin, Gender.FEMALE)
        return (
            grandmother.guard(Relation.GRANDPARENT, everyone, responsible=chance(random, 0.5)),
            mother.guard(Relation.MOTHER, everyone, at_home=False),
        )
    if parents.kind is Kind.COUPLE and chance(random, _SAME_SEX):
        partner = _adult(random, book, parents.father, parents.father_origin, Gender.FEMALE)
        return (mother.guard(Relation.PARENT, everyone), partner.guard(Relation.PARENT, everyone))
    both = (
        mother.guard(Relation.MOTHER, everyone, at_home=parents.kind is not Kind.FATHER),
        father.guard(Relation.FATHER, everyone, at_home=parents.kind is not Kind.MOTHER),
    )
    # Of a parent who lives elsewhere the registry often knows nothing.
    return both if chance(random, 0.6) else tuple(guardian for guardian in both if guardian.lives_with_child)


def _step_family(parents: Parents, mother: _Adult, father: _Adult, everyone: tuple[int, ...]) -> tuple[Guardian, ...]:
    """A mother whose partner is step-parent of her elder children and father of the younger."""
    elder, younger = everyone[: parents.elder], everyone[parents.elder :]
    guardians = [
        mother.guard(Relation.MOTHER, everyone),
        father.guard(Relation.STEP_PARENT, elder, responsible=False),
    ]
    if younger:
        guardians.append(father.guard(Relation.FATHER, younger))
    return tuple(guardians)


def _foster_carers(random: Random, book: NameBook, everyone: tuple[int, ...]) -> tuple[Guardian, ...]:
    name = book.family_name(random, Origin.ENGLISH)
    genders = (Gender.FEMALE, Gender.MALE) if chance(random, 0.7) else (Gender.FEMALE,)
    carers = [_adult(random, book, name, Origin.ENGLISH, gender) for gender in genders]
    return tuple(carer.guard(Relation.FOSTER_CARER, everyone, responsible=False) for carer in carers)
