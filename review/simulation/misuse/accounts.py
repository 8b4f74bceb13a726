"""Accounts in other hands, at other hours, or on their way out."""

from collections.abc import Iterator
from datetime import timedelta

from review.simulation import calendar
from review.simulation.misuse.kind import (
    Kind,
    Planned,
    Stage,
    at_work,
    looks_up,
    moment_of,
    strangers,
    stretch,
)
from review.simulation.people import Person, Term
from review.simulation.working import reason_of

_IDLE = 100  # days for which an account has lain idle before it awakes
_LAST_DAYS = 14
_OLD_CASES = 0.7


class OutOfHours(Kind):
    """From the sofa, in the evening and at weekends, whoever the talk at table was about."""

    code = "out_of_hours"
    words = "Looked from home, out of hours"

    def suits(self, stage: Stage, person: Person) -> bool:
        return not person.hours.shifts and not person.hours.on_call

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        term = stretch(stage, 21, 120)
        days = stage.random.sample(term.each(), min(term.days, stage.random.randint(5, 14)))
        for day in sorted(days):
            minutes = 20 * 60 + 15 + stage.random.random() * 210
            children = strangers(stage, person, stage.random.choice((1, 1, 2)))
            yield Planned(person, calendar.at(day, minutes), looks_up(children, reason_of(person)))


class SharedAccount(Kind):
    """The whole office uses it, agency staff among them: two, three sessions at once, for everybody's cases."""

    code = "shared_account"
    words = "Let others use their account"

    def suits(self, stage: Stage, person: Person) -> bool:
        return not person.hours.shifts and len(_children_of(stage, person)) > 20  # noqa: PLR2004 - enough work for several

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        cases = _children_of(stage, person)
        for at in at_work(stage, person, 25, within=stretch(stage, 35, 90)):
            for _ in range(stage.random.randint(2, 4)):
                # Somebody else's, begun a little before or after: they overlap.
                begun = at + timedelta(minutes=stage.random.uniform(-3, 4))
                children = [stage.random.choice(cases) for _ in range(stage.random.randint(1, 4))]
                if stage.random.random() < 0.15:  # noqa: PLR2004 - nobody sees who of them it was
                    children += strangers(stage, person, 1)
                yield Planned(person, begun, looks_up(children, reason_of(person)))


def _children_of(stage: Stage, person: Person) -> list[int]:
    works = stage.world.of_organisation.get(person.organisation.pk, ())
    return [work.child_id for work in works if work.runs_on(stage.term.last)]


class DormantAccount(Kind):
    """Nobody used it for months; then somebody has found the password, or its owner a reason of their own."""

    code = "dormant_account"
    words = "Awoke an account that lay idle"

    def cast(self, stage: Stage) -> list[Person]:
        if stage.term.days < _LAST_DAYS:
            return []
        people = super().cast(stage)
        for person in people:
            last = stage.term.last - timedelta(days=stage.random.randrange(3, max(4, stage.term.days // 6)))
            idle = max(_IDLE, stage.random.randint(_IDLE, 200))
            person.silent = (max(stage.term.first, last - timedelta(days=idle)), stage.term.last)
        return people

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.silent is not None  # noqa: S101 - by `cast`
        awake = max(person.silent[0] + timedelta(days=1), stage.term.last - timedelta(days=10))
        days = Term(awake, stage.term.last).each()
        for day in sorted(stage.random.sample(days, min(len(days), stage.random.randint(2, 4)))):
            children = strangers(stage, person, stage.random.randint(2, 6))
            yield Planned(person, moment_of(stage, person, day), looks_up(children, reason_of(person)))


class BeforeLeaving(Kind):
    """In their last days they go through old cases, and through others, to take along what they may need."""

    code = "before_leaving"
    words = "Looked through records before they left"

    def suits(self, stage: Stage, person: Person) -> bool:
        return len(_children_of(stage, person)) > 10  # noqa: PLR2004 - cases to take along

    def cast(self, stage: Stage) -> list[Person]:
        people = super().cast(stage)
        for person in people:
            earliest = min(_LAST_DAYS + 7, stage.term.days - 2)
            person.leaves = stage.term.first + timedelta(days=stage.random.randint(earliest, stage.term.days - 1))
        return people

    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        (person,) = people
        assert person.leaves is not None  # noqa: S101 - by `cast`
        last = Term(max(stage.term.first, person.leaves - timedelta(days=_LAST_DAYS)), person.leaves)
        for at in at_work(stage, person, stage.random.randint(4, 7), within=last):
            number = stage.random.randint(6, 14)
            old = stage.random.sample(_children_of(stage, person), min(number, len(_children_of(stage, person))))
            children = old[: round(number * _OLD_CASES)] + strangers(stage, person, number - round(number * _OLD_CASES))
            yield Planned(person, at, looks_up(children, reason_of(person)))
