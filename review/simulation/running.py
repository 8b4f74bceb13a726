"""Makes the whole of it: accounts, a past for the log, and the file that says what of it was misuse."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import connection

from audit.filling import check_not_in_use, make_months, move_back
from review.simulation import accounts, calendar, labels
from review.simulation.people import Person
from review.simulation.world import World, load
from review.simulation.year import Company, Order, Telling, Year, assemble, sessions_given, take_sessions

_FILLED_BEFORE = -6 * 60  # minutes from the first midnight: when what there is had been loaded
FEWEST_HOUSEHOLDS = 50

Say = Callable[[str, int, int | None], None]
"""Told of each step: its name, how far it is, and how far it will go, where that is known."""


class NobodyToLookUpError(Exception):
    """The registry has no families with guardians and services, or hardly any."""


@dataclass(slots=True)
class Made:
    """What was made, and in how many seconds its events. `misusers` and `labelled` by kind of misuse."""

    people: list[Person]
    events: int = 0
    seconds: float = 0.0
    misusers: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)


def simulate(order: Order, file: Path, *, today: date, beside_others: bool, say: Say) -> Made:
    """Make the year, and write the labels into the new `file`.

    Raises FileExistsError, LogInUseError unless `beside_others`, NobodyToLookUpError, NobodyFitsError: each before
    anything is written. Interrupted later, part of the year stays in the log, and the file is gone.
    """
    with labels.writing(file) as written:
        if not beside_others:
            check_not_in_use()
        world = _world(order, say)
        company = assemble(order, world)
        for number, _ in enumerate(accounts.add(company.people, seed=order.seed, today=today), 1):
            say("Accounts", number, len(company.people))
        if not beside_others:
            move_back(calendar.at(order.first, _FILLED_BEFORE))
        make_months(calendar.at(order.first, 0), calendar.at(order.last + calendar.DAY, 0))
        _write_people(order, world, company, written)
        made = Made(company.people, misusers=_count(company))
        _live(order, world, company, made, written, say)
        accounts.date_states(company.people, first=order.first)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_event")
    return made


def _world(order: Order, say: Say) -> World:
    say("Children", 0, None)
    world = load(most=order.children)
    if len(world.households) < FEWEST_HOUSEHOLDS:
        raise NobodyToLookUpError
    say("Children", len(world.ids), len(world.ids))
    return world


def _live(order: Order, world: World, company: Company, made: Made, written: labels.Writing, say: Say) -> None:
    begun, clock = sessions_given(), time.monotonic()
    year, telling = Year(order, world, company, first_session=begun + 1), Telling(order.seed)
    for number, (day, acts) in enumerate(year.days(), 1):
        for event_id, act in telling.tell(day, acts):
            made.events += 1
            if act.label:
                made.labelled[act.label] += 1
                written.add(labels.Label(event_id, act.user_id, act.label))
        say("Days", number, order.term.days)
    telling.close(calendar.at(order.last + calendar.DAY, 0))
    made.seconds = time.monotonic() - clock
    take_sessions(next(year.book.sessions))


def _count(company: Company) -> Counter[str]:
    return Counter({case.kind.code: len(case.people) for case in company.cases})


def _write_people(order: Order, world: World, company: Company, written: labels.Writing) -> None:
    kinds = {person.index: case.kind.code for case in company.cases for person in case.people}
    written.add(labels.Order(labels.FORMAT, order.seed, order.users, order.first, order.last, order.share))
    for person in company.people:
        families = [each for each in (person.household, person.former, *person.relatives) if each is not None]
        written.add(
            labels.Worker(
                user_id=person.user_id,
                role=person.role,
                organisation_id=person.organisation.pk,
                given=person.given,
                name=person.family,
                origin=person.origin,
                lines=person.home.lines,
                postcode=person.home.postcode,
                telephone=person.telephone,
                family=tuple(child for each in families for child in world.households[each].children),
                misuse=kinds.get(person.index, ""),
            )
        )
