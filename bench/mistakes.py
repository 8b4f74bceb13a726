"""What people get wrong when they ask for a child. Knows nothing of how the registry searches.

Each mistake takes what is true of a child and returns what a person in a hurry types, or None where nobody could make
that mistake with this child. Errors of typing follow the usual four (Damerau 1964): a letter left out, put in, put for
another, or two neighbours swapped; half of the wrong letters are a neighbouring key. What is heard and read wrong
follows tables of our own (bench.spellings).
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from string import ascii_lowercase, digits

from bench import spellings


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the fields of the search form."""

    given: str = ""
    family: str = ""
    date_of_birth: date | None = None
    age: int | None = None
    postcode: str = ""
    house: str = ""
    street: str = ""


Mistake = Callable[[Asked, Random], Asked | None]

_SHORTEST_TYPED = 2
# The inward part of a postcode has none of the letters that are easily confused.
_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_AREA_LETTERS = "ABCDEFGHKLMNPRSTW"


# Names --------------------------------------------------------------------------------------------------------


def typed_wrong(name: str, random: Random) -> str:
    """One typing error at any letter. Names of one letter, and none, stay as they are."""
    places = [place for place, letter in enumerate(name) if letter.isalpha()]
    if len(places) < _SHORTEST_TYPED:
        return name
    wrong = name
    while wrong.casefold() == name.casefold():
        # Of two letters none is left out: a form takes no name of one.
        kinds = ("insert", "replace", "swap", "omit")[: 4 if len(places) > _SHORTEST_TYPED else 3]
        wrong = _typed(name, random.choice(places), random.choice(kinds), random)
    return wrong


def _typed(name: str, place: int, kind: str, random: Random) -> str:
    before, letter, after = name[:place], name[place], name[place + 1 :]
    if kind == "omit":
        return before + after
    if kind == "insert":
        return before + letter + _wrong_key(letter, random) + after
    if kind == "replace":
        return before + _wrong_key(letter, random) + after
    return before + after[:1] + letter + after[1:] if after[:1].isalpha() else name


def _wrong_key(letter: str, random: Random) -> str:
    near = spellings.neighbours().get(letter.lower(), "")
    return random.choice(near if near and random.random() < 0.5 else ascii_lowercase)  # noqa: PLR2004 - half of them


def written_otherwise(name: str, table: tuple[tuple[str, tuple[str, ...]], ...], random: Random) -> str | None:
    """The name with one of its parts put as the table has it; None where no part is in the table."""
    lower = name.lower()
    found = [
        (place, part, others) for part, others in table for place in range(len(lower)) if lower.startswith(part, place)
    ]
    if not found or len(lower) != len(name):
        return None
    place, part, others = random.choice(found)
    return name[:place] + random.choice(others) + name[place + len(part) :]


def exact(asked: Asked, _random: Random) -> Asked:
    return asked


def family_name_wrong(asked: Asked, random: Random) -> Asked | None:
    return _changed(asked, family=typed_wrong(asked.family, random))


def given_name_wrong(asked: Asked, random: Random) -> Asked | None:
    return _changed(asked, given=typed_wrong(asked.given, random))


def either_name_wrong(asked: Asked, random: Random) -> Asked | None:
    return random.choice((family_name_wrong, given_name_wrong))(asked, random)


def both_names_wrong(asked: Asked, random: Random) -> Asked | None:
    return one_after_the_other(given_name_wrong, family_name_wrong)(asked, random)


def name_heard_wrong(asked: Asked, random: Random) -> Asked | None:
    return _either(asked, lambda name: written_otherwise(name, spellings.HEARD, random), random)


def name_read_wrong(asked: Asked, random: Random) -> Asked | None:
    return _either(asked, lambda name: written_otherwise(name, spellings.READ, random), random)


def nickname(asked: Asked, random: Random) -> Asked | None:
    called = spellings.nicknames().get(asked.given.lower())
    return replace(asked, given=random.choice(called)) if called else None


def transliterated(asked: Asked, random: Random) -> Asked | None:
    """One word of a name as another alphabet's reader spells it."""
    return _either(asked, lambda name: _spelt_otherwise(name, random), random)


def _spelt_otherwise(name: str, random: Random) -> str | None:
    words = name.replace("-", " - ").split()
    known = [place for place, word in enumerate(words) if word.lower() in spellings.transliterations()]
    if not known:
        return None
    place = random.choice(known)
    words[place] = random.choice(spellings.transliterations()[words[place].lower()])
    return " ".join(words).replace(" - ", "-")


def names_swapped(asked: Asked, _random: Random) -> Asked | None:
    return _changed(asked, given=asked.family, family=asked.given)


def half_a_family_name(asked: Asked, random: Random) -> Asked | None:
    """One half of a double-barrelled name; None for a plain one."""
    halves = asked.family.split("-")
    return replace(asked, family=random.choice(halves)) if len(halves) > 1 else None


def _either(asked: Asked, change: Callable[[str], str | None], random: Random) -> Asked | None:
    """One of the names changed, whichever can be."""
    for field in random.sample(("given", "family"), 2):
        name = asked.given if field == "given" else asked.family
        if changed := change(name):
            return _changed(asked, given=changed) if field == "given" else _changed(asked, family=changed)
    return None


def _changed(asked: Asked, *, given: str | None = None, family: str | None = None) -> Asked | None:
    """With those names, unless they are what they were: then nobody made a mistake."""
    given, family = asked.given if given is None else given, asked.family if family is None else family
    same = (given.casefold(), family.casefold()) == (asked.given.casefold(), asked.family.casefold())
    return None if same else replace(asked, given=given, family=family)


# Dates and ages -----------------------------------------------------------------------------------------------


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


def one_digit_wrong(asked: Asked, random: Random) -> Asked | None:
    """Another digit in day, month or the year's last place, which makes another date that there is."""
    born = asked.date_of_birth
    if born is None:
        return None
    written = f"{born:%d%m%Y}"
    wrong = (
        _as_date(written[:place] + digit + written[place + 1 :])
        for place in (0, 1, 2, 3, 7)
        for digit in digits
        if digit != written[place]
    )
    dates = [each for each in wrong if each]
    return replace(asked, date_of_birth=random.choice(dates))


def day_one_out(asked: Asked, random: Random) -> Asked | None:
    """The day before or after, whatever month it is in."""
    born = asked.date_of_birth
    return replace(asked, date_of_birth=born + timedelta(days=random.choice((-1, 1)))) if born else None


def month_one_out(asked: Asked, random: Random) -> Asked | None:
    """That day of the month before or after, or its last where it has no such day."""
    born = asked.date_of_birth
    if born is None:
        return None
    year, month = divmod(born.year * 12 + born.month - 1 + random.choice((-1, 1)), 12)
    return replace(asked, date_of_birth=date(year, month + 1, min(born.day, monthrange(year, month + 1)[1])))


def date_slip(asked: Asked, random: Random) -> Asked | None:
    """Any of the ways to get a date wrong that can be made with this one."""
    ways = [day_and_month_swapped, year_one_out, one_digit_wrong, day_one_out, month_one_out]
    random.shuffle(ways)
    return next((slipped for way in ways if (slipped := way(asked, random))), None)


def age_guessed(asked: Asked, random: Random) -> Asked | None:
    """The age instead of the date, half of the time a year out."""
    if asked.age is None:
        return None
    return replace(asked, date_of_birth=None, age=max(0, asked.age + random.choice((-1, 0, 0, 1))))


def _as_date(written: str) -> date | None:
    try:
        return date(int(written[4:]), int(written[2:4]), int(written[:2]))
    except ValueError:
        return None


# Addresses ----------------------------------------------------------------------------------------------------


def postcode_wrong(asked: Asked, random: Random) -> Asked | None:
    """One character another of its kind, so that it still looks like a postcode."""
    code = asked.postcode
    places = [place for place, character in enumerate(code) if character != " "]
    if not places:
        return None
    place = random.choice(places)
    letters = _INWARD_LETTERS if place > code.index(" ") else _AREA_LETTERS
    kind = digits[1:] if code[place].isdigit() else letters
    other = random.choice([each for each in kind if each != code[place]])
    return replace(asked, postcode=code[:place] + other + code[place + 1 :])


def district_alone(asked: Asked, _random: Random) -> Asked | None:
    """No mistake: the first part of the postcode is all that is known of it."""
    return replace(asked, postcode=asked.postcode.split()[0]) if asked.postcode else None


def one_after_the_other(*mistakes: Mistake) -> Mistake:
    """All of them at once; nothing where one cannot be made."""

    def all_of_them(asked: Asked, random: Random) -> Asked | None:
        wrong: Asked | None = asked
        for mistake in mistakes:
            wrong = mistake(wrong, random) if wrong else None
        return wrong

    return all_of_them
