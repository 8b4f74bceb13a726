"""When people are at work: bank holidays, school terms, hours by kind of organisation, shifts and leave."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from access.models import OrganisationKind

SATURDAY, SUNDAY = 5, 6
WEEKDAYS = frozenset(range(SATURDAY))
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_EDUCATION = frozenset({OrganisationKind.SCHOOL, OrganisationKind.EARLY_YEARS})
# Of a school's staff some come in when there are no pupils.
_IN_HOLIDAYS = 0.06
_ROUND_THE_CLOCK = frozenset({OrganisationKind.HOSPITAL, OrganisationKind.POLICE})
_SHIFTS = ((7 * 60, 15 * 60), (14 * 60, 22 * 60), (21 * 60 + 30, 30 * 60))  # minutes; the last ends the next morning
_ROTA = 8  # four days on, four off


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes of a day, from and to; a night ends beyond midnight."""

    begin: int
    end: int


@cache
def easter(year: int) -> date:
    """Easter Sunday, after Spencer's rule of 1876."""
    century, within = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (within // 4) - moon - within % 4) % 7
    month, day = divmod(moon + sunday - 7 * ((golden + 11 * moon + 22 * sunday) // 451) + 114, 31)
    return date(year, month, day + 1)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's. One that falls on a weekend is kept on the next working day."""
    sunday = easter(year)
    kept = {sunday - 2 * DAY, sunday + DAY, _monday(date(year, 5, 1)), _monday(date(year, 8, 25))}
    kept.add(_monday(date(year, 5, 25)))
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() >= SATURDAY or day in kept:
            day += DAY  # noqa: PLW2901 - the day it is moved to
        kept.add(day)
    return frozenset(kept)


def is_working_day(day: date) -> bool:
    return day.weekday() in WEEKDAYS and day not in bank_holidays(day.year)


def in_term(day: date) -> bool:
    """Whether schools have lessons, by the dates that most of England's have."""
    return is_working_day(day) and any(first <= day <= last for first, last in _terms(day.year))


@cache
def _terms(year: int) -> tuple[tuple[date, date], ...]:
    """The halves of the three terms of a calendar year."""
    spring_ends = easter(year) - 3 * DAY if easter(year) < date(year, 4, 8) else date(year, 4, 1)
    summer_begins = max(spring_ends, easter(year) - 3 * DAY) + 17 * DAY
    winter_break = _monday(date(year, 2, 12))
    whit = _monday(date(year, 5, 25))
    autumn_break = _monday(date(year, 10, 23))
    return (
        (date(year, 1, 5), winter_break - DAY),
        (winter_break + WEEK, spring_ends),
        (min(summer_begins, date(year, 4, 22)), whit - DAY),
        (whit + WEEK, date(year, 7, 22)),
        (date(year, 9, 3), autumn_break - DAY),
        (autumn_break + WEEK, date(year, 12, 19)),
    )


def _monday(day: date) -> date:
    """That day, or the first Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)


@dataclass(frozen=True, slots=True)
class Hours:
    """When one person works. `phase` is their place in a rota, `nights` whether they are ever on call."""

    kind: OrganisationKind
    days: frozenset[int]
    begin: int
    end: int
    phase: int
    shifts: bool
    on_call: bool
    away: frozenset[date]

    def on(self, day: date) -> Span | None:
        """The hours of that day, or None where they are off."""
        if day in self.away:
            return None
        if self.shifts:
            turn = (day.toordinal() + self.phase) % _ROTA
            return Span(*_SHIFTS[(day.toordinal() + self.phase) // _ROTA % len(_SHIFTS)]) if turn < _ROTA // 2 else None
        if day.weekday() not in self.days or not is_working_day(day):
            return None
        if self.kind in _EDUCATION and self.kind == OrganisationKind.SCHOOL and not in_term(day):
            return Span(self.begin, self.end - 120) if _drawn(day, self.phase) < _IN_HOLIDAYS else None
        return Span(self.begin, self.end)

    def night_of(self, day: date) -> Span | None:
        """The night for which they are on call at home: a week in eight for those who take turns."""
        turn = (day.toordinal() // 7 + self.phase) % _ROTA
        return Span(19 * 60, 31 * 60) if self.on_call and turn == 0 and day not in self.away else None


def _drawn(day: date, phase: int) -> float:
    return Random(day.toordinal() * 97 + phase).random()


_DAYS = {
    OrganisationKind.SCHOOL: (8 * 60, 16 * 60 + 30),
    OrganisationKind.EARLY_YEARS: (8 * 60, 17 * 60),
    OrganisationKind.GP_PRACTICE: (8 * 60, 18 * 60),
}
_OFFICE = (8 * 60 + 45, 17 * 60 + 15)
_PART_TIME = {OrganisationKind.GP_PRACTICE: 0.45, OrganisationKind.COMMUNITY_HEALTH: 0.4, OrganisationKind.SCHOOL: 0.25}


def hours_of(random: Random, kind: OrganisationKind, first: date, last: date, *, social_care: bool) -> Hours:
    """Somebody's hours, with their leave of the span: five or six weeks a year, and now and then an illness."""
    begin, end = _DAYS.get(kind, _OFFICE)
    shifts = kind in _ROUND_THE_CLOCK and random.random() < (0.75 if kind == OrganisationKind.POLICE else 0.5)
    part_time = not shifts and random.random() < _PART_TIME.get(kind, 0.2)
    days = frozenset(random.sample(sorted(WEEKDAYS), random.choice((2, 3, 3, 4)))) if part_time else WEEKDAYS
    early = random.choice((-30, -15, 0, 0, 0, 15, 30))
    return Hours(
        kind=kind,
        days=days,
        begin=begin + early,
        end=end + early,
        phase=random.randrange(24 * _ROTA),
        shifts=shifts,
        on_call=social_care and random.random() < 0.4,  # noqa: PLR2004 - the emergency duty team
        away=frozenset(_away(random, kind, first, last)),
    )


def _away(random: Random, kind: OrganisationKind, first: date, last: date) -> set[date]:
    away: set[date] = set()
    days = (last - first).days + 1
    blocks = 0 if kind == OrganisationKind.SCHOOL else round(days / 365 * 5 + random.random())
    for _ in range(blocks):
        start = first + timedelta(days=random.randrange(days))
        away.update(start + timedelta(days=each) for each in range(random.choice((2, 5, 7, 9, 14))))
    for _ in range(int(days / 365 * 3 + random.random())):
        start = first + timedelta(days=random.randrange(days))
        away.update(start + timedelta(days=each) for each in range(random.choice((1, 1, 2, 3, 5))))
    return away


def moment(random: Random, day: date, span: Span) -> datetime:
    """A moment of those hours, likelier in the middle of the morning and of the afternoon."""
    length = span.end - span.begin
    middle = random.choice((0.3, 0.72))
    place = min(max(random.gauss(middle, 0.16), 0.01), 0.97)
    return at(day, span.begin + place * length)


def at(day: date, minutes: float) -> datetime:
    """That many minutes after midnight, by the clocks of England."""
    beginning = datetime.combine(day + timedelta(days=int(minutes // 1440)), time(), ZoneInfo(settings.TIME_ZONE))
    return beginning + timedelta(minutes=minutes % 1440)
