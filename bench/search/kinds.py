"""Kinds of query: what is given, what is wrong with it, and the share that should be found among ten."""

from dataclasses import dataclass, replace
from random import Random

from bench import mistakes
from bench.mistakes import Asked, Mistake

BOTH_NAMES = ("given", "family")
WITH_DATE = (*BOTH_NAMES, "date_of_birth")
WITH_AGE = (*BOTH_NAMES, "age")
ONE_NAME_AND_POSTCODE = ("family", "postcode")
ONE_NAME_AND_STREET = ("given", "house", "street")

SINGLE_ERROR, DATE_AND_NAME, OTHER_SPELLING = 0.99, 0.97, 0.95
FIRST = 0.97  # where the criteria fit one child alone


@dataclass(frozen=True, slots=True)
class Kind:
    """`gives` are the fields that are filled in. `goal` is None where no share was promised.

    `of` says which children: `any`, those with a `former` name (asked by it), or `twins`.
    """

    name: str
    mistake: Mistake
    gives: tuple[str, ...] = WITH_DATE
    goal: float | None = SINGLE_ERROR
    of: str = "any"

    def ask(self, true: Asked, random: Random) -> Asked | None:
        """What is typed for a child of whom `true` holds, or None where this cannot happen with that child."""
        if not all(getattr(true, field) not in ("", None) for field in self.gives):
            return None
        wrong = self.mistake(true, random)
        return only(wrong, self.gives) if wrong else None

    @property
    def needs_address(self) -> bool:
        return bool({"postcode", "street"} & set(self.gives))


def only(asked: Asked, fields: tuple[str, ...]) -> Asked:
    """`asked` with those fields alone."""
    return replace(Asked(), **{field: getattr(asked, field) for field in fields})


KINDS: tuple[Kind, ...] = (
    Kind("exact", mistakes.exact),
    Kind("family name typed wrong", mistakes.family_name_wrong),
    Kind("given name typed wrong", mistakes.given_name_wrong),
    Kind("a name heard wrong", mistakes.name_heard_wrong),
    Kind("a name read wrong", mistakes.name_read_wrong),
    Kind("both names typed wrong", mistakes.both_names_wrong, goal=None),
    Kind("day and month swapped", mistakes.day_and_month_swapped),
    Kind("one digit of the date", mistakes.one_digit_wrong),
    Kind("year one out", mistakes.year_one_out),
    Kind(
        "date slip, a name typed wrong",
        mistakes.one_after_the_other(mistakes.date_slip, mistakes.either_name_wrong),
        goal=DATE_AND_NAME,
    ),
    Kind("age guessed", mistakes.age_guessed, gives=WITH_AGE),
    Kind(
        "age guessed, family name wrong",
        mistakes.one_after_the_other(mistakes.age_guessed, mistakes.family_name_wrong),
        gives=WITH_AGE,
        goal=None,
    ),
    Kind("names swapped", mistakes.names_swapped),
    Kind("nickname", mistakes.nickname, goal=OTHER_SPELLING),
    Kind("transliteration", mistakes.transliterated, goal=OTHER_SPELLING),
    Kind("half a double-barrelled name", mistakes.half_a_family_name),
    Kind("former name", mistakes.exact, of="former"),
    Kind("a name and postcode", mistakes.exact, gives=ONE_NAME_AND_POSTCODE),
    Kind("a name, postcode one wrong", mistakes.postcode_wrong, gives=ONE_NAME_AND_POSTCODE),
    Kind("twins told apart", mistakes.exact, of="twins"),
    Kind("a name, house and street", mistakes.exact, gives=ONE_NAME_AND_STREET),
)
# One error, whichever it is: by these the groups of names are compared.
SINGLE_ERRORS: tuple[Kind, ...] = tuple(kind for kind in KINDS[1:9] if kind.goal == SINGLE_ERROR)
