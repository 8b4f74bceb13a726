"""People whom one knows: one's own family, a former partner's, neighbours, colleagues, bearers of one's own name."""

from collections.abc import Iterator

from access.models import OrganisationKind
from audit.reasons import Reason
from registry.values import PostalAddress
from registry.vocabulary import Service
from review.simulation.misuse.kind import Deed, Kind, Planned, Stage, at_work, looks_up, stretch
from review.simulation.people import Person
from review.simulation.visits import Visit
from review.simulation.working import reason_of
from review.simulation.world import Household


def works_elsewhere(stage: Stage, person: Person, household: Household) -> bool:
    """Whether their organisation has nothing to do with those children."""
    children = (stage.world.children[each] for each in household.children)
    return all(work.organisation_id != person.organisation.pk for child in children for work in child.works)


class OwnFamily(Kind):
    """Their own children first, to see whether it works; then those of a sister or cousin."""

    code = "own_family"
    words = "Looked at their own family"

    def suits(self, stage: Stage, person: Person) -> bool:
        return person.household is not None and _elsewhere(stage, person)

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.household is not None  # noqa: S101 - by `cast`
        families = [stage.world.households[each].children for each in (person.household, *person.relatives)]
        for at in at_work(stage, person, stage.random.randint(1, 3)):
            chosen = families[0] if stage.random.random() < 0.6 else stage.random.choice(families)  # noqa: PLR2004 - mostly one's own
            yield Planned(person, at, looks_up(chosen, reason_of(person)))


def _elsewhere(stage: Stage, person: Person) -> bool:
    return person.household is not None and works_elsewhere(stage, person, stage.world.households[person.household])


class FormerPartner(Kind):
    """Where do they live now, and with whom? The same children, again and again, for weeks."""

    code = "former_partner"
    words = "Watched a former partner's children"

    def cast(self, stage: Stage) -> list[Person]:
        person = stage.take(lambda each: each.household is None)
        if person is None:
            return []
        moved = stage.random.random() < 0.4  # noqa: PLR2004 - who stayed where they lived together
        household = stage.household(
            lambda each: (
                works_elsewhere(stage, person, each) and bool(earlier_home(stage, each) if moved else each.elsewhere())
            )
        ) or stage.household(lambda each: bool(each.elsewhere()))
        if household is None:
            return []
        home = earlier_home(stage, household)
        if moved and home:
            person.home, person.former = home, household.number
        elif household.elsewhere():
            parent = stage.random.choice(household.elsewhere())
            person.become(parent.given, parent.family, household, at_home=False, telephone=parent.telephone)
        return [person] if person.former is not None else []

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.former is not None  # noqa: S101 - by `cast`
        children = stage.world.households[person.former].children
        for at in at_work(stage, person, stage.random.randint(5, 24), within=stretch(stage, 14, 280)):
            yield Planned(person, at, looks_up(children, reason_of(person)))


def earlier_home(stage: Stage, household: Household) -> PostalAddress | None:
    return next((each for child in household.children for each in stage.world.children[child].earlier), None)


class Neighbours(Kind):
    """The family next door, after a quarrel or out of curiosity."""

    code = "neighbours"
    words = "Looked at neighbours"

    def cast(self, stage: Stage) -> list[Person]:
        person = stage.take(lambda each: each.household is None)
        household = stage.household(lambda each: person is not None and works_elsewhere(stage, person, each))
        if person is None or household is None:
            return []
        street = household.home.lines[-1].partition(" ")[2] or household.home.lines[-1]
        number = stage.random.randint(1, 120)
        person.home = PostalAddress((f"{number} {street}",), household.home.town, household.home.postcode)
        return [person]

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        near = stage.world.by_postcode[person.home.postcode]
        doors = list(dict.fromkeys(stage.world.children[each].household for each in near))
        stage.random.shuffle(doors)
        families = [stage.world.households[each].children for each in doors[:3] if each >= 0]
        for at in at_work(stage, person, stage.random.randint(1, 6), within=stretch(stage, 7, 200)):
            yield Planned(person, at, looks_up(stage.random.choice(families), reason_of(person)))


class ColleaguesFamily(Kind):
    """The children of somebody from the next desk."""

    code = "colleagues_family"
    words = "Looked at a colleague's family"

    def suits(self, stage: Stage, person: Person) -> bool:
        return any(self._may_be(stage, person, other) for other in stage.colleagues(person))

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        others = [each for each in stage.colleagues(person) if self._may_be(stage, person, each)]
        chosen = stage.random.sample(others, min(len(others), stage.random.choice((1, 1, 2))))
        for colleague in chosen:
            assert colleague.household is not None  # noqa: S101 - by `_may_be`
            children = stage.world.households[colleague.household].children
            for at in at_work(stage, person, stage.random.randint(1, 3)):
                yield Planned(person, at, looks_up(children, reason_of(person)))

    def _may_be(self, stage: Stage, person: Person, other: Person) -> bool:
        return (
            other.household is not None
            and other.household != person.household
            and works_elsewhere(stage, person, stage.world.households[other.household])
        )


class Namesakes(Kind):
    """Who else bears our name? They search their own, and read what comes."""

    code = "namesakes"
    words = "Searched their own family name"

    def suits(self, stage: Stage, person: Person) -> bool:
        return 1 < len(stage.world.by_family.get(person.family, ())) < 60  # noqa: PLR2004 - a name that one asks oneself about

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        bearers = list(stage.world.by_family[person.family])
        for at in at_work(stage, person, stage.random.randint(2, 4)):
            stage.random.shuffle(bearers)
            yield Planned(person, at, self._reads(person.family, tuple(bearers)))

    def _reads(self, family: str, bearers: tuple[int, ...]) -> Deed:
        def deed(visit: Visit) -> None:
            born = [each for each in bearers if visit.world.children[each].born <= visit.now.date()]
            visit.ask_for({"family": family, "given": "A", "age": str(visit.random.randrange(18))}, born[:6])
            for child_id in born[: visit.random.randint(1, 4)]:
                visit.open(child_id, reason_of(visit.person))

        return deed


class BehindAReason(Kind):
    """A pupil of their own school, for the reason that schools give: a neighbour's child, or an old flame's."""

    code = "behind_a_reason"
    words = "Looked at somebody they know under a reason that fits"

    def cast(self, stage: Stage) -> list[Person]:
        person = stage.take(lambda each: each.kind == OrganisationKind.SCHOOL and bool(self._pupils(stage, each)))
        if person is None:
            return []
        child = stage.world.children[stage.random.choice(self._pupils(stage, person))]
        household = stage.world.households[child.household]
        if household.elsewhere() and stage.random.random() < 0.4:  # noqa: PLR2004 - the rest are neighbours
            parent = stage.random.choice(household.elsewhere())
            person.become(parent.given, parent.family, household, at_home=False, telephone=parent.telephone)
        else:
            street = household.home.lines[-1].partition(" ")[2] or household.home.lines[-1]
            number = stage.random.randint(1, 120)
            person.home = PostalAddress((f"{number} {street}",), household.home.town, household.home.postcode)
            person.former = household.number
        return [person]

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.former is not None  # noqa: S101 - by `cast`
        children = stage.world.households[person.former].children
        pupils = [
            each for each in children if stage.world.children[each].school_on(stage.term.last) == person.organisation.pk
        ]
        for at in at_work(stage, person, stage.random.randint(3, 9), within=stretch(stage, 20, 120)):
            yield Planned(person, at, looks_up(pupils or children[:1], Reason.SCHOOL_SAFEGUARDING))

    def _pupils(self, stage: Stage, person: Person) -> list[int]:
        works = stage.world.of_organisation.get(person.organisation.pk, ())
        return [
            work.child_id
            for work in works
            if work.service == Service.SCHOOL
            and work.since <= stage.term.first
            and work.runs_on(stage.term.last)
            and stage.world.children[work.child_id].household >= 0
        ]
