"""Many children at once, or one after the other: for curiosity, for money, or because all talk about one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from access.models import Role
from review.simulation.misuse.kind import (
    Deed,
    Kind,
    Planned,
    Stage,
    at_work,
    looks_up,
    strangers,
    stretch,
)
from review.simulation.people import Person, Term
from review.simulation.visits import MOST_SHOWN, Visit
from review.simulation.working import reason_of


class InTheNews(Kind):
    """A child of whom everybody talks. Most look once, in the first days; some come back."""

    code = "in_the_news"
    words = "Looked at a child in the news"

    def takes(self, stage: Stage) -> int:
        return min(max(4, len(stage.people) // 150), 14)

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        child_id = min(strangers(stage, people[0], 40), key=lambda each: self._at_home_with(stage, people, each))
        family = (child_id, *stage.world.siblings(child_id))
        days = stretch(stage, 6, 10, after=0.15)
        for person in people:
            for at in at_work(stage, person, stage.random.choice((1, 1, 1, 2)), within=days):
                chosen = family if stage.random.random() < 0.2 else family[:1]  # noqa: PLR2004 - some look at the whole family
                yield Planned(person, at, looks_up(chosen, reason_of(person)))

        yield from self._honestly(stage, people, child_id, days)

    def _honestly(self, stage: Stage, people: list[Person], child_id: int, days: Term) -> Iterator[Planned]:
        """Those who work with the child look more often in these days, too."""
        working = {work.organisation_id for work in stage.world.children[child_id].works}
        for person in stage.people:
            if person.organisation.pk in working and person.role == Role.PRACTITIONER and person not in people:
                for at in at_work(stage, person, stage.random.choice((0, 1, 1, 2)), within=days):
                    yield Planned(person, at, looks_up([child_id], reason_of(person)), honest=True)

    def _at_home_with(self, stage: Stage, people: list[Person], child_id: int) -> int:
        """How many of the curious work where somebody works with the child."""
        working = {work.organisation_id for work in stage.world.children[child_id].works}
        return sum(person.organisation.pk in working for person in people)


class Street(Kind):
    """House by house: who lives in these streets?"""

    code = "street"
    words = "Walked along a street"

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        wanted = stage.random.randint(10, 28)
        home = stage.random.choice(stage.world.households).home.postcode
        children = stage.world.in_sector(home[:-2])[:wanted]
        sittings = at_work(stage, person, stage.random.randint(1, 3), within=stretch(stage, 3, 14))
        for place, at in enumerate(sittings):
            yield Planned(person, at, looks_up(children[place :: len(sittings)], reason_of(person)))


class SchoolClass(Kind):
    """The class of their own child, of a teacher whom they dislike, or of a school to choose."""

    code = "school_class"
    words = "Walked through a class"

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        pupils = self._class(stage, person)
        sittings = at_work(stage, person, stage.random.randint(1, 4), within=stretch(stage, 3, 21))
        for place, at in enumerate(sittings):
            yield Planned(person, at, looks_up(pupils[place :: len(sittings)], reason_of(person)))

    def _class(self, stage: Stage, person: Person) -> list[int]:
        """The largest of some classes of other schools."""
        classes: dict[tuple[int, int], list[int]] = {}
        for child_id in stage.world.of_authority[person.authority_id]:
            child = stage.world.children[child_id]
            school = child.school_on(stage.term.last)
            if school and school != person.organisation.pk:
                classes.setdefault((school, child.year), []).append(child_id)
        some = stage.random.sample(sorted(classes), min(len(classes), 12))
        return max((classes[each] for each in some), key=len, default=[])[: stage.random.randint(12, 28)]


class Selling(Kind):
    """Addresses for somebody who pays: day by day, family by family, no time spent on any."""

    code = "selling"
    words = "Took out addresses in number"

    def suits(self, stage: Stage, person: Person) -> bool:
        return not person.hours.shifts

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        for at in at_work(stage, person, 20, within=stretch(stage, 18, 40)):
            for part in range(stage.random.randint(2, 4)):
                children = strangers(stage, person, stage.random.randint(3, 8))
                yield Planned(person, at + timedelta(minutes=50 * part), self._takes(children))

    def _takes(self, children: Sequence[int]) -> Deed:
        def deed(visit: Visit) -> None:
            for child_id in children:
                if visit.world.children[child_id].born <= visit.now.date():
                    visit.search(visit.world.children[child_id])
                    visit.open(child_id, reason_of(visit.person), stay=(4, 25))

        return deed


class SlowSnooper(Kind):
    """One child a week: acquaintances, the family of the new partner, whoever comes to mind. Never more."""

    code = "slow_snooper"
    words = "Looked at one child a week"

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        weeks = max(1, stage.term.days // 7)
        start = stage.random.randrange(max(1, weeks // 5))
        known = strangers(stage, person, weeks)
        for week, child_id in zip(range(start, weeks), known, strict=False):
            begin = stage.term.first + timedelta(days=7 * week)
            for at in at_work(stage, person, 1, within=Term(begin, begin + timedelta(days=6))):
                yield Planned(person, at, looks_up([child_id], reason_of(person)))


class Fishing(Kind):
    """They read the lists and open nothing: a list tells age, name and where somebody lives."""

    code = "fishing"
    words = "Searched and searched and opened nothing"

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        families = sorted(stage.world.by_family, key=lambda each: -len(stage.world.by_family[each]))[:400]
        for at in at_work(stage, person, stage.random.randint(4, 9), within=stretch(stage, 10, 45)):
            chosen = [stage.random.choice(families) for _ in range(stage.random.randint(5, 14))]
            yield Planned(person, at, self._reads(chosen))

    def _reads(self, families: Sequence[str]) -> Deed:
        def deed(visit: Visit) -> None:
            for family in families:
                bearers = visit.world.by_family[family]
                shown = visit.random.sample(bearers, min(len(bearers), visit.random.randint(1, MOST_SHOWN)))
                born = [each for each in shown if visit.world.children[each].born <= visit.now.date()]
                visit.ask_for({"family": family, "given": "J", "age": str(visit.random.randrange(18))}, born)

        return deed
