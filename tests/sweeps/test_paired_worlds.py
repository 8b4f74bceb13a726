"""Two worlds that differ in what is hidden of one shielded child are told apart by nobody: not by a page, a header, a
length, a count, nor by how many rows the database gave for it.

Whatever is new is asked by itself: every route is, as everybody. What cannot be compared, or may differ, stands in a
list with its reason.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from access.tasks import tell_of_changes
from contactpoint.local.servers import Servers
from contactpoint.roles import EXAMINER
from registry.worker import watching
from review.examining.examiner import Examiner
from tests import servers
from tests.acting import acting_as
from tests.conftest import as_owner_here, as_worker
from tests.sweeps.pairing import ONE, OTHER, World, build, copied
from tests.sweeps.pairing_asked import LOOKING_UP, Answer, every_route, look, quiet
from tests.sweeps.routes import all_routes

METHODS = ("GET", "POST")
EXAMINED = "once examined, "

pytestmark = pytest.mark.timeout(1200)  # some 1,500 requests in each world

# Routes that are asked by nobody here, each with the reason.
LEFT_OUT: dict[str, str] = {}
# What the examiner concludes rests on all that is known: an access that nothing explains is for auditors to see, and so
# they may infer that something did explain it (docs/adr/0034, 0035 and 0036 say how little is told of it).
CONCLUDED = ("cases", "home", "charts", "report", "rules_worth")
# What may tell the worlds apart, and why, by what was asked.
MAY_DIFFER = {
    **{f"auditor: {EXAMINED}{method} {name}": "what is explained" for name in CONCLUDED for method in METHODS},
    "administrator: GET person": "evidence of one moment stands in no order",
}
# Who goes everywhere: one of each role, and one of each place where it could matter.
EVERYWHERE = ("mediator", "teacher of one", "teacher elsewhere", "administrator", "auditor", "nobody")
Answers = dict[str, Answer]


@pytest.fixture(scope="module")
def built(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, str]]:
    """The world of which each is a copy, and its database."""
    servers.make_keys()
    name = f"{servers.own_database()}_pair"
    shared = connection.settings_dict["NAME"]
    servers.clone(name)
    connection.features.supports_transactions = True
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield build(), name
            connections.close_all()
    finally:
        connection.settings_dict["NAME"] = shared
        servers.drop(name)


@pytest.fixture(scope="module")
def worlds(built: tuple[World, str], django_db_blocker: DjangoDbBlocker) -> tuple[Answers, Answers]:
    """What everybody was answered in the one and in the other."""
    world, name = built
    answered: list[Answers] = []
    for hidden in (ONE, OTHER):
        with copied(world, hidden, name, django_db_blocker):
            answered.append(asked_of(world))
    return answered[0], answered[1]


def asked_of(world: World) -> Answers:
    answers: Answers = {}
    for caller in world.callers:
        if caller.role in LOOKING_UP:
            look(world, caller, answers)
    with as_worker():
        tell_of_changes()
        watching.watch_shields()
    for caller in world.callers:
        if caller.name in EVERYWHERE:
            confirm_everybody()
            every_route(world, caller, answers, LEFT_OUT)
    answers["e-mails"] = Answer(len(mail.outbox), (), "".join(quiet(str(each.message())) for each in mail.outbox), ())
    examine()
    (auditor,) = (caller for caller in world.callers if caller.name == "auditor")
    confirm_everybody()
    every_route(world, auditor, answers, LEFT_OUT, when=EXAMINED)
    return answers


def confirm_everybody() -> None:
    """Have everybody's second factor be of this moment: a slow run outlasts it."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET confirmed_at = now() WHERE confirmed_at IS NOT NULL")


def examine() -> None:
    """As the examiner does beside it."""
    with override_settings(KEYRING_HOLDER="examiner"), acting_as(EXAMINER):
        Examiner().examine()


def differing(one: Answers, other: Answers) -> dict[str, str]:
    assert one.keys() == other.keys()
    return {what: told_apart(one[what], other[what]) for what in one if one[what] != other[what]}


def told_apart(one: Answer, other: Answer) -> str:
    """The first thing in which they differ."""
    for name in ("status", "headers", "body", "rows"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine == theirs:
            continue
        if name == "status" or len(mine) == 0 or len(theirs) == 0:
            return f"{name}: {mine!r:.300} and {theirs!r:.300}"
        same = min(len(mine), len(theirs))
        at = next((at for at in range(same) if mine[at] != theirs[at]), same)
        near = slice(max(0, at - 60), at + 200) if name == "body" else slice(at, at + 1)
        return f"{name}: {mine[near]!r} and {theirs[near]!r}"
    raise AssertionError


def test_nothing_tells_the_worlds_apart(worlds: tuple[Answers, Answers]) -> None:
    found = {what: why for what, why in differing(*worlds).items() if what not in MAY_DIFFER}
    assert not found, "\n".join(f"{what}\n    {why}" for what, why in found.items())


def test_what_may_differ_is_about_routes_that_there_are(worlds: tuple[Answers, Answers]) -> None:
    names = {route.name for route in all_routes()}
    assert {what.rpartition(" ")[2] for what in MAY_DIFFER} <= names
    assert set(LEFT_OUT) <= names


def test_what_is_hidden_is_told_apart_where_it_shows(
    built: tuple[World, str], django_db_blocker: DjangoDbBlocker
) -> None:
    """Were the child not shielded, everybody who looks would tell the worlds apart: the comparison sees it."""
    world, name = built
    answered: list[Answers] = []
    for hidden in (ONE, OTHER):
        with copied(world, hidden, name, django_db_blocker, shielded=False):
            answers: Answers = {}
            (stranger,) = (caller for caller in world.callers if caller.name == "teacher elsewhere")
            look(world, stranger, answers)
            answered.append(answers)
    found = {what.partition(": ")[2] for what in differing(*answered)}
    assert {
        "opened, GET record",
        "search by NHS number of one, then",
        "search by names and postcode of other, then",
        "search by former name of one, then",
        "search by name, house and street of other, then",
    } <= found


def test_who_answers_for_the_child_is_told_to_nobody_who_looks_them_up(
    built: tuple[World, str], django_db_blocker: DjangoDbBlocker
) -> None:
    """Administrators are told, by what is theirs to decide: as designed. So this is asked apart: each refusal that
    only one of the worlds records would move the numbers of all events that come after it."""
    world, name = built
    answered: list[Answers] = []
    for hidden in (OTHER, replace(OTHER, authority="elsewhere")):
        with copied(world, hidden, name, django_db_blocker):
            answers: Answers = {}
            for caller in world.callers:
                if caller.name in ("teacher of one", "teacher elsewhere"):
                    look(world, caller, answers)
            answered.append(answers)
    assert differing(*answered) == {}
