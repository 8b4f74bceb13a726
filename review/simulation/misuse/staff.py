"""Those who are trusted with the service itself: mediators, administrators and auditors."""

from collections.abc import Iterator

from access.models import Role, VettingKind
from audit.events import EventKind
from audit.reasons import Reason
from audit.recorder import About
from review.simulation.misuse.kind import Deed, Kind, Planned, Stage, at_work, strangers, stretch
from review.simulation.people import Person
from review.simulation.visits import Visit


class InventedCalls(Kind):
    """Nobody rang. They name a colleague who is on leave or at lunch, and look up whom they like."""

    code = "invented_calls"
    words = "Invented calls of colleagues"
    role = Role.MEDIATOR

    def suits(self, stage: Stage, person: Person) -> bool:
        return bool(self._colleagues(stage, person))

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        colleagues = self._colleagues(stage, person)
        for at in at_work(stage, person, stage.random.randint(5, 12), within=stretch(stage, 20, 90)):
            there = [each for each in colleagues if each.employed_on(at.date())]
            away = [each for each in there if not each.hours.on(at.date())]
            if there:
                named = stage.random.choice(away or there)
                children = strangers(stage, person, stage.random.choice((1, 1, 2)))
                yield Planned(person, at, self._invents(named, children))

    def _colleagues(self, stage: Stage, person: Person) -> list[Person]:
        """Practitioners of the mediator's authority, of whom some are there all the time."""
        found = [
            each
            for each in stage.people
            if each.role == Role.PRACTITIONER and each.authority_id == person.authority_id and each.silent is None
        ]
        return found if any(each.joins is None and each.leaves is None for each in found) else []

    def _invents(self, colleague: Person, children: list[int]) -> Deed:
        def deed(visit: Visit) -> None:
            visit.begin_call(colleague)
            for child_id in children:
                if visit.world.children[child_id].born <= visit.now.date():
                    visit.look_up(child_id, Reason.SAFEGUARDING)
            visit.end_call(colleague)

        return deed


class AdministratorsFavour(Kind):
    """They record for a friend what nobody checked, all of it at once, and read about people who are none of theirs."""

    code = "administrators_favour"
    words = "Vetted a friend, and read about people out of curiosity"
    role = Role.ADMINISTRATOR

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        others = [each for each in stage.people if each.authority_id == person.authority_id and each is not person]
        friend = stage.random.choice(others)
        times = at_work(stage, person, stage.random.randint(4, 8), within=stretch(stage, 14, 60))
        for place, at in enumerate(times):
            curious = stage.random.sample(others, min(len(others), stage.random.randint(6, 15)))
            yield Planned(person, at, self._vets(friend) if place == 0 else self._reads(curious))

    def _vets(self, friend: Person) -> Deed:
        def deed(visit: Visit) -> None:
            visit.note(EventKind.USER_READ, About(user_id=friend.user_id))
            for kind in VettingKind:
                if kind != VettingKind.AGREEMENT:
                    visit.note(EventKind.USER_VETTED, About(user_id=friend.user_id, fields=[kind]))

        return deed

    def _reads(self, people: list[Person]) -> Deed:
        def deed(visit: Visit) -> None:
            for each in people:
                visit.note(EventKind.USER_READ, About(user_id=each.user_id))

        return deed


class AuditorsLook(Kind):
    """Who has looked at my nephew, my neighbour? No case asks for it."""

    code = "auditors_look"
    words = "Looked in the log for children they know"
    role = Role.AUDITOR

    def cast(self, stage: Stage) -> list[Person]:
        people = super().cast(stage)
        for person in people:
            if person.household is None:
                household = stage.household(lambda each: bool(each.at_home()))
                if household is None:
                    return []
                parent = stage.random.choice(household.at_home())
                person.become(parent.given, parent.family, household, at_home=True, telephone=parent.telephone)
        return people

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.household is not None  # noqa: S101 - by `cast`
        own = stage.world.households[person.household].children
        near = [each for each in stage.world.by_postcode[person.home.postcode] if each not in own]
        known = [*own, *near[:3]]
        for at in at_work(stage, person, stage.random.randint(3, 7), within=stretch(stage, 10, 90)):
            chosen = stage.random.sample(known, min(len(known), stage.random.choice((1, 1, 2))))
            yield Planned(person, at, self._asks(chosen))

    def _asks(self, children: list[int]) -> Deed:
        def deed(visit: Visit) -> None:
            for child_id in children:
                visit.note(EventKind.LOG_READ, About(child_id=child_id))

        return deed
