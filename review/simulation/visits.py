"""One session of one person: what they do in it, event by event, as the service would record it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from access.models import Role
from audit.actors import Actor, Colleague, Process
from audit.events import EventKind, Outcome
from audit.filling import Past
from audit.reasons import Reason
from audit.recorder import About
from registry.actions.involvements import ENTRY_FIELDS
from review.simulation.people import Person
from review.simulation.world import Known, World

MOST_SHOWN = 10
_MISSES = 0.2
_MISSED_TWICE = 0.3
_BY_NUMBER = 0.08
_SIGNED_OUT = 0.35
_FAILED_SIGN_IN = 0.04


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, and of which kind of misuse it is; of none where `label` is empty."""

    past: Past
    label: str = ""

    @property
    def user_id(self) -> int:
        """Whose doing it is."""
        return self.past.actor.user_id if isinstance(self.past.actor, Actor) else 0


@dataclass(slots=True)
class Book:
    """Numbers that the simulation gives out."""

    sessions: "count[int]"
    calls: "count[int]" = field(default_factory=lambda: count(1))


class Visit:
    """A session from its sign-in on. What is done takes time: each act moves the clock on."""

    def __init__(
        self,
        person: Person,
        begin: datetime,
        *,
        world: World,
        book: Book,
        random: Random | None = None,
        label: str = "",
    ) -> None:
        self.person = person
        self.world = world
        self.random = random or person.random
        self.label = label
        self.acts: list[Act] = []
        self.now = begin
        self._book = book
        self._session = next(book.sessions)
        self._colleague: Colleague | None = None
        self._sign_in()

    def wait(self, least: float, most: float) -> None:
        """Let seconds go by, more often few than many."""
        self.now += timedelta(seconds=least + (most - least) * self.random.random() ** 2)

    def search(self, child: Known, *, opens: bool = True) -> list[int]:
        """Look for the child, perhaps in vain at first. Returns who was shown in the end."""
        trail = self._uuid()
        misses = 0 if self.random.random() >= _MISSES else 1 + (self.random.random() < _MISSED_TWICE)
        for _ in range(misses):
            outcome = self.random.choice((Outcome.NO_MATCH, Outcome.NO_MATCH, Outcome.TOO_MANY))
            shown = [] if self.random.random() < 0.7 else self._others(child, 3)  # noqa: PLR2004 - most misses show nobody
            self._ask(trail, self._misheard(child), shown, Outcome.DONE if shown else outcome)
        shown = self._others(child, self.random.choice((0, 0, 0, 1, 2, 3, 5, 9)))
        shown.insert(min(len(shown), self.random.choice((0, 0, 0, 0, 0, 1, 2))), child.id)
        self._ask(trail, self._criteria(child), shown, Outcome.DONE)
        if opens:
            self.wait(3, 25)
        return shown

    def ask_for(self, criteria: dict[str, str], shown: Sequence[int]) -> None:
        """One search for what is given, which shows these and no more than a page of them."""
        listed = list(shown)[:MOST_SHOWN]
        self._ask(self._uuid(), criteria, listed, Outcome.DONE if listed else Outcome.NO_MATCH)

    def recall(self, children: Sequence[int]) -> None:
        """Go back to records opened lately."""
        self._add(EventKind.HISTORY_READ, About(user_id=self.person.user_id))
        self.wait(0.05, 0.3)
        self._add(EventKind.CHILD_RECALLED, About(shown=list(children)[:MOST_SHOWN]))
        self.wait(2, 10)

    def open(self, child_id: int, reason: Reason, *, stay: tuple[float, float] = (20, 240)) -> None:
        """See who it is, give a reason, and read."""
        self._add(EventKind.CHILD_SHOWN, About(child_id=child_id))
        self.wait(3, 30)
        self._add(EventKind.CHILD_OPENED, About(child_id=child_id, reason=reason))
        self.wait(*stay)

    def look_up(self, child_id: int, reason: Reason) -> None:
        """Search for a child and open the record."""
        self.search(self.world.children[child_id])
        self.open(child_id, reason)

    def keep(self, child_id: int, kind: EventKind) -> None:
        """Record one's own organisation's involvement, or end it."""
        self._add(EventKind.INVOLVEMENT_READ, About(child_id=child_id))
        self.wait(15, 120)
        self._add(EventKind.INVOLVEMENT_READ, About(child_id=child_id))
        self.wait(0.01, 0.05)
        fields = ["ended_on"] if kind == EventKind.INVOLVEMENT_ENDED else ENTRY_FIELDS
        self._add(kind, About(child_id=child_id, fields=fields))
        self.wait(5, 40)

    def refused(self, outcome: Outcome, child_id: int | None = None) -> None:
        self._add(EventKind.ACCESS_REFUSED, About(child_id=child_id), outcome)
        self.wait(3, 20)

    def begin_call(self, colleague: Person) -> None:
        """A mediator takes the call of a colleague, in whose name they act from now on."""
        self._add(EventKind.PEOPLE_LISTED, About(fields=["colleagues"]))
        self.wait(10, 60)
        self._add(EventKind.MEDIATION_BEGUN, About(user_id=colleague.user_id))
        self._colleague = Colleague(next(self._book.calls), colleague.user_id, colleague.organisation.pk)
        self.wait(5, 30)

    def end_call(self, colleague: Person) -> None:
        self._add(EventKind.MEDIATION_ENDED, About(user_id=colleague.user_id))
        self._colleague = None
        self.wait(5, 60)

    def note(self, kind: EventKind, about: About, outcome: Outcome = Outcome.DONE) -> None:
        """Whatever administrators and auditors do."""
        self._add(kind, about, outcome)
        self.wait(4, 90)

    def leave(self) -> list[Act]:
        """Sign out, or let the session run out, as most do. Returns all that was done."""
        if self.random.random() < _SIGNED_OUT:
            self._add(EventKind.SIGNED_OUT, About(user_id=self.person.user_id), label=False)
        return self.acts

    def _sign_in(self) -> None:
        person = self.person
        page = Process("sign-in", self._uuid(), person.organisation.pk, person.authority_id)
        about = About(user_id=person.user_id)
        if self.random.random() < _FAILED_SIGN_IN:
            kind, outcome = EventKind.SIGN_IN_FAILED, Outcome.WRONG_PASSWORD
            self._put(Past(at=self.now, kind=kind, actor=page, about=about, outcome=outcome))
            self.wait(5, 30)
        self._add(EventKind.SIGNED_IN, about, label=False)
        self.wait(5, 25)

    def _ask(self, trail: UUID, criteria: dict[str, str], shown: Sequence[int], outcome: Outcome) -> None:
        self._add(EventKind.CHILD_SEARCHED, About(trail=trail, criteria=criteria))
        self.now += timedelta(milliseconds=20 + self.random.random() * 60)
        self._add(EventKind.CHILD_LISTED, About(shown=list(shown), trail=trail), outcome)
        self.wait(4, 40)

    def _others(self, child: Known, most: int) -> list[int]:
        """Whom such a search shows besides: brothers and sisters, and namesakes."""
        if not most:
            return []
        alike = [each for each in self.world.by_family.get(child.family, ()) if each != child.id]
        picked = self.random.sample(alike, min(len(alike), most))
        near = [each for each in self.world.siblings(child.id) if each not in picked]
        there = [each for each in (*near, *picked) if self.world.children[each].born <= self.now.date()]
        return there[: MOST_SHOWN - 1]

    def _criteria(self, child: Known) -> dict[str, str]:
        if self.random.random() < _BY_NUMBER:
            return {"number": child.summary.number}
        asked = {"given": child.given.split()[0], "family": child.family}
        if self.random.random() < 0.75 or not child.home:  # noqa: PLR2004 - the rest know where they live
            return asked | {"date_of_birth": child.born.isoformat()}
        return asked | {"postcode": child.home.postcode}

    def _misheard(self, child: Known) -> dict[str, str]:
        family = child.family[:-1] if len(child.family) > 3 else child.family  # noqa: PLR2004 - what remains is a name
        return {"given": child.given.split()[0], "family": family, "date_of_birth": child.born.isoformat()}

    def _add(self, kind: EventKind, about: About, outcome: Outcome = Outcome.DONE, *, label: bool = True) -> None:
        past = Past(at=self.now, kind=kind, actor=self._actor(), about=about, outcome=outcome)
        self._put(past, self.label if label else "")

    def _put(self, past: Past, label: str = "") -> None:
        self.acts.append(Act(past, label))

    def _actor(self) -> Actor:
        person = self.person
        return Actor(
            user_id=person.user_id,
            role=Role(person.role),
            organisation_id=person.organisation.pk,
            authority_id=person.authority_id,
            session_id=self._session,
            request_id=self._uuid(),
            session_key="",
            colleague=self._colleague,
        )

    def _uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)
