"""What was known at the moments of one batch. Rules and explanations ask this, and nothing else: no clock, no database.

It is filled for the whole batch at once (loading.py), and goes on as the events of the batch are examined (judging.py),
so that each is held against what came before it and against nothing that came after.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from access.people.traits import PersonTraits
from registry.traits.values import OPEN, ChildTraits, Involved
from review.examining.access import Access
from review.examining.days import Day, Past, Peers
from review.examining.rates import Usual

LATELY = timedelta(days=14)  # for how long openings of a child by others are looked back at
JUST_BEFORE = timedelta(minutes=30)  # for how long a search leads to what it showed
NOTHING_KNOWN = ChildTraits()
NO_TRAITS = PersonTraits(None, None)


@dataclass(frozen=True, slots=True)
class Person:
    """A user, as numbers and fingerprints."""

    user_id: int
    role: str
    organisation_id: int
    traits: PersonTraits = NO_TRAITS


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation: its kind, and the authority that answers for it."""

    kind: str
    authority_id: int


@dataclass(slots=True)
class Opened:
    """An access of a child that was examined before. `explained_at` is when it was explained, at once or later."""

    event_id: int
    at: datetime
    day: date
    child_id: int
    person_id: int
    organisation_id: int
    codes: tuple[str, ...] = ()
    explained_at: datetime | None = None

    def was_explained(self, at: datetime) -> bool:
        """Whether it was explained by then."""
        return self.explained_at is not None and self.explained_at <= at


class Use(NamedTuple):
    """Something that somebody did in a session of theirs."""

    at: datetime
    day: date
    session_id: int


class Listed(NamedTuple):
    """What a search showed. `trail` joins one that is put in other words to those before."""

    at: datetime
    shown: Sequence[int]
    trail: UUID | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """That an organisation recorded an involvement with a child, or took one off, by the log."""

    at: datetime
    day: date
    organisation_id: int
    withdrawn: bool = False


@dataclass(slots=True)
class Colleagues:
    """Those who work in one organisation, by the fingerprints of whole names and of homes."""

    people: int = 0
    names: dict[int, set[int]] = field(default_factory=dict)
    homes: dict[int, set[int]] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """One more of them."""
        self.people += 1
        if person.traits.whole:
            self.names.setdefault(person.traits.whole.print, set()).add(person.user_id)
        for home in filter(None, person.traits.homes):
            self.homes.setdefault(home, set()).add(person.user_id)


@dataclass(slots=True)
class Known:
    """What was known, by child, person, organisation and session."""

    children: Mapping[int, ChildTraits] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)
    openings: dict[int, list[Opened]] = field(default_factory=dict)  # by child, of the last days
    recorded: dict[int, list[Recorded]] = field(default_factory=dict)  # by child
    listed: dict[int, list[Listed]] = field(default_factory=dict)  # by session
    doubtful: dict[int, list[Opened]] = field(default_factory=dict)  # by person: not explained when they were made
    explained: dict[int, list[Opened]] = field(default_factory=dict)  # by person: openings just before, at once
    recent: dict[int, list[datetime]] = field(default_factory=dict)  # by person: openings of the last minutes
    # By person and child to whom they are near: their own openings of the last months.
    returns: dict[tuple[int, int], list[Opened]] = field(default_factory=dict)
    uses: dict[int, list[Use]] = field(default_factory=dict)  # by person: what they did in the last minutes
    days: dict[tuple[int, date], Day] = field(default_factory=dict)
    pasts: dict[int, Past] = field(default_factory=dict)
    peers: Mapping[tuple[str, str], Peers] = field(default_factory=dict)
    colleagues: Mapping[int, Colleagues] = field(default_factory=dict)
    strangers: Usual | None = None  # how many others who have nothing to do with a child open it, where one does
    led_nowhere: Mapping[int, int] = field(default_factory=dict)  # by person: duties of the last months, see peers.py

    def child(self, child_id: int) -> ChildTraits:
        """What of the child can be compared; nothing where no traits are made yet."""
        return self.children.get(child_id, NOTHING_KNOWN)

    def person(self, user_id: int) -> Person | None:
        """A user; None of whom nothing is known any more."""
        return self.people.get(user_id)

    def past(self, user_id: int) -> Past:
        """What they did before today."""
        return self.pasts.get(user_id, Past())

    def peers_of(self, day: Day) -> Peers:
        """What others of the same role in the same kind of place do."""
        return self.peers.get(day.peers, Peers())

    def day_of(self, access: Access) -> Day | None:
        """What the person did on the day of the access, up to it."""
        return self.days.get((access.person_id, access.day))

    def involvements(self, access: Access) -> Iterator[Involved]:
        """Those of the person's own organisation which the registry knew when the access was made.

        What is known of a child is as it stands now. An involvement that was recorded afterwards, by the log, was not
        known then, whatever day it is said to have begun on. An event does not say which one it recorded; so those that
        began last are taken for them. Whoever had the first of several is still involved when a second is recorded.
        """
        involved = [
            each for each in self.child(access.child_id).involved if each.organisation_id == access.organisation_id
        ]
        if involved and (after := self._recorded_after(access)):
            involved = sorted(involved, key=lambda each: each.from_day)[:-after]
        yield from involved

    def _recorded_after(self, access: Access) -> int:
        return sum(
            1
            for each in self.recorded.get(access.child_id, ())
            if each.organisation_id == access.organisation_id and each.at > access.at and not each.withdrawn
        )

    def recordings(self, access: Access) -> list[Recorded]:
        """What the person's own organisation had recorded of the child by then, by the log."""
        return [
            each
            for each in self.recorded.get(access.child_id, ())
            if each.organisation_id == access.organisation_id and each.at <= access.at
        ]

    def searches_before(self, access: Access) -> list[Listed]:
        """The searches of the same session, just before, that had shown the child; the last of them last."""
        return [
            each
            for each in self.listed.get(access.session_id or 0, ())
            if access.at - JUST_BEFORE <= each.at < access.at and access.child_id in each.shown
        ]

    def explained_before(self, access: Access) -> Iterator[Opened]:
        """The person's own openings of other children, just before, that were explained at once."""
        for each in self.explained.get(access.person_id, ()):
            if access.at - JUST_BEFORE <= each.at < access.at and each.child_id != access.child_id:
                yield each

    def openings_by_colleagues(self, access: Access) -> Iterator[Opened]:
        """Openings of the child by others of the person's own organisation, in the days before."""
        for each in self.openings.get(access.child_id, ()):
            colleagues = each.organisation_id == access.organisation_id and each.person_id != access.person_id
            if colleagues and access.at - LATELY <= each.at < access.at:
                yield each

    def areas_of(self, child_id: int, day: date) -> set[int]:
        """The authorities in whose area the child lives or is looked after, by who works with them on that day."""
        ordinal = day.toordinal()
        return {
            place.authority_id
            for each in self.child(child_id).involved
            if each.from_day <= ordinal and (each.to_day == OPEN or each.to_day >= ordinal)
            if (place := self.places.get(each.organisation_id))
        }

    def area_of(self, access: Access) -> int | None:
        """The authority that answers for the person's organisation."""
        place = self.places.get(access.organisation_id)
        return place.authority_id if place else access.authority_id

    def doubtful_before(self, access: Access, days: int) -> list[Opened]:
        """The person's openings in the days before that nothing explained by the time of this one."""
        since = access.at - timedelta(days=days)
        return [
            each
            for each in self.doubtful.get(access.person_id, ())
            if since <= each.at < access.at and not each.was_explained(access.at)
        ]
