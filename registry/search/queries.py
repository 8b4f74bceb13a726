"""From criteria to the tokens to ask for: plain first, then near, then wide.

The families are those of families.py. Each stage is bounded, its most promising tokens first, whatever was typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from string import ascii_uppercase, digits

from encryption.tokens import Tokeniser
from pages import postcodes, postcodes_in_use
from registry.search import births, nicknames, normalise, phonetics
from registry.search.criteria import Criteria

MOST_TOKENS_ASKED = 240
MOST_KNOWN_PLAINLY = 8  # pairs of sounds, beside that which was typed, that a plain search asks for
SLOTS = 16  # in which shielded children stand who may be asked for by family name and date alone (families.py)


def parts_of(family: str) -> tuple[str, ...]:
    """What a family name may also be known by: each part of a double-barrelled one, and it without its particle."""
    whole, parts = normalise.whole_name(family), normalise.name_parts(family)
    return tuple(part for part in dict.fromkeys((*parts, *normalise.bare_parts(family))) if part != whole)


@dataclass(frozen=True, slots=True)
class Asked:
    """Criteria taken apart: words of the names, years and months, and the day where it tells something."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    years: tuple[str, ...]
    years_near: tuple[str, ...]
    month: str
    months_near: tuple[str, ...]
    born: date | None
    postcode: str
    house: tuple[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.given, *self.family)))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return list(product(self.given, self.family))

    @property
    def day(self) -> str:
        return f"{self.born:%m-%d}" if self.born and not births.is_made_up(self.born) else ""

    @property
    def full(self) -> str:
        return self.postcode if postcodes.is_full(self.postcode) else ""


def take_apart(criteria: Criteria) -> Asked:
    """The criteria as tokens are made of them."""
    parts = normalise.name_parts(criteria.given)
    joined = normalise.whole_name(criteria.given)
    family = normalise.whole_name(criteria.family)
    years, about = _years(criteria), _day_of_month(criteria)
    return Asked(
        given=tuple(dict.fromkeys((*parts, joined, *normalise.bare_parts(criteria.given)))) if parts else (),
        family=tuple(dict.fromkeys((family, *parts_of(criteria.family)))) if family else (),
        years=years,
        years_near=_years_near(criteria, years),
        month=births.month(about) if about else "",
        months_near=births.months_near(about) if about else (),
        born=criteria.date_of_birth,
        postcode=criteria.postcode,
        house=(normalise.house_number(criteria.house), normalise.street(criteria.street)),
    )


def plain(criteria: Criteria, tokeniser: Tokeniser) -> set[int]:
    """Tokens that find the child when what was given is right, or sounds right."""
    if criteria.number:
        return {tokeniser.token("number", criteria.number)}
    return _bounded(_plain(take_apart(criteria), tokeniser))


def near(criteria: Criteria, tokeniser: Tokeniser, *, by_month: bool = True) -> set[int]:
    """For one typing error in either name or in both, a slip of the date beside it, and the names swapped.

    `by_month` says whether halves of both names are filed with the month, or with the day as the first version did.
    """
    return set() if criteria.number else _bounded(_near(take_apart(criteria), tokeniser, by_month=by_month))


def wide(criteria: Criteria, tokeniser: Tokeniser, *, by_month: bool = True) -> set[int]:
    """For nicknames and other spellings, names heard otherwise, dates and postcodes that are no more than like it."""
    return set() if criteria.number else _bounded(_wide(take_apart(criteria), tokeniser, by_month=by_month))


def _bounded(tokens: Iterator[int]) -> set[int]:
    bounded: set[int] = set()
    for token in tokens:
        bounded.add(token)
        if len(bounded) == MOST_TOKENS_ASKED:
            break
    return bounded


def _plain(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    token = tokeniser.token
    for word in asked.words:
        if asked.born:
            yield token("date-sound", asked.born.isoformat(), phonetics.sound(word))
        if asked.full:
            yield token("postcode-sound", asked.full, phonetics.sound(word))
        if asked.house[1]:
            yield token("street-sound", *asked.house, phonetics.sound(word))
    yield from _slots(asked, (asked.born,) if asked.born else (), tokeniser)
    for given, family in asked.pairs:
        sounds = phonetics.sound(given), phonetics.sound(family)
        if asked.day:
            # Who was born another day of that year, or on that day of another: a namesake must not hide them.
            yield from (token("year-sounds", *sounds, year) for year in asked.years_near)
            yield token("day-sound", sounds[1], phonetics.initial(given), asked.day)
        else:
            yield from (token("year-sounds", *pair, year) for year in asked.years for pair in (sounds, sounds[::-1]))
        if asked.postcode:
            yield token("district-sounds", *sounds, postcodes.district(asked.postcode))
    yield from _other_forms(asked, tokeniser)


def _slots(asked: Asked, dates: tuple[date, ...], tokeniser: Tokeniser) -> Iterator[int]:
    """Where no given name is known: shielded children have no other token without theirs."""
    if asked.family and not asked.given:
        sound = phonetics.sound(asked.family[0])
        for born, slot in product(dates, range(SLOTS)):
            yield tokeniser.token("date-family", born.isoformat(), sound, str(slot))


def _other_forms(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """Nor may a namesake born on that day hide who goes by another form of the name and was born beside it."""
    if not asked.born:
        yield from _short_forms(asked, tokeniser)
    if not asked.day:
        return
    for sounds in _pairs_known(asked)[1 : 1 + MOST_KNOWN_PLAINLY]:
        yield from (tokeniser.token("year-sounds", *sounds, year) for year in asked.years_near)


def _short_forms(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """Where there is no date to hold on to, a namesake must not hide the child who goes by a short form."""
    for word, family in product(asked.given[:1], asked.family[:1]):
        for given in dict.fromkeys(map(phonetics.sound, nicknames.forenames_of(word))):
            for year in asked.years:
                yield tokeniser.token("year-sounds", given, phonetics.sound(family), year)
            if asked.postcode:
                district = postcodes.district(asked.postcode)
                yield tokeniser.token("district-sounds", given, phonetics.sound(family), district)


def _near(asked: Asked, tokeniser: Tokeniser, *, by_month: bool) -> Iterator[int]:
    for given, family in asked.pairs:
        yield from _sounds_and_a_day(asked, given, family, tokeniser)
    for given, family in asked.pairs:
        yield from _halves(asked, given, family, tokeniser, by_month=by_month)
    if not asked.pairs:
        yield from _initials(asked, tokeniser)


def _sounds_and_a_day(asked: Asked, given: str, family: str, tokeniser: Tokeniser) -> Iterator[int]:
    token = tokeniser.token
    sounds = phonetics.sound(given), phonetics.sound(family)
    for year in asked.years_near:
        yield token("year-sounds", *sounds, year)
        yield token("year-sounds", *sounds[::-1], year)
    if asked.day:
        yield token("day-sound", sounds[1], phonetics.initial(given), asked.day)
        yield token("day-sound", sounds[0], phonetics.initial(family), asked.day)
    if asked.full:
        yield token("inward-sounds", *sounds, postcodes.inward(asked.full))


def _halves(asked: Asked, given: str, family: str, tokeniser: Tokeniser, *, by_month: bool) -> Iterator[int]:
    token = tokeniser.token
    given_halves, family_halves = phonetics.halves_asked(given), phonetics.halves_asked(family)
    given_beside = [half for half in given_halves if half.startswith("-")] if by_month else given_halves
    for year in asked.years_near:
        yield from (token("year-half", half, phonetics.sound(family), year) for half in given_beside)
        yield from (token("year-half", phonetics.sound(given), half, year) for half in family_halves)
    for halves in product(given_halves, family_halves):
        alike = halves[0].endswith("-") == halves[1].endswith("-")
        if by_month and asked.month:
            yield token("month-halves", *halves, asked.month)
        elif asked.day and alike:
            yield token("day-halves", *halves, asked.day)
        if asked.postcode and (by_month or alike):
            yield token("district-halves", *halves, postcodes.district(asked.postcode))


def _halves_in_months_near(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """For a typing error in each name, and the date wrong as well: likelier months first.

    A given name that the tables know was typed right. So one half of it is enough, in another year: year-half finds the
    rest.
    """
    if not asked.pairs:
        return
    given, family = asked.pairs[0]
    known = bool(nicknames.forenames_of(given))
    of_given = phonetics.halves(given)[:1] if known else phonetics.halves_asked(given)
    halves = list(product(of_given, phonetics.halves_asked(family)))
    for month in asked.months_near:
        if not (known and month[:4] in asked.years):
            yield from (tokeniser.token("month-halves", *each, month) for each in halves)


def _initials(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    if asked.born and asked.day:
        for initial in dict.fromkeys(phonetics.initial(word) for word in asked.words):
            yield tokeniser.token("date-initial", asked.born.isoformat(), initial)


def _wide(asked: Asked, tokeniser: Tokeniser, *, by_month: bool) -> Iterator[int]:
    token = tokeniser.token
    yield from _initials(asked, tokeniser)
    if asked.full:
        yield from (token("postcode-year", asked.full, year) for year in asked.years)
    yield from _known_as(asked, tokeniser)
    for given, family in asked.pairs:
        for year in asked.years_near:
            yield token("year-initial", phonetics.sound(family), phonetics.initial(given), year)
            yield token("year-initial", phonetics.sound(given), phonetics.initial(family), year)
    if not asked.pairs:
        yield from _slips_with_one_name(asked, tokeniser)
    if by_month:
        yield from _halves_in_months_near(asked, tokeniser)


def _known_as(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """Both names by any sound they may have been filed under."""
    token = tokeniser.token
    for sounds in _pairs_known(asked):
        yield from (token("year-sounds", *sounds, year) for year in asked.years_near)
        if asked.postcode:
            yield token("district-sounds", *sounds, postcodes.district(asked.postcode))
    yield from _known_on_that_day(asked, *_sounds_known(asked), tokeniser)


def _sounds_known(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Any sound that either name may have been filed under, likelier ones first."""
    given = dict.fromkeys(sound for word in asked.given[:2] for sound in heard_as(word, forename=True))
    family = dict.fromkeys(sound for word in asked.family[:3] for sound in heard_as(word, forename=False))
    return tuple(given), tuple(family)


def _pairs_known(asked: Asked) -> list[tuple[str, str]]:
    """Those of both names, as they were typed first."""
    given, family = _sounds_known(asked)
    places = sorted(product(range(len(given)), range(len(family))), key=sum)
    return [(given[one], family[other]) for one, other in places]


def _known_on_that_day(
    asked: Asked, given: tuple[str, ...], family: tuple[str, ...], tokeniser: Tokeniser
) -> Iterator[int]:
    token = tokeniser.token
    if asked.day and asked.pairs:
        initials = phonetics.initial(asked.given[0]), phonetics.initial(asked.family[0])
        yield from (token("day-sound", sound, initials[0], asked.day) for sound in family)
        yield from (token("day-sound", sound, initials[1], asked.day) for sound in given)
    for sound in (*given, *family):
        if asked.born:
            yield token("date-sound", asked.born.isoformat(), sound)
        if asked.full:
            yield token("postcode-sound", asked.full, sound)
        if asked.house[1]:
            yield token("street-sound", *asked.house, sound)


def heard_as(word: str, *, forename: bool) -> tuple[str, ...]:
    """Its own sound, those of names that are the same name, and its other readings."""
    named = nicknames.forenames_of(word) if forename else nicknames.others(word)
    own, *readings = phonetics.readings(word)
    return tuple(dict.fromkeys((own, *map(phonetics.sound, named), *readings)))


def _slips_with_one_name(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """One name is all there is: the date or the postcode in each way that it may have been mistaken."""
    token = tokeniser.token
    dates = [each.isoformat() for each in births.slips(asked.born)] if asked.born else []
    codes = postcodes_near(asked.full) if asked.full else []
    for sound in dict.fromkeys(phonetics.sound(word) for word in asked.words[:2]):
        yield from (token("date-sound", born, sound) for born in dates)
        yield from (token("postcode-sound", code, sound) for code in codes)
    if asked.born:
        yield from _slots(asked, births.days_beside(asked.born), tokeniser)


def _years(criteria: Criteria) -> tuple[str, ...]:
    """Years of birth to ask for: of the date given, or around a guessed age, which may be a year out."""
    born = criteria.date_of_birth
    if born:
        # A birthday that is made up is a guess at the year too.
        return tuple(str(born.year + more) for more in ((0, -1, 1) if births.is_made_up(born) else (0,)))
    if criteria.year_of_birth is not None:
        return (str(criteria.year_of_birth),)
    if criteria.age is None:
        return ()
    newest = criteria.today.year - criteria.age
    return tuple(str(newest - before) for before in (0, 1, 2, -1))


def _day_of_month(criteria: Criteria) -> date | None:
    """The date of birth, or any day in the middle of the month that is known of it, which is like no other month."""
    if criteria.year_of_birth is not None and criteria.month_of_birth:
        return births.as_date(criteria.year_of_birth, criteria.month_of_birth, 15)
    return criteria.date_of_birth


def _years_near(criteria: Criteria, years: tuple[str, ...]) -> tuple[str, ...]:
    """With the year on the other side, where the day or the month beside the date that is given lies in it.

    Where the year is known alone, or with the month, those beside it.
    """
    born, year = criteria.date_of_birth, criteria.year_of_birth
    if year is not None:
        return (str(year), str(year - 1), str(year + 1))
    if born is None or births.is_made_up(born):
        return years
    return tuple(dict.fromkeys((*years, *(str(year) for year in births.years_near(born)))))


def postcodes_near(code: str) -> list[str]:
    """The postcodes that somebody may have meant who gave a full one, of those that there are."""
    return postcodes_in_use.in_use(slipped_postcodes(code))


def slipped_postcodes(code: str) -> list[str]:
    """The full postcodes that differ from a full one in one character of its kind."""
    return [
        code[:place] + other + code[place + 1 :]
        for place, character in enumerate(code)
        if character != " "
        for other in (digits if character.isdigit() else ascii_uppercase)
        if other != character
    ]
