"""How long a record lives (DOMAIN: retention)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from registry.values import Address
from registry.vocabulary import AddressState

MAJORITY = 18
KEPT_TO = 25  # of whoever consented
CONSENT_FROM = 17
ARCHIVE_YEARS = 6
YEARS_AFTER_DEATH = 1
# After leaving England. Who intends to return within three years may, until these are over.
YEARS_AWAY = {
    AddressState.LEFT_NOT_RETURNING: 1,
    AddressState.LEFT_RETURNING: 3,
    AddressState.LEFT_UNKNOWN: 3,
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What besides birth and death decides how long a record lives.

    `consented_on` is when the young person consented to its being kept, `away_until` when it ends since they left
    England.
    """

    consented_on: date | None = None
    away_until: date | None = None


ORDINARY = Circumstances()


class Stage(Enum):
    """Where a record is on its way."""

    LIVE = auto()
    ARCHIVED = auto()  # which no user reads
    GONE = auto()


def stage_on(today: date, date_of_birth: date, date_of_death: date | None, known: Circumstances = ORDINARY) -> Stage:
    """What a record should be on that day."""
    if today < archive_on(date_of_birth, date_of_death, known):
        return Stage.LIVE
    return Stage.ARCHIVED if today < destroy_on(date_of_birth, date_of_death, known) else Stage.GONE


def archive_on(date_of_birth: date, date_of_death: date | None, known: Circumstances = ORDINARY) -> date:
    """The day a record ends to be live, whichever comes first: the 18th birthday, or the 25th of whoever consented; a
    year past death; some time after leaving England.
    """
    kept = consent_counts(date_of_birth, known.consented_on)
    ends = [kept_until(date_of_birth) if kept else grown_up_on(date_of_birth)]
    if date_of_death is not None:
        ends.append(years_later(date_of_death, YEARS_AFTER_DEATH))
    if known.away_until is not None:
        ends.append(known.away_until)
    return min(ends)


def destroy_on(date_of_birth: date, date_of_death: date | None, known: Circumstances = ORDINARY) -> date:
    """The day a record must be gone: after six years of archive."""
    return years_later(archive_on(date_of_birth, date_of_death, known), ARCHIVE_YEARS)


def consent_counts(date_of_birth: date, consented_on: date | None) -> bool:
    """Whether somebody was old enough when they consented to their record's being kept."""
    return consented_on is not None and consented_on >= may_consent_from(date_of_birth)


def away_until(address: Address | None) -> date | None:
    """When a record ends because its child left England: by the address that is the present one.

    A year after who does not mean to return left, three years after anybody else did. Where the day is not known it is
    that on which the source last said so.
    """
    if address is None or address.state not in YEARS_AWAY:
        return None
    return years_later(address.valid_from or address.provenance.confirmed_on, YEARS_AWAY[address.state])


def age(date_of_birth: date, today: date) -> int:
    """Whole years lived."""
    return today.year - date_of_birth.year - ((today.month, today.day) < (date_of_birth.month, date_of_birth.day))


def grown_up_on(date_of_birth: date) -> date:
    """The eighteenth birthday; of whoever was born on 29 February, 1 March, since the day before they are seventeen."""
    return years_later(date_of_birth, MAJORITY)


def kept_until(date_of_birth: date) -> date:
    """The 25th birthday, to which a record is kept by consent."""
    return years_later(date_of_birth, KEPT_TO)


def may_consent_from(date_of_birth: date) -> date:
    """The 17th birthday."""
    return years_later(date_of_birth, CONSENT_FROM)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, in a year without one, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
