"""Two records under one: what is followed goes on to be followed where it stands, as services do (docs/adr/0048)."""

from collections.abc import Iterator

import pytest

from registry.models import Child
from tests.conftest import as_owner_here
from tests.integration.api.asking import AMINA, Asking, system_of, told
from tests.integration.api.following import Follower, change, followings, tell, values
from tests.integration.registry.merging import Bureau, amina
from tests.integration.registry.people import AddChildren, Town
from tests.integration.registry.shielding import URGENT, build_office, file_shielded
from tests.receiver import receiving

OTHER_NAME = AMINA | {"family_name": "Siddiqui"}


@pytest.fixture
def bureau(town: Town, add: AddChildren) -> Bureau:
    return amina(town, add)


@pytest.fixture
def follower(town: Town, bureau: Bureau) -> Iterator[Follower]:
    with receiving() as receiver:
        system = system_of(town.authority, telling_address=receiver.address)
        yield Follower(Asking(system, town.teacher), _child(bureau.two.stays), receiver)


def _child(child_id: int) -> Child:
    with as_owner_here():
        return Child.objects.get(pk=child_id)


def both(follower: Follower) -> tuple[str, str]:
    """Both records opened and followed by the teacher. What each is known by."""
    known = []
    for asked in (AMINA, OTHER_NAME):
        child = follower.asking.child(**asked)
        follower.asking.opened(child)
        known.append(str(told(follower.follow(child))["following"]))
    assert tell() == 0
    stays, under = known
    return stays, under


def test_whoever_follows_either_is_told_of_both_and_of_parting(follower: Follower, bureau: Bureau) -> None:
    stays, under = both(follower)
    bureau.put_together()
    assert tell() == 2
    assert sorted(follower.told()) == sorted((stays, under))
    follower.receiver.taken.clear()
    change(follower.child, guardians=values(follower.child).guardians[:1])
    assert tell() == 2
    follower.receiver.taken.clear()
    bureau.part()
    assert tell() == 2
    assert sorted(follower.told()) == sorted((stays, under))
    follower.receiver.taken.clear()
    change(_child(bureau.two.under), guardians=())
    assert (tell(), follower.told()) == (1, [under])


def test_each_following_stays_with_its_own_record(follower: Follower, bureau: Bureau) -> None:
    stays, under = both(follower)
    before = [(each.pk, each.child_id) for each in followings()]
    bureau.put_together()
    child = follower.asking.child()
    follower.asking.opened(child)
    assert told(follower.follow(child))["following"] == stays
    assert [(each.pk, each.child_id) for each in followings()] == before
    assert follower.unfollow(under).status_code == 204
    assert [each.child_id for each in followings()] == [bureau.two.stays]


def test_shield_of_either_silences_both(follower: Follower, bureau: Bureau, town: Town) -> None:
    both(follower)
    bureau.put_together()
    assert tell() == 2
    follower.receiver.taken.clear()
    with as_owner_here():
        office = build_office(town, follower.child)
    office.asked(URGENT)
    file_shielded()
    change(follower.child, guardians=())
    assert (tell(), follower.told(), len(followings())) == (0, [], 2)
