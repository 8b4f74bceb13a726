"""Kinds of query: what is given, what is wrong with it, and the share that should be found among ten."""

from dataclasses import dataclass, replace
from random import Random

from bench import mistakes
from bench.mistakes import Asked, Mistake

BOTH_NAMES = ("given", "family")
WITH_DATE = (*BOTH_NAMES, "date_of_birth")
WITH_AGE = (*BOTH_NAMES, "age")
WITH_AGE_AND_DISTRICT = (*WITH_AGE, "postcode")
ONE_NAME_AND_POSTCODE = ("family", "postcode")
ONE_NAME_AND_STREET = ("given", "house", "street")

SINGLE_ERROR, PAIR, OTHER_SPELLING = 0.99, 0.97, 0.95
FIRST = 0.97  # where the criteria fit one child alone


@dataclass(frozen=True, slots=True)
class Kind:
    """`gives` are the fields that are filled in. `goal` is None where no share was promised.

    `of` says which children: `any`, those with a `former` name (asked by it), or `twins`. `share` is how many of a
    hundred searches are thought to be of this kind: assumed, since no registry has published its own.
    """

    name: str
    mistake: Mistake
    gives: tuple[str, ...] = WITH_DATE
    goal: float | None = SINGLE_ERROR
    of: str = "any"
    share: float = 0.0

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
    Kind("exact", mistakes.exact, share=60),
    Kind("family name typed wrong", mistakes.family_name_wrong, share=4),
    Kind("given name typed wrong", mistakes.given_name_wrong, share=4),
    Kind("a name heard wrong", mistakes.name_heard_wrong, share=4),
    Kind("a name read wrong", mistakes.name_read_wrong, share=2),
    Kind("both names typed wrong", mistakes.both_names_wrong, goal=None, share=0.5),
    Kind("day and month swapped", mistakes.day_and_month_swapped, share=1),
    Kind("one digit of the date", mistakes.one_digit_wrong, share=2),
    Kind("year one out", mistakes.year_one_out, share=1),
    Kind("day one out", mistakes.day_one_out, share=1),
    Kind("month one out", mistakes.month_one_out, share=0.5),
    Kind(
        "date slip, a name typed wrong",
        mistakes.one_after_the_other(mistakes.date_slip, mistakes.either_name_wrong),
        goal=PAIR,
        share=0.5,
    ),
    *(
        Kind(f"{name}, the day one out", mistakes.one_after_the_other(mistakes.day_one_out, mistake), goal=PAIR)
        for name, mistake in {
            "nickname": mistakes.nickname,
            "transliteration": mistakes.transliterated,
            "names swapped": mistakes.names_swapped,
        }.items()
    ),
    Kind(
        "date slip, both names typed wrong",
        mistakes.one_after_the_other(mistakes.date_slip, mistakes.both_names_wrong),
        goal=PAIR,
    ),
    Kind(
        "age and district, both names typed wrong",
        mistakes.one_after_the_other(mistakes.district_alone, mistakes.both_names_wrong),
        gives=WITH_AGE_AND_DISTRICT,
        goal=PAIR,
    ),
    Kind("age guessed", mistakes.age_guessed, gives=WITH_AGE, share=4),
    Kind(
        "age guessed, family name wrong",
        mistakes.one_after_the_other(mistakes.age_guessed, mistakes.family_name_wrong),
        gives=WITH_AGE,
        goal=None,
        share=0.5,
    ),
    Kind("names swapped", mistakes.names_swapped, share=0.5),
    Kind("nickname", mistakes.nickname, goal=OTHER_SPELLING, share=5),
    Kind("transliteration", mistakes.transliterated, goal=OTHER_SPELLING, share=2),
    Kind("half a double-barrelled name", mistakes.half_a_family_name, share=1.5),
    Kind("former name", mistakes.exact, of="former", share=1),
    Kind("a name and postcode", mistakes.exact, gives=ONE_NAME_AND_POSTCODE, share=3),
    Kind("a name, postcode one wrong", mistakes.postcode_wrong, gives=ONE_NAME_AND_POSTCODE, share=0.5),
    Kind("twins told apart", mistakes.exact, of="twins", share=2),
    Kind("a name, house and street", mistakes.exact, gives=ONE_NAME_AND_STREET, share=1),
)
# One error, whichever it is: by these the groups of names are compared.
SINGLE_ERRORS: tuple[Kind, ...] = tuple(kind for kind in KINDS[1:11] if kind.goal == SINGLE_ERROR)
