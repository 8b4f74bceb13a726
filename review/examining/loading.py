"""Fills `Known` for a batch: some fifteen statements, however many events it has."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from access.people import traits as of_people
from access.people.traits import PersonTraits
from registry.traits import values as of_children
from registry.traits.values import ChildTraits
from review.examining.access import Access, Happening, access_of, here, person_of
from review.examining.cursor import WATCHED, Batch
from review.examining.days import Day, Past
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
    Use,
)
from review.examining.memory import Opening, Today
from review.examining.peers import MONTHS, led_nowhere_before, peers_before, strangers_before
from review.examining.rows import rows
from review.explanations.area import ON_DUTY
from review.models import State
from review.rules.comes_back import is_near
from review.rules.shared_account import WINDOW as SHARED
from review.rules.speed import WINDOW
from review.rules.weights import weights

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
# Of an access, as `_opened` takes them.
COLUMNS = "event_id, at, day, child_id, person_id, organisation_id, codes, explained_at"
OPENINGS = f"""
    SELECT {COLUMNS} FROM review_explanation
    WHERE (child_id, organisation_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])) AND at >= %s
    ORDER BY at, event_id
"""  # noqa: S608 - all our own
DOUBTFUL = f"""
    SELECT {COLUMNS} FROM review_explanation
    WHERE person_id = ANY (%s) AND state <> 'at_once' AND at >= %s ORDER BY at, event_id
"""  # noqa: S608 - all our own
# As those of the mediator who looked them up, whoever was said to have rung.
DOUBTFUL_CALLS = f"""
    SELECT actor_id, {COLUMNS} FROM review_explanation
    WHERE actor_id = ANY (%s) AND actor_id <> person_id AND state <> 'at_once' AND at >= %s ORDER BY at, event_id
"""  # noqa: S608 - all our own
EXPLAINED = f"""
    SELECT {COLUMNS} FROM review_explanation
    WHERE person_id = ANY (%s) AND state = 'at_once' AND at >= %s ORDER BY at, event_id
"""  # noqa: S608 - all our own
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
USES = """
    SELECT actor_id, at, session_id FROM audit_event
    WHERE actor_id = ANY (%s) AND kind = ANY (%s) AND session_id IS NOT NULL AND at >= %s AND id < %s ORDER BY at, id
"""
RETURNS = f"""
    SELECT {COLUMNS} FROM review_explanation
    WHERE (person_id, child_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])) AND at >= %s ORDER BY at, event_id
"""  # noqa: S608 - all our own
# By whoever has nothing to do with the child as well.
OPENINGS_BY_ALL = f"""
    SELECT {COLUMNS} FROM review_explanation
    WHERE child_id = ANY (%s) AND at >= %s ORDER BY at, event_id
"""  # noqa: S608 - all our own
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
# Of those who did nothing for months until lately: each is one look into the index.
LAST_DAYS = """
    SELECT wanted.id, last.day FROM unnest(%s::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT day FROM review_tally WHERE user_id = wanted.id AND day < %s ORDER BY day DESC LIMIT 1
    ) AS last
"""


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
        self._load_past_accesses(known, happenings, accesses, {each.child_id for each in doubted}, begin)
        known.places = self._places_of(each.organisation_id for some in known.openings.values() for each in some)
        self._load_doubts(known, doubted, begin)
        known.listed = self._listed(happenings, begin - JUST_BEFORE, first)
        known.returns = self._returns(accesses, known, begin)
        known.uses = self._uses(happenings, begin - SHARED, first)
        self._load_days(known, happenings, waiting, day)
        known.colleagues = self._colleagues({each.organisation_id for each in strangers})
        known.led_nowhere = self._led_nowhere(accesses, day)
        return known, held

    def _held(self, happenings: Sequence[Happening]) -> dict[int, list[Judged]]:
        told = {each.child_id for each in happenings if each.kind in RECORDING and each.child_id is not None}
        held: defaultdict[int, list[Judged]] = defaultdict(list)
        for row in rows(HELD, max(each.at for each in happenings), list(told)):
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
        for user_id, role, organisation_id, version, stored in rows(statement, wanted):
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
            for child_id, version, stored in rows(CHILDREN, list(wanted))
        }

    def _places(
        self, accesses: Sequence[Access], people: dict[int, Person], children: dict[int, ChildTraits]
    ) -> dict[int, Place]:
        wanted = {each.organisation_id for each in accesses} | {each.organisation_id for each in people.values()}
        wanted |= {each.organisation_id for child in children.values() for each in child.involved}
        return self._places_of(wanted)

    def _places_of(self, wanted: Iterable[int]) -> dict[int, Place]:
        """All that are known today, these among them."""
        assert self.today is not None  # noqa: S101 - set by whoever calls
        places = self.today.places
        for organisation_id, kind, authority_id in rows(PLACES, list(set(wanted) - places.keys())):
            places[organisation_id] = Place(kind, authority_id)
        return places

    @staticmethod
    def _load_past_accesses(
        known: Known, happenings: Sequence[Happening], accesses: Sequence[Access], strange: set[int], begin: datetime
    ) -> None:
        pairs = {(each.child_id, each.organisation_id) for each in accesses if each.child_id not in strange}
        withdrawn = [each for each in happenings if each.kind == WITHDRAWN]
        pairs |= {(each.child_id, each.organisation_id) for each in withdrawn if each.child_id and each.organisation_id}
        since = min((each.at for each in accesses), default=begin) - LATELY
        children, organisations = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        for row in (*rows(OPENINGS, children, organisations, since), *rows(OPENINGS_BY_ALL, list(strange), since)):
            opened = _opened(row)
            known.openings.setdefault(opened.child_id, []).append(opened)
        for child_id, *told in rows(RECORDED, list({each.child_id for each in accesses})):
            known.recorded.setdefault(child_id, []).append(Recorded(*told))
        people = {each.person_id for each in accesses}
        for person_id, at in rows(RECENT, list(people), begin - WINDOW):
            known.recent.setdefault(person_id, []).append(at)

    def _load_doubts(self, known: Known, doubted: Sequence[Access], begin: datetime) -> None:
        """What else of these people nothing explained, and which children that was about."""
        longest = max(each.days for each in weights().rules.values())
        leaving = {each.user_id for each in known.people.values()}
        for row in rows(DOUBTFUL, list(leaving), begin - timedelta(days=longest)):
            opened = _opened(row)
            known.doubtful.setdefault(opened.person_id, []).append(opened)
        for actor_id, *call in rows(DOUBTFUL_CALLS, list(leaving), begin - timedelta(days=longest)):
            known.doubtful.setdefault(actor_id, []).append(_opened(call))
        concerned = {user_id for each in doubted for user_id in each.people}
        for row in rows(EXPLAINED, list(concerned), begin - JUST_BEFORE):
            opened = _opened(row)
            known.explained.setdefault(opened.person_id, []).append(opened)
        seen = (known.doubtful, known.explained)
        others = {each.child_id for person in concerned for some in seen for each in some.get(person, ())}
        known.children = {**known.children, **self._children(others - known.children.keys())}

    @staticmethod
    def _listed(happenings: Sequence[Happening], since: datetime, before: int) -> dict[int, list[Listed]]:
        sessions = {each.session_id for each in happenings if each.child_id is not None}
        listed: dict[int, list[Listed]] = {}
        for session_id, at, shown, trail in rows(LISTED, [each for each in sessions if each], since, before):
            listed.setdefault(session_id, []).append(Listed(at, shown, trail))
        return listed

    @staticmethod
    def _returns(accesses: Sequence[Access], known: Known, begin: datetime) -> dict[tuple[int, int], list[Opened]]:
        """Of whoever is near to a child whom they look at, their openings of that child before."""
        near = {
            (each.person_id, each.child_id)
            for each in accesses
            if each.is_to_be_explained
            and (subject := known.person(each.person_id))
            and is_near(subject, each.child_id, known)
        }
        if not near:
            return {}
        since = begin - timedelta(days=weights().rules["comes_back"].days)
        returns: dict[tuple[int, int], list[Opened]] = {}
        for row in rows(RETURNS, [person for person, _ in near], [child for _, child in near], since):
            opened = _opened(row)
            returns.setdefault((opened.person_id, opened.child_id), []).append(opened)
        return returns

    @staticmethod
    def _uses(happenings: Sequence[Happening], since: datetime, before: int) -> dict[int, list[Use]]:
        """Of those who do something now, what they did just before."""
        people = {each.actor_id for each in happenings if each.actor_id is not None and each.session_id is not None}
        uses: dict[int, list[Use]] = {}
        for actor_id, at, session_id in rows(USES, list(people), WATCHED, since, before) if people else ():
            uses.setdefault(actor_id, []).append(Use(at, here(at).date(), session_id))
        return uses

    def _load_days(self, known: Known, happenings: Sequence[Happening], waiting: Sequence[Access], today: date) -> None:
        keys = {(user_id, each.day) for each in waiting for user_id in each.people}
        for each in happenings:
            day = here(each.at).date()
            keys |= {(user_id, day) for user_id in (each.actor_id, person_of(each)) if user_id is not None}
        for row in rows(DAYS, [user_id for user_id, _ in keys], [day for _, day in keys]):
            known.days[row[0], row[1]] = Day(*row)
        users = list({user_id for user_id, _ in keys})
        for user_id, *past in rows(PASTS, users, today - timedelta(days=MONTHS), today):
            known.pasts[user_id] = Past(*past)
        begin, lately = today - timedelta(days=MONTHS), today - timedelta(days=LATELY.days)
        idle = [each for each in users if each not in known.pasts or known.pasts[each].days[0] >= lately]
        for user_id, last in rows(LAST_DAYS, idle, begin) if idle else ():
            known.pasts[user_id] = replace(known.past(user_id), before=last)
        assert self.today is not None  # noqa: S101 - set by whoever calls
        if self.today.peers is None:
            self.today.peers = peers_before(today)
            self.today.strangers = strangers_before(today)
        known.peers, known.strangers = self.today.peers, self.today.strangers

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
    def _led_nowhere(accesses: Sequence[Access], today: date) -> dict[int, int]:
        """Of those who may have looked somebody up on a duty now: of others nobody asks."""
        people = {each.person_id for each in accesses if each.reason in ON_DUTY}
        return led_nowhere_before(today, people) if people else {}


def _is_involved(access: Access, known: Known) -> bool:
    """Whether the organisation has, or ever had, to do with the child: then it is not looked into at such length."""
    return any(each.organisation_id == access.organisation_id for each in known.child(access.child_id).involved)


def _opened(row: Sequence[Any]) -> Opened:
    event_id, at, day, child_id, person_id, organisation_id, codes, explained_at = row
    return Opened(event_id, at, day, child_id, person_id, organisation_id, tuple(codes), explained_at)
