"""The case for whoever wants to see how one is found and worked (README.md): nothing speaks for this person."""

from collections.abc import Iterator
from datetime import timedelta

from access.models import OrganisationKind
from review.simulation.misuse.circle import FormerPartner, earlier_home, works_elsewhere
from review.simulation.misuse.kind import Planned, Stage, at_work, looks_up, working_days
from review.simulation.people import Person, Term
from review.simulation.working import reason_of
from review.simulation.world import Household

TIMES = 14
FEW = 2
_FIRST_DAYS, _LAST_DAYS = timedelta(days=5), timedelta(days=3)  # of the span, in which nothing is done
# Where people have no duty for an area that could be given for any child of it, and hours all year round.
_WHERE = frozenset({OrganisationKind.GP_PRACTICE, OrganisationKind.HOSPITAL, OrganisationKind.MENTAL_HEALTH})


class ClearCase(FormerPartner):
    """Whoever stayed where they lived together, and looks every few days where the children are now.

    Among KINDS it is not: to find it measures nothing.
    """

    def cast(self, stage: Stage) -> list[Person]:
        days = _days(stage)
        person = stage.take(
            lambda each: (
                each.household is None and each.kind in _WHERE and len(working_days(each, days)) >= TIMES
            )  # not who joined, left or was away meanwhile: then there is hardly anything to find
        )
        household = stage.household(lambda each: person is not None and _fits(stage, person, each))
        home = earlier_home(stage, household) if household else None
        if person is None or household is None or home is None:
            return []
        person.home, person.former = home, household.number
        return [person]

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.former is not None  # noqa: S101 - by `cast`
        children = stage.world.households[person.former].children
        for at in at_work(stage, person, TIMES, within=_days(stage)):
            yield Planned(person, at, looks_up(children, reason_of(person)))


def _days(stage: Stage) -> Term:
    return Term(stage.term.first + _FIRST_DAYS, stage.term.last - _LAST_DAYS)


def _fits(stage: Stage, person: Person, household: Household) -> bool:
    """One or two children whom all can find, with an earlier home and nothing to do with where the person works."""
    children = [stage.world.children[each] for each in household.children]
    return (
        earlier_home(stage, household) is not None
        and len(children) <= FEW  # of many it does not show at a glance that it is the same ones
        and works_elsewhere(stage, person, household)
        and all(not child.summary.shielded and child.authority_id == person.authority_id for child in children)
    )
