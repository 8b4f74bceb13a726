"""Token families: the combinations of values by which a sealed record can be found.

Never a name alone, nor both names alone: public name counts would give those away (DESIGN, section 5). A child's
tokens are few, and say only what the record says; nicknames, other readings, slips of dates and of postcodes are asked
for by who searches (queries.py). A *half* is the beginning or the end of a name as written: one typing error leaves
one of the two whole.

    number             a number, by itself: it identifies
    date-sound         date of birth, either name by sound
    date-initial       date of birth, the initial of either name
    year-sounds        year, both names by sound
    year-initial       year, family name by sound, initial of the given name
    year-half          year, one name by sound, a half of the other: the end of the given name, either of the family's
    day-sound          day and month, one name by sound, the other's initial
    month-halves       month and year, a half of either name: all four
    district-sounds    postcode district, both names by sound
    district-halves    postcode district, a half of either name: all four
    inward-sounds      second part of the postcode, both names by sound
    postcode-sound     full postcode, either name by sound
    postcode-year      full postcode, year
    street-sound       house and street, either name by sound
    date-family        date of birth, family name by sound, one of SLOTS: of shielded children alone

A slip in the beginning of one name and in the end of the other leaves two halves that are crossed, so all four stand.
Where the beginning of a given name is whole, so is its initial, and year-initial finds the child.

1 January is the birthday of those whose birthday nobody knew: such a child has no family of a day, nor date-initial.

A shielded child is filed under nothing that holds no more of the given name than its initial: a twin would have it too,
and whoever stole the index would see who belongs together. In the place of date-sound of the family name there is
date-family, in one of several slots: who asks by that name alone asks for each of them, twins seldom stand in the same,
and a brother or sister who is not shielded in none. Twins whose given names begin or end alike, or who share a second
forename, still have tokens in common: how many do is measured (bench/leakage, `shielded`).

The first version had day-halves (day and month, both beginnings or both ends) in place of month-halves, no crossed
halves with the district, year-half of the beginning of the given name too, and date-initial of each part of a name. An
index that was made by it is asked as it was filed, until it is rebuilt.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import product

from encryption.tokens import Tokeniser
from pages import postcodes
from registry.search import births, nicknames, normalise, phonetics, queries
from registry.search.criteria import Criteria
from registry.values import Summary, SummaryName

Token = Callable[..., int]
FIRST, NEWEST = 1, 2
# Whoever shares two of these with what somebody says of a child may be that child.
SAID_BY = frozenset(
    {
        "date-sound",
        "day-halves",
        "day-sound",
        "month-halves",
        "postcode-sound",
        "postcode-year",
        "street-sound",
        "year-half",
        "year-sounds",
    }
)
MOST_FORMS = 4  # of a forename, that are looked for beside that which is said


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the families: how a child is filed, and what to ask for, plain first and then wider and wider.

    A stage is asked when those before it found nothing good. It has at most queries.MOST_TOKENS_ASKED tokens.
    """

    child_tokens: Callable[[Summary, Tokeniser], set[int]]
    stages: tuple[Callable[[Criteria, Tokeniser], set[int]], ...]


def child_tokens(summary: Summary, tokeniser: Tokeniser, *, version: int = NEWEST) -> set[int]:
    """Every token under which the child is filed: under each of its names, and under each of its numbers.

    32 or fewer for a child of one forename or two, one family name and one name in all; a double-barrelled name adds
    four, a former name about fifteen.
    """
    token = tokeniser.token
    tokens = {token("number", number) for number in (summary.number, *summary.numbers)}
    for name in summary.names:
        tokens.update(_name_tokens(token, name, summary, version))
    if summary.postcode:
        tokens.add(token("postcode-year", summary.postcode, str(summary.date_of_birth.year)))
    return tokens


def _name_tokens(token: Token, name: SummaryName, summary: Summary, version: int) -> Iterator[int]:
    given, *more_given = (*normalise.name_parts(name.given), *normalise.joined_forename(name.given)) or ("",)
    family, parts = normalise.whole_name(name.family), queries.parts_of(name.family)
    words = normalise.name_parts(name.family)
    # Who asks for a double-barrelled name asks for its parts too.
    in_parts = len(words) > 1 and family not in words and version != FIRST
    heard = parts if in_parts else (family, *parts)
    known = (given or family,) if summary.shielded else (given, family)
    yield from _single_tokens(token, known, (given, *heard), summary, version)
    if summary.shielded and given and family:
        slot = str(int(summary.number) % queries.SLOTS)
        yield token("date-family", summary.date_of_birth.isoformat(), phonetics.sound(family), slot)
    if not (given and family):
        if version == FIRST:
            return
        given = family = given or family  # of one name alone, which a form with two boxes is often given twice
        heard = (family,)
    year = str(summary.date_of_birth.year)
    yield from _pair_tokens(token, given, family, summary)
    yield from _halves(token, given, family, summary, version)
    for other in more_given:
        yield token("year-sounds", phonetics.sound(other), phonetics.sound(family), year)
    for each in heard:
        yield token("year-sounds", phonetics.sound(given), phonetics.sound(each), year)


def _single_tokens(
    token: Token, whole: tuple[str, ...], heard: tuple[str, ...], summary: Summary, version: int
) -> Iterator[int]:
    """Of each word by itself, since some children have one name only, and some people know one only."""
    born, house = summary.date_of_birth, normalise.house_and_street(summary.lines) if summary.lines else None
    for word in filter(None, dict.fromkeys(whole)):
        yield token("date-sound", born.isoformat(), phonetics.sound(word))
        if house and house[1]:
            yield token("street-sound", *house, phonetics.sound(word))
    if not (births.is_made_up(born) or summary.shielded):
        for word in filter(None, dict.fromkeys(heard if version == FIRST else whole)):
            yield token("date-initial", born.isoformat(), phonetics.initial(word))
    if summary.postcode:
        for word in filter(None, dict.fromkeys(heard)):
            yield token("postcode-sound", summary.postcode, phonetics.sound(word))


def _pair_tokens(token: Token, given: str, family: str, summary: Summary) -> Iterator[int]:
    born, postcode = summary.date_of_birth, summary.postcode
    year, day = str(born.year), f"{born:%m-%d}"
    sounds = phonetics.sound(given), phonetics.sound(family)
    if not summary.shielded:
        yield token("year-initial", sounds[1], phonetics.initial(given), year)
    if not births.is_made_up(born):
        if not summary.shielded:
            yield token("day-sound", sounds[1], phonetics.initial(given), day)
        yield token("day-sound", sounds[0], phonetics.initial(family), day)
    if postcode:
        yield token("district-sounds", *sounds, postcodes.district(postcode))
        yield token("inward-sounds", *sounds, postcodes.inward(postcode))


def _halves(token: Token, given: str, family: str, summary: Summary, version: int) -> Iterator[int]:
    """Of one name beside the sound of the other, and of both: what is left of them when each has a typing error."""
    born, first = summary.date_of_birth, version == FIRST
    given_halves, family_halves = phonetics.halves(given), phonetics.halves(family)
    year = str(born.year)
    for half in given_halves if first else given_halves[1:]:
        yield token("year-half", half, phonetics.sound(family), year)
    yield from (token("year-half", phonetics.sound(given), half, year) for half in family_halves)
    pairs = tuple(zip(given_halves, family_halves, strict=True) if first else product(given_halves, family_halves))
    if not first:
        yield from (token("month-halves", *halves, births.month(born)) for halves in pairs)
    elif not births.is_made_up(born):
        yield from (token("day-halves", *halves, f"{born:%m-%d}") for halves in pairs)
    if summary.postcode:
        yield from (token("district-halves", *halves, postcodes.district(summary.postcode)) for halves in pairs)


def living_at(postcode: str, today: date, tokeniser: Tokeniser) -> set[int]:
    """What to ask for to come upon every child at a full postcode who is not shielded, among others by chance."""
    return {tokeniser.token("postcode-year", postcode, str(year)) for year in births.years_kept(today.year)}


def born_as(born: date, given: str, family: str, tokeniser: Tokeniser) -> set[int]:
    """What to ask for to come upon who was born that day and is called so, by sound, and is not shielded."""
    return {tokeniser.token("date-sound", born.isoformat(), sound) for sound in (given, family) if sound}


def said_of(summary: Summary, tokeniser: Tokeniser, *, version: int = NEWEST) -> set[int]:
    """What to ask for to come upon the record of the child, who is not shielded, of whom somebody says all this.

    With one thing wrong in what is said, the record still shares two of these; by chance hardly any other does. These
    are some of the tokens under which a child would be filed who is as the summary says.
    """
    told = _Some(tokeniser)
    for name in summary.names:
        _end(_name_tokens(told.token, name, summary, version))
        _end(_other_forms(told.token, name, summary.date_of_birth))
    if summary.postcode:
        told.token("postcode-year", summary.postcode, str(summary.date_of_birth.year))
    return told.tokens


class _Some:
    """Makes the tokens of some families alone, and keeps them."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        self._token = tokeniser.token
        self.tokens: set[int] = set()

    def token(self, family: str, *parts: str) -> int:
        if family in SAID_BY:
            self.tokens.add(self._token(family, *parts))
        return 0


def _end(tokens: Iterator[int]) -> None:
    for _token in tokens:
        pass


def _other_forms(token: Token, name: SummaryName, born: date) -> Iterator[int]:
    """Who goes by a short form may have moved, too: then nothing but the family name and the date is as it was."""
    family = phonetics.sound(normalise.whole_name(name.family))
    for word in normalise.name_parts(name.given)[:1] if family else ():
        sounds = dict.fromkeys(map(phonetics.sound, nicknames.forenames_of(word)))
        yield from (token("year-sounds", each, family, str(born.year)) for each in list(sounds)[:MOST_FORMS])


plain_tokens, near_tokens, wider_tokens = queries.plain, queries.near, queries.wide
SCHEMES: dict[int, Scheme] = {
    FIRST: Scheme(
        partial(child_tokens, version=FIRST),
        (plain_tokens, partial(near_tokens, by_month=False), partial(wider_tokens, by_month=False)),
    ),
    NEWEST: Scheme(child_tokens, (plain_tokens, near_tokens, wider_tokens)),
}
