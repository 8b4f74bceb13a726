"""One line stands for every sensitive service: in worlds that differ in how many there are, which and since when,
whoever does not work there reads the very same.

The worlds are made one after the other of one child, and each page is compared byte for byte, but for what differs from
one request to the next.
"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, OrganisationKind, Role
from audit.reasons import ConnectionOutcome, ConnectionStep, Mistake
from registry.models import Child, Involvement
from registry.values import Withdrawal
from registry.vocabulary import Service
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.connecting import Desk, build_desk, newest
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.visiting import Visitor, main_of, text_of, timeless
from tests.integration.review.reading import asked as asked_of_log

LONG_AGO, LATELY = date(2018, 1, 1), date(2026, 10, 1)
ASKED = {"reason": "safety_worry", "soon": "within_days", "telephone": "0161 496 0777"}
MENTAL, SEXUAL, SUBSTANCE = Service.MENTAL_HEALTH, Service.SEXUAL_HEALTH, Service.SUBSTANCE_MISUSE
KINDS = {
    MENTAL: OrganisationKind.MENTAL_HEALTH,
    SEXUAL: OrganisationKind.SEXUAL_HEALTH,
    SUBSTANCE: OrganisationKind.SUBSTANCE_MISUSE,
}

# Which services there are; of each until when it ran, if it has ended, and whether it was withdrawn.
One = tuple[Service, date, date | None, bool]
RUNS: dict[str, list[One]] = {
    "one": [(MENTAL, LATELY, None, False)],
    "one of another kind": [(SEXUAL, LATELY, None, False)],
    "one for long": [(MENTAL, LONG_AGO, None, False)],
    "three": [(MENTAL, LATELY, None, False), (SEXUAL, LONG_AGO, None, False), (SUBSTANCE, LATELY, None, False)],
    "one, after another ended": [(SUBSTANCE, LATELY, None, False), (MENTAL, LONG_AGO, LATELY, False)],
    "one, after another was withdrawn": [(SEXUAL, LATELY, None, False), (MENTAL, LONG_AGO, None, True)],
}
RUNS_NOT: dict[str, list[One]] = {
    "none": [],
    "one that ended": [(MENTAL, LONG_AGO, LATELY, False)],
    "one that was withdrawn": [(SEXUAL, LATELY, None, True)],
    "three that ended or were withdrawn": [
        (MENTAL, LONG_AGO, LATELY, False),
        (SEXUAL, LONG_AGO, LATELY, True),
        (SUBSTANCE, LATELY, None, True),
    ],
}


@pytest.fixture
def desk(town: Town, add: AddChildren) -> Desk:
    (child,) = add(draft(town, involvements=[(True, involvement(town.school, Service.SCHOOL))]))
    with as_owner_here():
        return build_desk(town, child)


@pytest.fixture
def places(town: Town) -> dict[Service, Organisation]:
    """Where each of them is, when nobody of the town works there."""
    with as_owner_here():
        return {service: factories.organisation(kind=kind, authority=town.authority) for service, kind in KINDS.items()}


def become(child: Child, places: dict[Service, Organisation], world: list[One]) -> None:
    """Have these sensitive services, and no others, on the child's record."""
    with as_owner_here():
        kept = Child.objects.get(pk=child.pk)
        for row in Involvement.objects.select_related("child").filter(child=child):
            if row.details.open().service in KINDS:
                row.delete()
        for service, started_on, ended_on, withdrawn in world:
            details = involvement(places[service], service, started_on=started_on, ended_on=ended_on)
            gone = Withdrawal(1, timezone.now(), Mistake.NO_BASIS) if withdrawn else None
            Involvement(child=kept, details=details, withdrawal=gone).save()


def bare(page: HttpResponse) -> str:
    """The page as it would be at any moment; references are sealed anew each time, and all of one length."""
    return re.sub(r"/record/[\w-]{64,}", lambda found: "r" * len(found[0]), timeless(page))


def pages_of(visitor: Visitor, reference: str) -> dict[str, str]:
    """What the visitor reads of the child, wherever something might tell of services."""
    addresses = {
        "record": reverse("record", args=[reference]),
        "reason": reverse("open_record", args=[reference]),
        "ask a connection": reverse("ask_connection", args=[reference]),
        "own connections": reverse("my_connections"),
        "record an involvement": reverse("record_involvement", args=[reference]),
        "protect": reverse("ask_shield", args=[reference]),
        "lately": reverse("lately"),
        "start": reverse("home"),
    }
    return {name: bare(visitor.get(address)) for name, address in addresses.items()}


@pytest.mark.parametrize("worlds", [RUNS, RUNS_NOT], ids=["one runs", "none runs"])
def test_pages_are_the_same_whatever_services_there_are(
    desk: Desk, places: dict[Service, Organisation], worlds: dict[str, list[One]]
) -> None:
    worker = Visitor(desk.town.social_worker)
    reference = worker.opened()
    first, *others = worlds
    become(desk.child, places, worlds[first])
    expected = pages_of(worker, reference)
    assert ("A sensitive service is involved" in expected["record"]) is (worlds is RUNS)
    assert "ended" not in main_of(worker.get(reverse("record", args=[reference])))
    for name in others:
        become(desk.child, places, worlds[name])
        for page, shown in pages_of(worker, reference).items():
            assert shown == expected[page], (name, page)


def note(desk: Desk) -> None:
    desk.note(newest(), ConnectionStep.RANG, seen=newest().steps)


def close_with(outcome: ConnectionOutcome) -> Callable[[Desk], None]:
    return lambda desk: desk.close(newest(), outcome, seen=newest().steps)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [note],
        [note, note],
        [close_with(ConnectionOutcome.WILL_RING)],
        [close_with(ConnectionOutcome.DECLINED)],
        [note, close_with(ConnectionOutcome.NONE_RUNS)],
    ],
    ids=["asked", "begun", "begun twice", "rings", "declined", "none runs"],
)
def test_how_far_a_connection_is_reads_the_same_whatever_services_there_are(
    desk: Desk, places: dict[Service, Organisation], steps: list[Callable[[Desk], None]]
) -> None:
    """Also where they end or are withdrawn after it was asked for."""
    worker = Visitor(desk.town.social_worker)
    become(desk.child, places, RUNS["one"])
    reference = worker.opened()
    address = reverse("ask_connection", args=[reference])
    worker.fill(address, **ASKED)
    for step in steps:
        step(desk)
    told = {name: bare(worker.get(name)) for name in (address, reverse("my_connections"))}
    record = reverse("record", args=[reference])
    line = main_of(worker.get(record)).partition("You asked the team")[2].partition("</p>")[0]
    assert line
    for name, world in (RUNS | RUNS_NOT).items():
        become(desk.child, places, world)
        for page, before in told.items():
            assert bare(worker.get(page)) == before, (name, page)
        now = main_of(worker.get(record)).partition("You asked the team")[2].partition("</p>")[0]
        assert now == line, name


def test_declined_none_and_not_reached_read_the_same(desk: Desk, places: dict[Service, Organisation]) -> None:
    become(desk.child, places, RUNS["three"])
    worker = Visitor(desk.town.social_worker)
    reference = worker.opened()
    address = reverse("ask_connection", args=[reference])
    told = set()
    for outcome in set(ConnectionOutcome) - {ConnectionOutcome.WILL_RING}:
        worker.fill(address, **ASKED)
        desk.close(newest(), outcome)
        told.add(bare(worker.get(address)))
    assert len(told) == 1


def test_answers_to_asking_are_the_same_where_none_works_with_the_child(
    desk: Desk, places: dict[Service, Organisation]
) -> None:
    """Whoever pressed the button after the service had gone learns nothing of that."""
    told = []
    for world, who in ((RUNS["three"], "social_worker"), (RUNS_NOT["none"], "colleague")):
        become(desk.child, places, world)
        visitor = Visitor(getattr(desk.town, who))
        reference = visitor.opened()
        answer = visitor.fill(reverse("ask_connection", args=[reference]), **ASKED)
        told.append((answer.redirect_chain[0][1], main_of(answer).replace(reference, "")))
    assert told[0][0] == told[1][0]
    assert strip_of_moment(told[0][1]) == strip_of_moment(told[1][1])


def strip_of_moment(page: str) -> str:
    return "".join(each for each in page if not each.isdigit())


def test_auditors_read_that_none_was_made_and_not_why(desk: Desk) -> None:
    with as_owner_here():
        auditor = Visitor(factories.user(role=Role.AUDITOR, works_for=desk.town.authority))
    for who, outcome in (("social_worker", ConnectionOutcome.NONE_RUNS), ("teacher", ConnectionOutcome.DECLINED)):
        asked = desk.asked(by=who)
        desk.close(asked, outcome)
        page = text_of(asked_of_log(auditor.browser, kind="connection.closed"))
        assert "No connection was made" in page
        assert outcome.label not in page
        assert outcome.value not in page
