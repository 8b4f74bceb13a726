"""What stands out in what a supplier sends, by one simple rule. It is for a person to look at, and decides nothing.

The newest batch that was read is held against those before it: of each share, their median is what is usual. Said is
the first of these that holds:

1. The newest batch was refused as a whole.
2. Rows refused, doubtful, or older than a year: at least twice as many as is usual, and at least one in fifty. Rows
   refused or doubtful: one in ten, whatever is usual.
3. A part that most rows say usually, and one in ten fewer say now.
4. Rows about children who were not on record: one in ten more than is usual.
5. Doubtful rows that wait for longer than four weeks.
6. Of one in ten children whom the feed names it has said nothing for a year: not of a source that says a thing once.
7. Nothing can be said: no batch stands, or the newest has fewer than fifty rows. Of so few no share says anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from statistics import median
from typing import NamedTuple

from feeds.rules.parts import Age, Part, parts_of
from registry.vocabulary import Source

FEWEST = 50  # rows, or children: below that a share says little
TIMES, LEAST = 2, 1 / 50
ALWAYS = 1 / 10
LESS = MORE = 1 / 10
MOST_SAY = 1 / 2
WAITS = timedelta(days=28)
SILENT_AFTER = timedelta(days=365)
SAYS_ONCE = frozenset({Source.BIRTH_REGISTRATION})  # a child is born once, and dies once


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def of_one(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a batch. It `stands` where its rows were read and it was not taken back.

    `linked` to `refused` are as they stand by now. `same`, `different` and `waiting` are its doubtful rows, by what
    people said, and `waited` how long those waited at the median of which that was said, where it can be told.
    `named` is how many children the feed named once the batch was taken in, and `silent` of how many of them it had
    said nothing for a year. `holds` and `ages` are None where they were not counted.
    """

    id: int
    state: str
    stands: bool
    is_refused: bool
    received_at: datetime
    taken_in_at: datetime | None
    rows: int
    linked: int
    created: int
    queued: int
    refused: int
    unchanged: int
    faults: Mapping[str, int]
    fault: str
    read: int
    holds: Mapping[str, int] | None
    ages: Mapping[str, int] | None
    named: int | None
    silent: int | None
    same: int
    different: int
    waiting: int
    waited: timedelta | None

    @property
    def counts(self) -> bool:
        """Whether it has rows that say something of the feed."""
        return self.stands and self.rows > 0

    @property
    def doubtful(self) -> int:
        """How many were doubtful as they came in: of a batch that was only checked, those that will be."""
        return max(self.queued, self.same + self.different + self.waiting)

    @property
    def faults_in_order(self) -> list[tuple[str, int]]:
        """Most frequent first."""
        return sorted(self.faults.items(), key=lambda each: (-each[1], each[0]))


class Kind(Enum):
    """What may stand out."""

    REFUSED_WHOLE = auto()
    REFUSED = auto()
    DOUBTFUL = auto()
    OLD = auto()
    LESS_SAID = auto()
    NEW = auto()
    SILENT = auto()
    WAITING = auto()
    NONE_STANDS = auto()
    TOO_FEW = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands out, how much of it, and how much of it is usual. `code`: of a fault, or of a part."""

    kind: Kind
    now: Share
    usual: float | None = None
    code: str = ""


# What few rows should be. How old what is said may be is another with each source.
ALWAYS_TOO_MANY = (Kind.REFUSED, Kind.DOUBTFUL)
FEW: Mapping[Kind, Callable[[Figures], Share]] = {
    Kind.REFUSED: lambda batch: Share(batch.refused, batch.rows),
    Kind.DOUBTFUL: lambda batch: Share(batch.doubtful, batch.rows),
    Kind.OLD: lambda batch: Share((batch.ages or {}).get(Age.OLDER, 0), batch.read),
}


def standing_out(batches: Sequence[Figures], *, source: Source, now: datetime) -> Finding | None:
    """What is to be looked at, of one feed's batches, the newest first; None where nothing stands out."""
    if not batches:
        return None
    if batches[0].is_refused:
        return Finding(Kind.REFUSED_WHOLE, Share(1, 1), code=batches[0].fault)
    read = [each for each in batches if each.counts]
    if not read:
        return Finding(Kind.NONE_STANDS, Share(0, 0))
    newest, *before = read
    looked_at = (
        *(_few(kind, share, newest, before) for kind, share in FEW.items()),
        *(_said(part, newest, before) for part in parts_of(source)),
        _new(newest, before),
        _waiting(read, now),
        None if source in SAYS_ONCE else _silent(read),
        Finding(Kind.TOO_FEW, Share(newest.rows, newest.rows)) if newest.rows < FEWEST else None,
    )
    return next((each for each in looked_at if each is not None), None)


def usual(share: Callable[[Figures], Share], before: Sequence[Figures]) -> float | None:
    """The median of the batches before, but those of which a share says nothing."""
    told = [found.of_one for each in before if (found := share(each)).whole >= FEWEST]
    return median(told) if told else None


def said(part: Part) -> Callable[[Figures], Share]:
    """How many rows say it."""
    return lambda batch: Share((batch.holds or {}).get(part, 0), batch.read)


def _few(kind: Kind, share: Callable[[Figures], Share], newest: Figures, before: Sequence[Figures]) -> Finding | None:
    found, as_usual = share(newest), usual(share, before)
    rises = as_usual is not None and found.of_one >= max(TIMES * as_usual, LEAST)
    too_many = kind in ALWAYS_TOO_MANY and found.of_one >= ALWAYS
    if found.whole < FEWEST or not (rises or too_many):
        return None
    code = newest.faults_in_order[0][0] if kind is Kind.REFUSED and newest.faults else ""
    return Finding(kind, found, as_usual, code)


def _said(part: Part, newest: Figures, before: Sequence[Figures]) -> Finding | None:
    found, as_usual = said(part)(newest), usual(said(part), before)
    if found.whole < FEWEST or as_usual is None or as_usual < MOST_SAY or as_usual - found.of_one < LESS:
        return None
    return Finding(Kind.LESS_SAID, found, as_usual, part)


def _new(newest: Figures, before: Sequence[Figures]) -> Finding | None:
    found, as_usual = _made(newest), usual(_made, before)
    if found.whole < FEWEST or as_usual is None or found.of_one - as_usual < MORE:
        return None
    return Finding(Kind.NEW, found, as_usual)


def _made(batch: Figures) -> Share:
    return Share(batch.created, batch.rows)


def _silent(read: Sequence[Figures]) -> Finding | None:
    """As the batch says that was taken in last."""
    found = next((Share(each.silent or 0, each.named) for each in read if each.named is not None), Share(0, 0))
    return Finding(Kind.SILENT, found) if found.whole >= FEWEST and found.of_one >= ALWAYS else None


def _waiting(read: Sequence[Figures], now: datetime) -> Finding | None:
    wait = [each for each in read if each.waiting and each.taken_in_at and now - each.taken_in_at > WAITS]
    rows = sum(each.waiting for each in wait)
    return Finding(Kind.WAITING, Share(rows, rows)) if rows else None
