"""Of a protected child nothing is ever told, and nobody learns from following what the protection hides.

Each world is one in which the child is followed and then, or not, protected; and something hidden changes, or not. From
the protection on all of them are the same on the wire: what is answered, and what is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from access.models import User
from registry.models import Child
from registry.values import PostalAddress
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.api.asking import Asking, told
from tests.integration.api.following import (
    Follower,
    change,
    execute,
    follower_of,
    followings,
    renamed,
    tell,
    values,
    waiting,
    without,
)
from tests.integration.registry.people import AddChildren, Town
from tests.integration.registry.shielding import URGENT, build_office, file_shielded

LIFT = """
    UPDATE registry_shield SET ended_on = current_date, lift_reason = 'risk_is_over', lift_asked_by_id = %s,
        lift_asked_at = now(), lifted_by_id = %s, filed_at = NULL
"""


@pytest.fixture
def follower(town: Town, add: AddChildren) -> Iterator[Follower]:
    with follower_of(town, add) as made:
        yield made


def shield(town: Town, child: Child) -> None:
    with as_owner_here():
        office = build_office(town, child)
    office.asked(URGENT)
    assert file_shielded() >= 1


def lift(town: Town) -> None:
    with as_owner_here():
        others = list(User.objects.filter(organisation=town.authority, role="administrator").order_by("pk")[:2])
    execute(LIFT, *(each.pk for each in others))
    file_shielded()


def moved(child: Child) -> None:
    present, *earlier = values(child).addresses
    elsewhere = replace(present, postal=PostalAddress(("7 Quiet Mews",), "Leeds", "LS6 2QT"))
    change(child, addresses=(elsewhere, *earlier))


HIDDEN: dict[str, Callable[[Follower, Town], Any]] = {
    "nothing changes": lambda _follower, _town: None,
    "they move": lambda follower, _town: moved(follower.child),
    "they change school": lambda follower, town: without(follower.child, town.school),
    "they have another former name": lambda follower, _town: change(
        follower.child, names=tuple(values(follower.child).names[:1])
    ),
    "nobody works with them": lambda follower, _town: change(follower.child, involvements=()),
}


def wire(follower: Follower, town: Town, known: str) -> list[Any]:
    """All that the system sees of what it follows, from now on to the end of it, but for the opening itself."""
    seen: list[Any] = [tell(), len(follower.receiver.taken), waiting()]
    for person in (town.teacher, town.colleague):
        asking = Asking(follower.asking.system, person)
        child = asking.child()
        asking.opened(child)
        answer = follower.follow(child, asking)
        seen += [answer.status_code, told(answer)["following"] == known, told(answer)["until"], tell()]
    seen += [follower.unfollow(known).status_code, follower.unfollow(known).status_code, tell()]
    return [*seen, len(follower.receiver.taken)]


def test_worlds_are_the_same_on_the_wire_unshielded(follower: Follower, town: Town) -> None:
    assert wire(follower, town, follower.following()) == expected()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_worlds_are_the_same_on_the_wire(follower: Follower, town: Town, hidden: str) -> None:
    known = follower.following()
    shield(town, follower.child)
    HIDDEN[hidden](follower, town)
    assert wire(follower, town, known) == expected()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_was_not_told_yet_when_they_were_shielded_is_not_told(follower: Follower, town: Town, hidden: str) -> None:
    known = follower.following()
    renamed(follower.child, "Malik")
    HIDDEN[hidden](follower, town)
    shield(town, follower.child)
    assert wire(Follower(follower.asking, follower.child, follower.receiver), town, known)[:3] == [0, 0, 0]


def expected() -> list[Any]:
    until = (factories.today().replace(year=factories.today().year + 1)).isoformat()
    again = [200, True, until, 0]
    return [0, 0, 0, *again, *again, 204, 204, 0, 0]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_protected_child_is_followed_alike_whoever_works_with_them(follower: Follower, town: Town, hidden: str) -> None:
    """Who could follow none but those that their organisation works with would learn that it does."""
    shield(town, follower.child)
    HIDDEN[hidden](follower, town)
    child = follower.asking.child()
    follower.asking.opened(child)
    known = told(follower.follow(child))["following"]
    assert (tell(), follower.told()) == (0, [])
    assert len(followings()) == 1
    assert follower.unfollow(known).status_code == 204


def test_what_changed_under_a_shield_is_told_once_it_has_ended(follower: Follower, town: Town) -> None:
    known = follower.following()
    shield(town, follower.child)
    moved(follower.child)
    assert tell() == 0
    lift(town)
    assert (tell(), follower.told()) == (1, [known])


def test_shield_that_came_and_went_is_told_to_nobody(follower: Follower, town: Town) -> None:
    follower.following()
    shield(town, follower.child)
    assert tell() == 0
    lift(town)
    assert (tell(), follower.told(), waiting()) == (0, [], 0)


def test_following_of_whom_nobody_works_with_ends_once_the_shield_has(follower: Follower, town: Town) -> None:
    follower.following()
    shield(town, follower.child)
    without(follower.child, town.school)
    assert (tell(), len(followings())) == (0, 1)
    lift(town)
    assert (tell(), follower.told(), followings()) == (0, [], [])
