"""One batch, in the order of its events: what explains each access, and what the rules find. It asks no database.

What comes of an event is known to those after it. An access that nothing explains is held for a week: it is found fault
with at once, and that is taken back where its organisation records an involvement within the week.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from audit.events import EventKind
from review.examining.access import LISTED, WAITING, Access, Happening, access_of, here, person_of
from review.examining.days import Day
from review.examining.known import Known, Listed, Opened, Recorded, Use
from review.explanations import LATER, is_duty, is_strangers, leaves_of, reasons_of
from review.explanations.later import HELD
from review.models import State
from review.rules import AFTER_A_WEEK, CHILDREN, DAYS, DOUBTS, DUTIES, PACES, RELATIONS, STEPS
from review.rules.base import OfDoubt, Rule

WORTH_WRITING = 0.05  # bits
# Whom a search shows first is not always whom it meant: if it was, the record is opened, and all of it counts.
LISTED_LEAVES = 0.25
RECORDING = frozenset({EventKind.INVOLVEMENT_RECORDED.value, EventKind.INVOLVEMENT_CORRECTED.value})
WITHDRAWN = EventKind.INVOLVEMENT_WITHDRAWN.value
REFUSED = EventKind.ACCESS_REFUSED.value
READ = frozenset({EventKind.USER_READ.value, EventKind.PEOPLE_LISTED.value, EventKind.LOG_READ.value})


OF_RELATION = frozenset(each.code for each in RELATIONS)
OF_DOUBT = frozenset(each.code for each in (*DOUBTS, *AFTER_A_WEEK, *CHILDREN))


@dataclass(slots=True)
class Judged:
    """An access and how it stands. `opened` is what later events are told of it."""

    access: Access
    opened: Opened
    state: State


class Key(NamedTuple):
    """What is one finding: found again in the same day, it is the same one. Of a whole day there is no child."""

    person_id: int
    rule: str
    day: date
    child_id: int | None


@dataclass(slots=True)
class Found:
    """What a rule found. `bits` is what it is worth by itself, `counts` what reasons leave of that."""

    event_id: int
    at: datetime
    organisation_id: int | None
    authority_id: int | None
    bits: float
    counts: float
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdicts:
    """All that came of a batch, to be kept."""

    accesses: list[Judged] = field(default_factory=list)
    settled: list[Judged] = field(default_factory=list)  # of earlier batches: explained since, or their week is over
    recorded: list[tuple[int, int, Recorded]] = field(default_factory=list)  # with event and child
    findings: dict[Key, Found] = field(default_factory=dict)
    touched: set[tuple[int, date]] = field(default_factory=set)  # whose days changed


class Judge:
    """Goes through one batch. `held` are accesses of earlier batches that still wait, by child."""

    def __init__(self, known: Known, held: dict[int, list[Judged]]) -> None:
        self.known = known
        self.held = held
        self.verdicts = Verdicts()
        self._last: dict[tuple[int, date], Happening] = {}  # by user and day, of this batch

    def examine(self, happenings: Sequence[Happening]) -> None:
        """Everything that happened, in its order."""
        for happening in happenings:
            self._note_use(happening)
            if happening.kind in RECORDING or happening.kind == WITHDRAWN:
                self._hear_of_involvement(happening)
            elif happening.kind == LISTED:
                self._hear_of_search(happening)
            elif happening.kind == REFUSED or (happening.kind in READ and happening.fields != [WAITING]):
                self._count(happening)
            self._look_at_steps(happening)
            person = self.known.person(person_of(happening) or 0)
            if access := access_of(happening, person.organisation_id if person else None):
                self._look_at(access, happening)
        self._look_at_days()

    def expire(self, clock: datetime) -> None:
        """The week of some is over by then."""
        for judged in [each for held in self.held.values() for each in held]:
            if judged.state is not State.HELD or judged.access.at + HELD > clock:
                continue
            access = judged.access
            # What came in lists leaves no event; the traits of the child know of it by now.
            reasons = reasons_of(access, self.known)
            if reasons.explained:
                self._explain_later(judged, reasons.codes, access.at + HELD)
                continue
            judged.state = State.UNEXPLAINED
            self.verdicts.settled.append(judged)
            for rule in AFTER_A_WEEK:
                self._find_doubt(rule, access, judged.opened.codes)
            for user_id in access.people:
                self.known.pasts[user_id] = self.known.past(user_id).with_one_more_unexplained()
                day = self._day_of(user_id, access)
                # Of a record that was opened twice that day, one is enough.
                day.unexplained = min(day.opened, day.unexplained + 1)

    # --- events that are no access

    def _note_use(self, happening: Happening) -> None:
        if happening.actor_id is not None and happening.session_id is not None:
            use = Use(happening.at, here(happening.at).date(), happening.session_id)
            self.known.uses.setdefault(happening.actor_id, []).append(use)

    def _hear_of_involvement(self, happening: Happening) -> None:
        if happening.child_id is None or happening.organisation_id is None:
            return
        told = Recorded(happening.at, here(happening.at).date(), happening.organisation_id, happening.kind == WITHDRAWN)
        self.known.recorded.setdefault(happening.child_id, []).append(told)
        self.verdicts.recorded.append((happening.event_id, happening.child_id, told))
        for judged in self.held.get(happening.child_id, ()):
            if judged.state is State.HELD and LATER.is_explained_by(judged.access, told):
                self._explain_later(judged, (LATER.code,), happening.at)

    def _hear_of_search(self, happening: Happening) -> None:
        day = self._day_of_actor(happening)
        if not happening.shown or day is None:
            return
        listed = Listed(happening.at, happening.shown, happening.trail)
        self.known.listed.setdefault(happening.session_id or 0, []).append(listed)
        if happening.trail is None or happening.trail != day.last_trail:
            day.searched += 1
            day.last_trail = happening.trail

    def _count(self, happening: Happening) -> None:
        day = self._day_of_actor(happening)
        if day is None:
            return
        if happening.kind == REFUSED:
            day.refused += 1
        else:
            day.read += 1

    def _look_at_steps(self, happening: Happening) -> None:
        for rule in STEPS:
            if happening.kind not in rule.kinds:
                continue
            subject, bits = rule.subject(happening), rule.bits(happening, self.known)
            if subject is not None and bits > 0:
                key = Key(subject, rule.code, here(happening.at).date(), happening.child_id)
                self._keep(
                    key,
                    Found(
                        happening.event_id, happening.at, happening.organisation_id, happening.authority_id, bits, bits
                    ),
                )

    # --- accesses

    def _look_at(self, access: Access, happening: Happening) -> None:
        reasons = reasons_of(access, self.known)
        if access.is_of_the_log:
            self._find_relations(access, (), 1.0)
            return
        leaves = min(reasons.leaves, LISTED_LEAVES) if access.kind == LISTED else reasons.leaves
        self._find_relations(access, reasons.codes, leaves)
        if not access.is_to_be_explained:
            return
        opened = Opened(
            access.event_id,
            access.at,
            access.day,
            access.child_id,
            access.person_id,
            access.organisation_id,
            reasons.codes,
            access.at if reasons.explained else None,
        )
        judged = Judged(access, opened, State.AT_ONCE if reasons.explained else State.HELD)
        self._count_opening(access, happening)
        self.known.recent.setdefault(access.person_id, []).append(access.at)
        for pace in PACES:
            self._find(pace, access, pace.bits(access, self.known), 1.0, reasons.codes, of_day=True)
        if reasons.explained:
            self.known.explained.setdefault(access.person_id, []).append(opened)
        else:
            for doubt in DOUBTS:
                self._find_doubt(doubt, access, reasons.codes)
            self.held.setdefault(access.child_id, []).append(judged)
            for user_id in access.people:
                self.known.doubtful.setdefault(user_id, []).append(opened)
        self.known.openings.setdefault(access.child_id, []).append(opened)
        self.verdicts.accesses.append(judged)
        self._look_at_strangers(access, reasons.codes)

    def _count_opening(self, access: Access, happening: Happening) -> None:
        self._last[access.actor_id, access.day] = happening
        again = any(
            each.person_id == access.person_id and each.day == access.day
            for each in self.known.openings.get(access.child_id, ())
        )
        for user_id in access.people:
            day = self._day_of(user_id, access)
            day.hours |= 1 << access.hour
            day.opened += not again
        searcher, trail = self._day_of(access.actor_id, access), self._trail_to(access)
        if trail and trail != searcher.last_followed:
            searcher.followed += 1
            searcher.last_followed = trail

    def _find_relations(self, access: Access, codes: tuple[str, ...], leaves: float) -> None:
        for user_id in access.people:
            subject = self.known.person(user_id)
            if subject is None:
                continue
            for rule in RELATIONS:
                bits = rule.bits(access, subject, self.known)
                if bits > 0:
                    self._find(rule, access, bits, leaves, codes, subject_id=user_id)

    def _look_at_strangers(self, access: Access, codes: tuple[str, ...]) -> None:
        for duty in DUTIES if is_duty(codes) else ():
            self._find(duty, access, duty.bits(access, self.known), 1.0, codes, of_day=True)
        for rule in CHILDREN if is_strangers(codes) else ():
            for opened, bits in rule.found(access, self.known):
                key = Key(opened.person_id, rule.code, opened.day, opened.child_id)
                place = self.known.places.get(opened.organisation_id)
                authority_id = place.authority_id if place else None
                # A duty takes nothing away: of whoever has one there are some among the strangers of other children.
                if bits >= WORTH_WRITING:
                    found = Found(
                        opened.event_id, opened.at, opened.organisation_id, authority_id, bits, bits, opened.codes
                    )
                    self._keep(key, found)

    def _find_doubt(self, rule: OfDoubt, access: Access, codes: tuple[str, ...]) -> None:
        for user_id in access.people:
            theirs = access.as_of(user_id)
            self._find(rule, theirs, rule.bits(theirs, self.known), leaves_of(codes), codes)

    def _find(
        self,
        rule: Rule,
        access: Access,
        bits: float,
        leaves: float,
        codes: tuple[str, ...],
        *,
        subject_id: int | None = None,
        of_day: bool = False,
    ) -> None:
        if bits * leaves < WORTH_WRITING:
            return
        key = Key(subject_id or access.person_id, rule.code, access.day, None if of_day else access.child_id)
        found = Found(
            access.event_id, access.at, access.organisation_id, access.authority_id, bits, bits * leaves, codes
        )
        self._keep(key, found)

    def _keep(self, key: Key, found: Found) -> None:
        before = self.verdicts.findings.get(key)
        if before is None:
            self.verdicts.findings[key] = found
        elif found.counts > before.counts:
            before.bits, before.counts, before.codes = found.bits, found.counts, found.codes

    def _explain_later(self, judged: Judged, codes: tuple[str, ...], at: datetime) -> None:
        judged.state = State.LATER
        judged.opened.codes = (*judged.opened.codes, *(code for code in codes if code not in judged.opened.codes))
        judged.opened.explained_at = at
        self.verdicts.settled.append(judged)
        for key, found in self.verdicts.findings.items():
            if key.person_id in judged.access.people and (key.day, key.child_id) == (
                judged.access.day,
                judged.access.child_id,
            ):
                found.counts = left_of(key.rule, judged.opened.codes, found.bits)

    # --- days

    def _trail_to(self, access: Access) -> UUID | None:
        """The search that led to the access."""
        searches = self.known.searches_before(access)
        return searches[-1].trail if searches else None

    def _day_of_actor(self, happening: Happening) -> Day | None:
        """The day of whoever did it, which goes on with this event."""
        if happening.actor_id is None or happening.organisation_id is None:
            return None
        date_of = here(happening.at).date()
        self._last[happening.actor_id, date_of] = happening
        return self._day(happening.actor_id, date_of, happening.role, happening.organisation_id, happening.authority_id)

    def _day_of(self, user_id: int, access: Access) -> Day:
        return self._day(user_id, access.day, access.role, access.organisation_id, access.authority_id)

    def _day(self, user_id: int, date_of: date, role: str, organisation_id: int, authority_id: int | None) -> Day:
        """The day of somebody, begun where it has not. Role and organisation are theirs, and else the event's."""
        key = (user_id, date_of)
        self.verdicts.touched.add(key)
        day = self.known.days.get(key)
        if day is None:
            person = self.known.person(user_id)
            where = person.organisation_id if person else organisation_id
            place = self.known.places.get(where)
            authority = place.authority_id if place else authority_id
            day = Day(user_id, date_of, person.role if person else role, where, authority, place.kind if place else "")
            self.known.days[key] = day
        return day

    def _look_at_days(self) -> None:
        for (user_id, date_of), last in sorted(self._last.items()):
            day = self.known.days[user_id, date_of]
            for rule in DAYS:
                bits = rule.bits(day, self.known)
                if bits >= WORTH_WRITING:
                    found = Found(last.event_id, last.at, day.organisation_id, day.authority_id, bits, bits)
                    self._keep(Key(user_id, rule.code, date_of, None), found)


def left_of(rule: str, codes: Sequence[str], bits: float) -> float:
    """What a finding counts once its access is explained, by these reasons: of doubts nothing is left."""
    if rule in OF_DOUBT:
        return 0.0
    return bits * leaves_of(codes) if rule in OF_RELATION else bits
