"""Token families: the combinations of values by which a sealed record can be found.

Never a name alone, nor both names alone: public name counts would give those away (DESIGN, section 5). A child's
tokens and a query's tokens are made here side by side, so that what one side writes the other can ask for.

    birth     date of birth with the initial of either name
    sound     both names by sound, with year; with day and month; with postcode district
    address   one name by sound with the full postcode; year with the full postcode
    slip      one name with any letter left out, the other's initial, year
    day       one name by sound, the other's initial, day and month
    number    a number, by itself: it identifies
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from encryption.tokens import Tokeniser
from registry.search import normalise
from registry.search.criteria import Criteria
from registry.values import Summary

LONGEST_NAME = 24  # letters that count; bounds the work a long name makes
MOST_TOKENS_ASKED = 240


@dataclass(frozen=True, slots=True)
class Forms:
    """The words under which a child's given and family names are filed, normalised."""

    given: tuple[str, ...]
    family: tuple[str, ...]


def forms_of(given: str, family: str) -> Forms:
    """First forename and all forenames as one; the family name as one, and each half of a double-barrelled one."""
    return Forms(_words(given)[:3], _words(family)[:3])


def child_tokens(summary: Summary, tokeniser: Tokeniser) -> set[int]:
    """Every token under which the child is filed: under each of its names, and under each of its numbers."""
    born = summary.date_of_birth
    tokens = {tokeniser.token("number", number) for number in (summary.number, *summary.numbers)}
    for name in summary.names:
        forms = forms_of(name.given, name.family)
        for word in (*forms.given, *forms.family):  # apart from the pairs: some children have one name only
            tokens.update(_word_tokens(tokeniser, word, born, summary.postcode))
        for given, family in product(forms.given, forms.family):
            tokens.update(_pair_tokens(tokeniser, given, family, born, summary.postcode))
    if summary.postcode:
        tokens.add(tokeniser.token("address-year", summary.postcode, str(born.year)))
    return tokens


def _word_tokens(tokeniser: Tokeniser, word: str, born: date, postcode: str) -> Iterator[int]:
    yield tokeniser.token("birth", born.isoformat(), word[:1])
    if postcode:
        yield tokeniser.token("address-sound", normalise.sound(word), postcode)


def _pair_tokens(tokeniser: Tokeniser, given: str, family: str, born: date, postcode: str) -> Iterator[int]:
    token = tokeniser.token
    year, day = str(born.year), _day(born)
    sounds = normalise.sound(given), normalise.sound(family)
    yield token("sound-year", *sounds, year)
    yield token("sound-day", *sounds, day)
    if postcode:
        yield token("sound-district", *sounds, normalise.district(postcode))
    for word, other in ((given, family), (family, given)):
        yield token("day", normalise.sound(word), other[:1], day)
        for slip in normalise.deletions(word):
            yield token("slip", slip, other[:1], year)


def plain_tokens(criteria: Criteria, tokeniser: Tokeniser) -> set[int]:
    """Tokens that find the child when what was given is right, or sounds right."""
    token = tokeniser.token
    if criteria.number:
        return {token("number", criteria.number)}
    forms = forms_of(criteria.given, criteria.family)
    years = _years(criteria)
    tokens: set[int] = set()
    for given, family in _pairs(forms):
        sounds = normalise.sound(given), normalise.sound(family)
        tokens.update(token("sound-year", *sounds, str(year)) for year in years)
        if criteria.date_of_birth:
            tokens.add(token("sound-day", *sounds, _day(criteria.date_of_birth)))
        if criteria.postcode:
            tokens.add(token("sound-district", *sounds, normalise.district(criteria.postcode)))
    for word in (*forms.given, *forms.family):
        if criteria.date_of_birth:
            tokens.add(token("birth", criteria.date_of_birth.isoformat(), word[:1]))
        if " " in criteria.postcode:
            tokens.add(token("address-sound", normalise.sound(word), criteria.postcode))
    return tokens


def wider_tokens(criteria: Criteria, tokeniser: Tokeniser) -> set[int]:
    """Further tokens, for when the plain ones found nothing good: typing errors, date slips, swapped names."""
    token = tokeniser.token
    if criteria.number:
        return set()
    forms = forms_of(criteria.given, criteria.family)
    years = _years(criteria)
    tokens: list[int] = []  # in order of promise, since a long double-barrelled name has more than may be asked
    for born in _slipped_dates(criteria.date_of_birth):
        tokens.extend(token("birth", born.isoformat(), word[:1]) for word in (*forms.given, *forms.family))
    if " " in criteria.postcode:
        tokens.extend(token("address-year", criteria.postcode, str(year)) for year in years)
    for given, family in _pairs(forms):
        swapped = normalise.sound(family), normalise.sound(given)
        tokens.extend(token("sound-year", *swapped, str(year)) for year in years)
        for word, other in ((given, family), (family, given)):
            if criteria.date_of_birth:
                tokens.append(token("day", normalise.sound(word), other[:1], _day(criteria.date_of_birth)))
            for slip, year in product(normalise.deletions(word), years):
                tokens.append(token("slip", slip, other[:1], str(year)))
    return set(tokens[:MOST_TOKENS_ASKED])


def _words(name: str) -> tuple[str, ...]:
    parts = normalise.name_parts(name)
    words = dict.fromkeys(["".join(parts), *parts]) if parts else {}
    return tuple(word[:LONGEST_NAME] for word in words)


def _pairs(forms: Forms) -> list[tuple[str, str]]:
    return list(product(forms.given, forms.family))


def _day(born: date) -> str:
    return f"{born:%m-%d}"


def _years(criteria: Criteria) -> list[int]:
    """Years of birth to ask for: of the date given, or around a guessed age, which may be a year out."""
    if criteria.date_of_birth:
        return [criteria.date_of_birth.year]
    if criteria.age is None:
        return []
    newest = criteria.today.year - criteria.age
    return [newest - 2, newest - 1, newest, newest + 1]


def _slipped_dates(born: date | None) -> list[date]:
    """The dates somebody may have meant: day and month swapped, a neighbouring year."""
    if born is None:
        return []
    meant = [
        (born.year, born.day, born.month),
        (born.year - 1, born.month, born.day),
        (born.year + 1, born.month, born.day),
    ]
    return [date(*parts) for parts in meant if _is_date(*parts)]


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
