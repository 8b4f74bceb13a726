"""Which tokens lead to a child by themselves, and which only to one who has another token as well.

Tokens are so short that several children share each by chance (index/epochs.py), and a search with mistakes asks for
dozens of them. Nearly all whom they lead to have one, and nothing of the child who is meant. The child who is meant
has another, which follows from the first: whoever has a name and a date has the initial of that name on that date. So
these others stand *beside* what is asked, for each way in which it may be mistaken. They lead to nobody, and whoever
has none of them is not looked at (docs/adr/0044).

    both names and a date           the initial of one on a date that may be meant
    both names and a year or age    either name with the initial of the other, in a year that may be meant
    one name and a full postcode    a postcode that may be meant, with any year of birth

What nothing follows from leads alone. So does a number, and so do both names with the year, as they are typed: the date
may be any other. Some of what stands beside leads as well, where one mistake leaves nothing else of what was asked.

A shielded child is filed with none of what stands beside, and needs none: they are few, and PostgreSQL knows them. What
leads to them alone, as the family name on a date in slots does, stands among what is to be corroborated.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from encryption.tokens import Tokeniser
from registry.search import births, nicknames, phonetics, queries
from registry.search.criteria import Criteria
from registry.search.queries import Asked

MOST_BESIDE = 1500  # search.ask takes no more
_ENDING = "-"  # as -son is written
_OF_A_PLACE = frozenset(
    {"district-halves", "district-sounds", "inward-sounds", "postcode-sound", "postcode-year", "street-sound"}
)
_HALVES = frozenset({"month-halves", "day-halves"})
_FOLLOW = frozenset({"date-initial", "postcode-year", "year-initial"})  # which may stand beside
_OF_SHIELDED = "date-family"

Label = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: `alone` leads to every child who has one of it, `corroborated` to each who has one of it and
    is shielded, or has one of `beside` as well, which leads to nobody."""

    alone: frozenset[int]
    corroborated: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()

    def leads_to(self, filed: set[int], *, shielded: bool) -> bool:
        """Whether to a child who is filed under these, as search.draw has it."""
        return not filed.isdisjoint(self.alone) or (
            not filed.isdisjoint(self.corroborated) and (shielded or not filed.isdisjoint(self.beside))
        )


class Corroborating:
    """What one search asks for, stage by stage, each token once.

    Two tokens may be the same by chance, often in a small registry: then it is asked for what each stands for.
    """

    def __init__(self, criteria: Criteria, tokeniser: Tokeniser) -> None:
        self._criteria = criteria
        self._noting = _Noting(tokeniser)
        self._asked = queries.take_apart(criteria)
        self._typed = {
            pair for given, family in self._asked.pairs for pair in _either_way(*map(phonetics.sound, (given, family)))
        }
        beside, leading_too = _Noting(tokeniser), _Noting(tokeniser)
        if not criteria.number:
            self._beside = frozenset(islice(_beside(self._asked, criteria.today.year, beside), MOST_BESIDE))
            self._leads_too = frozenset(_beside_and_leading(self._asked, leading_too))
        else:
            self._beside = self._leads_too = frozenset()
        lead = {label for labels in leading_too.labels.values() for label in labels}
        self._leads_nobody = frozenset(token for token, labels in beside.labels.items() if not lead.issuperset(labels))
        self._asked_alone: frozenset[int] = frozenset()
        self._asked_corroborated: frozenset[int] = frozenset()

    def wanted(self, make_tokens: Callable[[Criteria, Tokeniser], set[int]]) -> Wanted:
        """What a stage asks for that was not asked for yet."""
        tokens = frozenset(make_tokens(self._criteria, self._noting)) - self._asked_alone
        if not self._beside:
            of_shielded = frozenset(filter(self._leads_to_shielded_alone, tokens))
            self._asked_alone |= tokens
            return Wanted(tokens - of_shielded, of_shielded)
        both = tokens & self._leads_too
        leading = frozenset(token for token in tokens if token not in self._beside or self._only_looks_so(token)) | both
        alone = frozenset(token for token in leading if any(map(self._leads_alone, self._noting.labels[token])))
        corroborated = leading - alone - self._asked_corroborated
        self._asked_alone |= alone
        self._asked_corroborated |= corroborated
        # What leads too is not corroborated by itself.
        return Wanted(alone, corroborated, self._beside - (both - self._leads_nobody))

    def _only_looks_so(self, token: int) -> bool:
        """Whether a token that is as one beside stands for something else too."""
        return any(family not in _FOLLOW for family, *_parts in self._noting.labels[token])

    def _leads_to_shielded_alone(self, token: int) -> bool:
        return all(family == _OF_SHIELDED for family, *_parts in self._noting.labels[token])

    def _leads_alone(self, label: Label) -> bool:
        asked = self._asked
        family, *parts = label
        if not asked.pairs:
            return parts[0] == asked.full
        if family == "year-sounds":
            return tuple(parts[:2]) in self._typed
        if family == "year-half":
            # Without a date or a place, half a name is all that may be right of one who is looked for.
            return not asked.day and not asked.postcode
        if family in _HALVES and asked.day:
            # Whose initials are both wrong, for the price of a token or two.
            return parts[2] in (asked.month, asked.day) and all(half.startswith(_ENDING) for half in parts[:2])
        return family in _OF_A_PLACE or not asked.day


class _Noting(Tokeniser):
    """Makes tokens, and notes all that each stands for."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        super().__init__(tokeniser.epoch, tokeniser.bits)
        self._token = tokeniser.token
        self.labels: dict[int, list[Label]] = {}

    def token(self, family: str, *parts: str) -> int:
        token = self._token(family, *parts)
        self.labels.setdefault(token, []).append((family, *parts))
        return token


def _beside(asked: Asked, this_year: int, tokeniser: Tokeniser) -> Iterator[int]:
    """What follows from a token that the child may be found by. Likelier ones first."""
    if asked.pairs and asked.born and asked.day:
        return _on_those_dates(asked, asked.born, tokeniser)
    if asked.pairs and asked.years:
        return _in_those_years(asked, tokeniser)
    if asked.full and asked.words and not asked.pairs and not asked.born:
        return _at_those_postcodes(asked, this_year, tokeniser)
    return iter(())


def _in_those_years(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """Family names as they may be written, with the initials of given names; and the other way round."""
    given = [*asked.given[:2], *nicknames.forenames_of(asked.given[0])]
    ways = (
        (_sounds(asked.family, forename=False), given),
        (_sounds(asked.given, forename=True), [*asked.family[:2]]),
    )
    for sounds, words in ways:
        initials = dict.fromkeys(map(phonetics.initial, words))
        for sound, initial, year in product(sounds, initials, asked.years_near):
            yield tokeniser.token("year-initial", sound, initial, year)


def _sounds(words: tuple[str, ...], *, forename: bool) -> dict[str, None]:
    return dict.fromkeys(sound for word in words[:3] for sound in queries.heard_as(word, forename=forename))


def _on_those_dates(asked: Asked, born: date, tokeniser: Tokeniser) -> Iterator[int]:
    initials = dict.fromkeys(map(phonetics.initial, (*asked.given[:2], *asked.family[:2])))
    dates = (born, *births.slips(born))
    for day, initial in product(dates, initials):
        yield tokeniser.token("date-initial", day.isoformat(), initial)


def _beside_and_leading(asked: Asked, tokeniser: Tokeniser) -> Iterator[int]:
    """What stands beside and leads as well, since one mistake may leave nothing else of what was asked.

    With a date, its day with the initial of the given name: whoever has both initials on that day is found, however the
    names are mistyped. Without one, the family name with that initial and the year: a mistake at the end of a given
    name leaves its beginning, which is filed with no family name and year (families.py). With one name, the full
    postcode with the year: that name may be wrong.
    """
    token = tokeniser.token
    if not asked.pairs:
        yield from (token("postcode-year", asked.full, year) for year in asked.years if asked.full)
        return
    given, family = asked.given[0], asked.family[0]
    initial, other = phonetics.initial(given), phonetics.initial(family)
    if asked.born and asked.day:
        if initial != other:
            yield token("date-initial", asked.born.isoformat(), initial)
        return
    # Of a child who has one name twice, either may be the one that is right.
    for sound in map(phonetics.sound, (family, given) if initial == other else (family,)):
        yield from (token("year-initial", sound, initial, year) for year in asked.years)


def _at_those_postcodes(asked: Asked, this_year: int, tokeniser: Tokeniser) -> Iterator[int]:
    codes = (asked.full, *queries.postcodes_near(asked.full))
    years = births.years_kept(this_year)
    if len(codes) * len(years) > MOST_BESIDE:  # where nobody took in which there are; some would be left out
        return
    for code, year in product(codes, years):
        yield tokeniser.token("postcode-year", code, str(year))


def _either_way(one: str, other: str) -> tuple[tuple[str, str], ...]:
    return (one, other), (other, one)
