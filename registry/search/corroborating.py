"""Which tokens lead to a child by themselves, and which only to one who has another of them too.

Tokens are so short that eight children share each by chance (index/epochs.py), and a search with mistakes asks for
dozens of them: most whom they lead to have one, and nothing of the child who is meant. That child nearly always has
another: of the tokens asked, or of those that stand *beside* them and lead nowhere, which are the initials of either
name on each date that may have been mistaken for the one given (docs/adr/0044).
"""

from collections.abc import Callable
from dataclasses import dataclass

from encryption.tokens import Tokeniser
from registry.search import births, normalise, phonetics
from registry.search.criteria import Criteria

MOST_BESIDE = 700  # search.ask takes no more
_INITIALS = 4
# By the stage. For the few who have the initials of both names wrong, at the price of nine tokens.
_ALONE_WITH_A_DATE = ((), ("month-halves", "day-halves"), ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: `alone` leads to every child who has one of it, `corroborated` to each who has one of it and
    another of all three. `beside` leads to nobody."""

    alone: frozenset[int]
    corroborated: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()


class Corroborating:
    """What one search asks for, stage by stage: what it has asked before stands beside what it asks next."""

    def __init__(self, criteria: Criteria, tokeniser: Tokeniser) -> None:
        self._criteria = criteria
        self._noting = _Noting(tokeniser)
        self._has_date = _has_date(criteria)
        self._asked: frozenset[int] = frozenset()
        self._mistaken = frozenset(_initials_on_dates(criteria, tokeniser)) if self._has_date else frozenset()

    def wanted(self, stage: int, make_tokens: Callable[[Criteria, Tokeniser], set[int]]) -> Wanted:
        """What to ask for at that stage that was not asked for yet."""
        tokens = frozenset(make_tokens(self._criteria, self._noting)) - self._asked
        alone = frozenset(token for token in tokens if self._leads_alone(self._noting.families[token], stage))
        wanted = Wanted(alone, tokens - alone, self._asked | self._mistaken if tokens - alone else frozenset())
        self._asked |= tokens
        return wanted

    def _leads_alone(self, family: str, stage: int) -> bool:
        if self._has_date:
            return family in _ALONE_WITH_A_DATE[stage]
        # Whoever has the year and a half of a name right has more right of it, or of the place where one is given.
        if self._criteria.given and self._criteria.family and not self._criteria.date_of_birth:
            return family != "year-initial" and (family != "year-half" or not self._criteria.postcode)
        return True


class _Noting(Tokeniser):
    """Makes tokens, and notes of which family each is: of the first, where two come to the same."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        super().__init__(tokeniser.epoch, tokeniser.bits)
        self._token = tokeniser.token
        self.families: dict[int, str] = {}

    def token(self, family: str, *parts: str) -> int:
        token = self._token(family, *parts)
        self.families.setdefault(token, family)
        return token


def _has_date(criteria: Criteria) -> bool:
    """Whether both names are known, and a day that says something."""
    born = criteria.date_of_birth
    return bool(criteria.given and criteria.family and born and not births.is_made_up(born))


def _initials_on_dates(criteria: Criteria, tokeniser: Tokeniser) -> set[int]:
    born = criteria.date_of_birth
    if born is None:
        return set()
    words = (*normalise.name_parts(criteria.given), *normalise.name_parts(criteria.family))
    initials = [each for each in dict.fromkeys(map(phonetics.initial, words)) if each][:_INITIALS]
    dates = [each.isoformat() for each in (born, *births.slips(born))]
    return {tokeniser.token("date-initial", day, initial) for day in dates for initial in initials}
