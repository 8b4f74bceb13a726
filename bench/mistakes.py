"""What people get wrong when they ask for a child. Knows nothing of how the registry searches.

Each mistake takes what is true of a child and returns what a person in a hurry types. Errors of typing follow the
usual four (Damerau 1964): a letter left out, put in, put for another, or two neighbours swapped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from string import ascii_lowercase


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the fields of the search form."""

    given: str = ""
    family: str = ""
    date_of_birth: date | None = None
    age: int | None = None
    postcode: str = ""


Mistake = Callable[[Asked, Random], Asked | None]


def typed_wrong(name: str, random: Random) -> str:
    """One typing error, anywhere but in names too short to survive one."""
    letters = list(name)
    place = random.randrange(len(letters))
    kind = random.choice(("omit", "insert", "replace", "swap"))
    if kind == "omit" and len(letters) > 2:  # noqa: PLR2004 - a one-letter name is no name
        del letters[place]
    elif kind == "insert":
        letters.insert(place, random.choice(ascii_lowercase))
    elif kind == "swap" and place + 1 < len(letters):
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    else:
        letters[place] = random.choice(ascii_lowercase)
    return "".join(letters)


def exact(asked: Asked, _random: Random) -> Asked:
    return asked


def family_name_wrong(asked: Asked, random: Random) -> Asked:
    return replace(asked, family=typed_wrong(asked.family, random))


def given_name_wrong(asked: Asked, random: Random) -> Asked:
    return replace(asked, given=typed_wrong(asked.given, random))


def both_names_wrong(asked: Asked, random: Random) -> Asked:
    return family_name_wrong(given_name_wrong(asked, random), random)


def names_swapped(asked: Asked, _random: Random) -> Asked:
    return replace(asked, given=asked.family, family=asked.given)


def day_and_month_swapped(asked: Asked, _random: Random) -> Asked | None:
    """None where swapping leaves the date as it is or makes no date."""
    born = asked.date_of_birth
    if born is None or born.day > 12 or born.day == born.month:  # noqa: PLR2004 - months of a year
        return None
    return replace(asked, date_of_birth=date(born.year, born.day, born.month))


def year_one_out(asked: Asked, random: Random) -> Asked | None:
    born = asked.date_of_birth
    if born is None or (born.month, born.day) == (2, 29):
        return None
    return replace(asked, date_of_birth=born.replace(year=born.year + random.choice((-1, 1))))


def date_and_family_name_wrong(asked: Asked, random: Random) -> Asked | None:
    slipped = day_and_month_swapped(asked, random)
    return family_name_wrong(slipped, random) if slipped else None


def without_date(asked: Asked, _random: Random) -> Asked:
    return replace(asked, date_of_birth=None)


def with_age_only(asked: Asked, random: Random) -> Asked:
    """The age instead of the date, sometimes a year out."""
    return replace(asked, date_of_birth=None, age=max(0, (asked.age or 0) + random.choice((-1, 0, 0, 1))))


def half_a_family_name(asked: Asked, random: Random) -> Asked | None:
    """One half of a double-barrelled name; None for a plain one."""
    halves = asked.family.split("-")
    return replace(asked, family=random.choice(halves)) if len(halves) > 1 else None


def family_name_and_postcode(asked: Asked, _random: Random) -> Asked | None:
    return replace(asked, given="", date_of_birth=None) if asked.postcode else None
