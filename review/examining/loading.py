"""Fills `Known` for a batch: some fifteen statements, however many events it has."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from access.people import traits as of_people
from access.people.traits import PersonTraits
from registry.traits import values as of_children
from registry.traits.values import ChildTraits
from review.examining.access import Access, Happening, access_of, here, person_of
from review.examining.cursor import Batch
from review.examining.days import BINS, HOURS, Day, Past, Peers
from review.examining.judging import RECORDING, WITHDRAWN, Judged
from review.examining.known import (
    JUST_BEFORE,
    LATELY,
    NO_TRAITS,
    Colleagues,
    Known,
    Listed,
    Opened,
    Person,
    Place,
    Recorded,
    Sought,
)
from review.examining.memory import Opening, Today
from review.models import State
from review.rules.speed import WINDOW
from review.rules.weights import weights

MONTHS = 90  # days of somebody's own past
WEEKS = 28  # days of their peers'
PEOPLE = """
    SELECT person.id, person.role, person.organisation_id, traits.row_version, traits.traits
    FROM access_user AS person LEFT JOIN access_usertraits AS traits ON traits.user_id = person.id
    WHERE person.id = ANY (%s)
"""
COLLEAGUES = PEOPLE.replace("person.id = ANY (%s)", "person.organisation_id = ANY (%s) AND person.state = 'active'")
CHILDREN = "SELECT child_id, row_version, traits FROM registry_childtraits WHERE child_id = ANY (%s)"
PLACES = """
    SELECT id, kind, coalesce(responsible_authority_id, id) FROM access_organisation WHERE id = ANY (%s)
"""
HELD = """
    SELECT event_id, at, day, kind, child_id, person_id, actor_id, organisation_id, authority_id, reason, codes
    FROM review_explanation WHERE state = 'held' AND (held_until <= %s OR child_id = ANY (%s))
    ORDER BY at, event_id
"""
OPENINGS = """
    SELECT event_id, at, day, child_id, person_id, organisation_id, codes, explained_at FROM review_explanation
    WHERE (child_id, organisation_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])) AND at >= %s
    ORDER BY at, event_id
"""
DOUBTFUL = """
    SELECT event_id, at, day, child_id, person_id, organisation_id, codes, explained_at FROM review_explanation
    WHERE person_id = ANY (%s) AND state <> 'at_once' AND at >= %s ORDER BY at, event_id
"""
# As those of the mediator who looked them up, whoever was said to have rung.
DOUBTFUL_CALLS = """
    SELECT actor_id, event_id, at, day, child_id, person_id, organisation_id, codes, explained_at
    FROM review_explanation
    WHERE actor_id = ANY (%s) AND actor_id <> person_id AND state <> 'at_once' AND at >= %s ORDER BY at, event_id
"""
EXPLAINED = """
    SELECT event_id, at, day, child_id, person_id, organisation_id, codes, explained_at FROM review_explanation
    WHERE person_id = ANY (%s) AND state = 'at_once' AND at >= %s ORDER BY at, event_id
"""
RECENT = "SELECT person_id, at FROM review_explanation WHERE person_id = ANY (%s) AND at >= %s ORDER BY at"
RECORDED = """
    SELECT child_id, at, day, organisation_id, withdrawn FROM review_recorded WHERE child_id = ANY (%s)
    ORDER BY at, event_id
"""
LISTED = """
    SELECT session_id, at, shown, trail FROM audit_event
    WHERE session_id = ANY (%s) AND child_id IS NULL AND kind = 'child.listed' AND at >= %s AND id < %s
    ORDER BY id
"""
SOUGHT = "SELECT child_id, organisation_id, people FROM review_sought(%s, %s, %s)"
DAYS = """
    SELECT user_id, day, role, organisation_id, authority_id, kind, opened, searched, followed, refused, read,
        unexplained, hours, last_trail, last_followed
    FROM review_tally WHERE (user_id, day) IN (SELECT * FROM unnest(%s::bigint[], %s::date[]))
"""
PASTS = """
    SELECT user_id, array_agg(day ORDER BY day), array_agg(opened ORDER BY day), array_agg(hours ORDER BY day),
        sum(opened)::int, sum(unexplained)::int
    FROM review_tally WHERE user_id = ANY (%s) AND day >= %s AND day < %s GROUP BY user_id
"""
# Of those who did nothing for months: each is one look into the index.
LAST_DAYS = """
    SELECT wanted.id, last.day FROM unnest(%s::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT day FROM review_tally WHERE user_id = wanted.id AND day < %s ORDER BY day DESC LIMIT 1
    ) AS last
"""
# As days.bin_of; the billionth is for powers of two, whose logarithm may come out as a little less.
BIN = "least(31, floor(2 * ln(1 + {}) / ln(2.0::float) + 1e-9))::int"
PEERS = f"""
    SELECT role, kind, extract(isodow FROM day) >= 6, {BIN.format("opened")}, {BIN.format("read")}, min(day),
        count(*)::int, sum(opened)::int, sum(unexplained)::int, sum(searched)::int, sum(followed)::int,
        sum(refused)::int,
        {", ".join(f"sum(hours >> {hour} & 1)::int" for hour in range(HOURS))}
    FROM review_tally WHERE day >= %s AND day < %s GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - all our own


@dataclass(slots=True)
class Loader:
    """Loads what was known for one batch after the other, and remembers what it opened."""

    children: Opening[ChildTraits] = field(default_factory=lambda: Opening(of_children.KEPT, ChildTraits))
    people: Opening[PersonTraits] = field(default_factory=lambda: Opening(of_people.KEPT, lambda: NO_TRAITS))
    today: Today | None = None

    def load(self, batch: Batch) -> tuple[Known, dict[int, list[Judged]]]:
        """What was known when the batch began, and the accesses that wait for what it may tell of."""
        happenings, day = batch.happenings, here(batch.happenings[0].at).date()
        if self.today is None or self.today.day != day:
            self.today = Today(day)
        held = self._held(happenings)
        waiting = [each.access for some in held.values() for each in some]
        people = self._people(happenings, waiting)
        accesses = [*self._accesses(happenings, people), *waiting]
        known = Known(people=people)
        known.children = self._children({each.child_id for each in accesses})
        known.places = self._places(accesses, people, known.children)
        strangers = [each for each in accesses if not _is_involved(each, known)]
        doubted = [each for each in strangers if each.is_to_be_explained]
        begin, first = min(each.at for each in happenings), happenings[0].event_id
        self._load_past_accesses(known, happenings, accesses, begin)
        self._load_doubts(known, doubted, begin)
        known.listed = self._listed(happenings, begin - JUST_BEFORE, first)
        self._load_days(known, happenings, waiting, day)
        known.colleagues = self._colleagues({each.organisation_id for each in strangers})
        known.sought = self._sought(doubted, known, begin)
        return known, held

    def _held(self, happenings: Sequence[Happening]) -> dict[int, list[Judged]]:
        told = {each.child_id for each in happenings if each.kind in RECORDING and each.child_id is not None}
        held: defaultdict[int, list[Judged]] = defaultdict(list)
        for row in _rows(HELD, max(each.at for each in happenings), list(told)):
            event_id, at, day, kind, child_id, person_id, actor_id, organisation_id, authority_id, reason, codes = row
            access = Access(
                event_id=event_id,
                at=at,
                day=day,
                hour=here(at).hour,
                kind=kind,
                actor_id=actor_id,
                person_id=person_id,
                role="",
                organisation_id=organisation_id,
                authority_id=authority_id,
                child_id=child_id,
                reason=reason,
                session_id=None,
            )
            opened = Opened(event_id, at, day, child_id, person_id, organisation_id, tuple(codes))
            held[child_id].append(Judged(access, opened, State.HELD))
        return held

    def _people(self, happenings: Sequence[Happening], waiting: Sequence[Access]) -> dict[int, Person]:
        wanted = {each.actor_id for each in happenings} | {each.user_id for each in happenings}
        wanted |= {each.person_id for each in waiting} | {each.actor_id for each in waiting}
        return {each.user_id: each for each in self._persons(PEOPLE, [each for each in wanted if each is not None])}

    def _persons(self, statement: str, wanted: list[int]) -> Iterable[Person]:
        for user_id, role, organisation_id, version, stored in _rows(statement, wanted):
            traits = NO_TRAITS if stored is None else self.people.open(user_id, version, bytes(stored))
            yield Person(user_id, role, organisation_id, traits)

    @staticmethod
    def _accesses(happenings: Sequence[Happening], people: dict[int, Person]) -> Iterable[Access]:
        for happening in happenings:
            person = people.get(person_of(happening) or 0)
            if access := access_of(happening, person.organisation_id if person else None):
                yield access

    def _children(self, wanted: Iterable[int]) -> dict[int, ChildTraits]:
        return {
            child_id: self.children.open(child_id, version, bytes(stored))
            for child_id, version, stored in _rows(CHILDREN, list(wanted))
        }

    def _places(
        self, accesses: Sequence[Access], people: dict[int, Person], children: dict[int, ChildTraits]
    ) -> dict[int, Place]:
        assert self.today is not None  # noqa: S101 - set by whoever calls
        places = self.today.places
        wanted = {each.organisation_id for each in accesses} | {each.organisation_id for each in people.values()}
        wanted |= {each.organisation_id for child in children.values() for each in child.involved}
        for organisation_id, kind, authority_id in _rows(PLACES, list(wanted - places.keys())):
            places[organisation_id] = Place(kind, authority_id)
        return places

    @staticmethod
    def _load_past_accesses(
        known: Known, happenings: Sequence[Happening], accesses: Sequence[Access], begin: datetime
    ) -> None:
        pairs = {(each.child_id, each.organisation_id) for each in accesses}
        withdrawn = [each for each in happenings if each.kind == WITHDRAWN]
        pairs |= {(each.child_id, each.organisation_id) for each in withdrawn if each.child_id and each.organisation_id}
        since = min((each.at for each in accesses), default=begin) - LATELY
        children, organisations = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        for row in _rows(OPENINGS, children, organisations, since):
            opened = _opened(row)
            known.openings.setdefault(opened.child_id, []).append(opened)
        for child_id, *told in _rows(RECORDED, list({each.child_id for each in accesses})):
            known.recorded.setdefault(child_id, []).append(Recorded(*told))
        people = {each.person_id for each in accesses}
        for person_id, at in _rows(RECENT, list(people), begin - WINDOW):
            known.recent.setdefault(person_id, []).append(at)

    def _load_doubts(self, known: Known, doubted: Sequence[Access], begin: datetime) -> None:
        """What else of these people nothing explained, and which children that was about."""
        longest = max(each.days for each in weights().rules.values())
        leaving = {each.user_id for each in known.people.values()}
        for row in _rows(DOUBTFUL, list(leaving), begin - timedelta(days=longest)):
            opened = _opened(row)
            known.doubtful.setdefault(opened.person_id, []).append(opened)
        for actor_id, *call in _rows(DOUBTFUL_CALLS, list(leaving), begin - timedelta(days=longest)):
            known.doubtful.setdefault(actor_id, []).append(_opened(call))
        concerned = {user_id for each in doubted for user_id in each.people}
        for row in _rows(EXPLAINED, list(concerned), begin - JUST_BEFORE):
            opened = _opened(row)
            known.explained.setdefault(opened.person_id, []).append(opened)
        seen = (known.doubtful, known.explained)
        others = {each.child_id for person in concerned for some in seen for each in some.get(person, ())}
        known.children = {**known.children, **self._children(others - known.children.keys())}

    @staticmethod
    def _listed(happenings: Sequence[Happening], since: datetime, before: int) -> dict[int, list[Listed]]:
        sessions = {each.session_id for each in happenings if each.child_id is not None}
        listed: dict[int, list[Listed]] = {}
        for session_id, at, shown, trail in _rows(LISTED, [each for each in sessions if each], since, before):
            listed.setdefault(session_id, []).append(Listed(at, shown, trail))
        return listed

    def _load_days(self, known: Known, happenings: Sequence[Happening], waiting: Sequence[Access], today: date) -> None:
        keys = {(user_id, each.day) for each in waiting for user_id in each.people}
        for each in happenings:
            day = here(each.at).date()
            keys |= {(user_id, day) for user_id in (each.actor_id, person_of(each)) if user_id is not None}
        for row in _rows(DAYS, [user_id for user_id, _ in keys], [day for _, day in keys]):
            known.days[row[0], row[1]] = Day(*row)
        users = list({user_id for user_id, _ in keys})
        for user_id, *past in _rows(PASTS, users, today - timedelta(days=MONTHS), today):
            known.pasts[user_id] = Past(*past)
        for user_id, last in _rows(LAST_DAYS, [each for each in users if each not in known.pasts], today):
            known.pasts[user_id] = Past(before=last)
        assert self.today is not None  # noqa: S101 - set by whoever calls
        if self.today.peers is None:
            self.today.peers = peers_before(today)
        known.peers = self.today.peers

    def _colleagues(self, organisations: set[int]) -> dict[int, Colleagues]:
        assert self.today is not None  # noqa: S101 - set by whoever calls
        kept = self.today.colleagues
        missing = organisations - kept.keys()
        for organisation_id in missing:
            kept[organisation_id] = Colleagues()
        if missing:
            for person in self._persons(COLLEAGUES, list(missing)):
                kept[person.organisation_id].add(person)
        return kept

    @staticmethod
    def _sought(doubted: Sequence[Access], known: Known, begin: datetime) -> dict[int, Sought]:
        since = begin - timedelta(days=weights().rules["in_the_news"].days)
        sought: defaultdict[int, Sought] = defaultdict(Sought)
        children = list({each.child_id for each in doubted})
        for child_id, organisation_id, people in _rows(SOUGHT, children, since, begin) if children else ():
            # Who works with the child may well look for them.
            if all(each.organisation_id != organisation_id for each in known.child(child_id).involved):
                sought[child_id].people += people
                sought[child_id].organisations += 1
        return sought


def peers_before(day: date) -> dict[tuple[str, str], Peers]:
    """What people of each role in each kind of place did in the four weeks before that day."""
    gathered: dict[tuple[str, str], Any] = defaultdict(
        lambda: {"opened": [0] * BINS, "read": [0] * BINS, "hours": [0] * 2 * HOURS, "sums": [0] * 6, "since": day}
    )
    for role, kind, weekend, opened, read, since, *numbers in _rows(PEERS, day - timedelta(days=WEEKS), day):
        group = gathered[role, kind]
        sums, hours = numbers[:6], numbers[6:]
        group["since"] = min(group["since"], since)
        group["opened"][opened] += sums[0]
        group["read"][read] += sums[0]
        group["sums"] = [one + other for one, other in zip(group["sums"], sums, strict=True)]
        for hour, days in enumerate(hours):
            group["hours"][hour + HOURS * weekend] += days
    return {
        peers: Peers(
            days=group["sums"][0],
            since=group["since"],
            opened=group["opened"],
            read=group["read"],
            hours=group["hours"],
            accesses=group["sums"][1],
            unexplained=group["sums"][2],
            searched=group["sums"][3],
            followed=group["sums"][4],
            refused=group["sums"][5],
        )
        for peers, group in gathered.items()
    }


def _is_involved(access: Access, known: Known) -> bool:
    """Whether the organisation has, or ever had, to do with the child: then it is not looked into at such length."""
    return any(each.organisation_id == access.organisation_id for each in known.child(access.child_id).involved)


def _opened(row: Sequence[Any]) -> Opened:
    event_id, at, day, child_id, person_id, organisation_id, codes, explained_at = row
    return Opened(event_id, at, day, child_id, person_id, organisation_id, tuple(codes), explained_at)


def _rows(statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())
