"""Every reason by which an access explains itself. A new one is one class in a module here, and one line below."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from review.examining.access import Access
from review.examining.known import Known
from review.explanations.area import Area
from review.explanations.base import Explanation, Strength
from review.explanations.colleague import Colleague
from review.explanations.involved import InvolvedNow
from review.explanations.involved_lately import InvolvedLately
from review.explanations.later import Later
from review.explanations.mediated import Mediated
from review.explanations.patient import Patient
from review.explanations.pupil import Pupil
from review.explanations.recorded_before import RecordedBefore
from review.explanations.recorded_that_day import RecordedThatDay
from review.explanations.searched import Searched
from review.explanations.sibling import Sibling

# In the order in which they are said: what is nearest to the child comes first.
AT_ONCE: Sequence[Explanation] = (
    Pupil(),
    Patient(),
    InvolvedNow(),
    RecordedThatDay(),
    RecordedBefore(),
    InvolvedLately(),
    Sibling(),
    Colleague(),
    Area(),
    Mediated(),
    Searched(),
)
LATER = Later()
ALL: Mapping[str, Explanation] = {each.code: each for each in (*AT_ONCE, LATER)}
OF_STRANGERS = frozenset(code for code, each in ALL.items() if each.of_strangers)
FULL = frozenset(code for code, each in ALL.items() if each.strength is Strength.FULL)
WORDS: Mapping[str, str] = {code: each.words for code, each in ALL.items()}


class Reasons(NamedTuple):
    """What explains an access, by code, each with its day; and which share of a relationship's weight that leaves."""

    codes: tuple[str, ...]
    days: tuple[date, ...]
    explained: bool
    leaves: float


def reasons_of(access: Access, known: Known) -> Reasons:
    """Everything that can be said for an access at the moment at which it was made."""
    codes, days, explained, leaves = [], [], False, 1.0
    for each in AT_ONCE:
        day = each.explain(access, known)
        if day is not None:
            codes.append(each.code)
            days.append(day)
            explained = explained or each.strength is Strength.FULL
            leaves = min(leaves, each.leaves)
    return Reasons(tuple(codes), tuple(days), explained, leaves)


def is_strangers(codes: Iterable[str]) -> bool:
    """Whether these are reasons of somebody who has nothing else to do with the child."""
    return OF_STRANGERS.issuperset(codes)


def is_duty(codes: Iterable[str]) -> bool:
    """Whether a duty for the area is all that explains it."""
    return FULL.intersection(codes) == {Area.code}


def leaves_of(codes: Sequence[str]) -> float:
    """Which share of a relationship's weight these reasons leave. A code that there is no more counts for nothing."""
    return min((ALL[code].leaves for code in codes if code in ALL), default=1.0)
