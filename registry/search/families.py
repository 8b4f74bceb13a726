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
    year-half          year, one name by sound, a half of the other: all four
    day-sound          day and month, one name by sound, the other's initial
    day-halves         day and month, both beginnings or both ends
    district-sounds    postcode district, both names by sound
    district-halves    postcode district, both beginnings or both ends
    inward-sounds      second part of the postcode, both names by sound
    postcode-sound     full postcode, either name by sound
    postcode-year      full postcode, year
    street-sound       house and street, either name by sound

1 January is the birthday of those whose birthday nobody knew: such a child has no family of a day, nor date-initial.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from encryption.tokens import Tokeniser
from pages import postcodes
from registry.search import births, normalise, phonetics, queries
from registry.search.criteria import Criteria
from registry.values import Summary, SummaryName

Token = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the families: how a child is filed, and what to ask for, plain first and then wider and wider.

    A stage is asked when those before it found nothing good. It has at most queries.MOST_TOKENS_ASKED tokens.
    """

    child_tokens: Callable[[Summary, Tokeniser], set[int]]
    stages: tuple[Callable[[Criteria, Tokeniser], set[int]], ...]


def child_tokens(summary: Summary, tokeniser: Tokeniser) -> set[int]:
    """Every token under which the child is filed: under each of its names, and under each of its numbers.

    32 or fewer for a child of one forename or two, one family name and one name in all; a double-barrelled name adds
    five, a former name about fifteen.
    """
    token = tokeniser.token
    tokens = {token("number", number) for number in (summary.number, *summary.numbers)}
    for name in summary.names:
        tokens.update(_name_tokens(token, name, summary))
    if summary.postcode:
        tokens.add(token("postcode-year", summary.postcode, str(summary.date_of_birth.year)))
    return tokens


def _name_tokens(token: Token, name: SummaryName, summary: Summary) -> Iterator[int]:
    given, *more_given = (*normalise.name_parts(name.given), *normalise.joined_forename(name.given)) or ("",)
    family, parts = normalise.whole_name(name.family), queries.parts_of(name.family)
    yield from _single_tokens(token, dict.fromkeys(word for word in (given, family, *parts) if word), summary)
    if not (given and family):
        return
    year = str(summary.date_of_birth.year)
    yield from _pair_tokens(token, given, family, summary)
    for other in more_given:
        yield token("year-sounds", phonetics.sound(other), phonetics.sound(family), year)
    for part in parts:
        yield token("year-sounds", phonetics.sound(given), phonetics.sound(part), year)


def _single_tokens(token: Token, words: dict[str, None], summary: Summary) -> Iterator[int]:
    """Of each word by itself, since some children have one name only, and some people know one only."""
    born, house = summary.date_of_birth, normalise.house_and_street(summary.lines) if summary.lines else None
    for place, word in enumerate(words):
        sound = phonetics.sound(word)
        if place < 2:  # noqa: PLR2004 - the given and the whole family name; halves of that one have an initial
            yield token("date-sound", born.isoformat(), sound)
        if not births.is_made_up(born):
            yield token("date-initial", born.isoformat(), phonetics.initial(word))
        if summary.postcode:
            yield token("postcode-sound", summary.postcode, sound)
        if house and house[1] and place < 2:  # noqa: PLR2004 - as above
            yield token("street-sound", *house, sound)


def _pair_tokens(token: Token, given: str, family: str, summary: Summary) -> Iterator[int]:
    born, postcode = summary.date_of_birth, summary.postcode
    year, day = str(born.year), f"{born:%m-%d}"
    sounds = phonetics.sound(given), phonetics.sound(family)
    given_halves, family_halves = phonetics.halves(given), phonetics.halves(family)
    yield token("year-sounds", *sounds, year)
    yield token("year-initial", sounds[1], phonetics.initial(given), year)
    yield from (token("year-half", half, sounds[1], year) for half in given_halves)
    yield from (token("year-half", sounds[0], half, year) for half in family_halves)
    alike = tuple(zip(given_halves, family_halves, strict=True))
    if not births.is_made_up(born):
        yield token("day-sound", sounds[1], phonetics.initial(given), day)
        yield token("day-sound", sounds[0], phonetics.initial(family), day)
        yield from (token("day-halves", *halves, day) for halves in alike)
    if postcode:
        yield token("district-sounds", *sounds, postcodes.district(postcode))
        yield token("inward-sounds", *sounds, postcodes.inward(postcode))
        yield from (token("district-halves", *halves, postcodes.district(postcode)) for halves in alike)


plain_tokens, near_tokens, wider_tokens = queries.plain, queries.near, queries.wide
SCHEMES: dict[int, Scheme] = {1: Scheme(child_tokens, (plain_tokens, near_tokens, wider_tokens))}
NEWEST = 1
