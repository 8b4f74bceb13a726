"""A system follows a record, and is told that something changed: through HTTP on both sides, with nobody in between."""

from collections.abc import Iterator

import pytest

from access.models import Failure
from audit.events import EventKind
from registry.models import Involvement
from registry.vocabulary import Service
from tests.conftest import as_owner_here, as_worker
from tests.integration.api.asking import Asking, refused, told
from tests.integration.api.following import (
    Follower,
    due_now,
    follower_of,
    followings,
    keys,
    tell,
    telling_of,
    waiting,
)
from tests.integration.registry.people import AddChildren, Town
from tests.log import events


@pytest.fixture
def follower(town: Town, add: AddChildren) -> Iterator[Follower]:
    with follower_of(town, add) as made:
        yield made


def record_another(follower: Follower, town: Town) -> None:
    """Have the social worker of the town record that they work with the child."""
    worker = Asking(follower.asking.system, town.social_worker)
    told(worker.record(worker.child(), service="social_care"), 201)


def test_what_changed_is_told_once_and_nothing_of_what(follower: Follower, town: Town) -> None:
    following = follower.following()
    record_another(follower, town)
    assert waiting() == 1
    assert tell() == 1
    (taken,) = follower.receiver.taken
    assert (taken.path, taken.headers["Content-Type"]) == ("/told", "application/secevent+jwt")
    claims = taken.claims(keys())
    assert set(claims) == {"iss", "aud", "iat", "jti", "sub_id", "events"}
    assert claims["iss"] == "http://testserver"
    assert claims["aud"] == follower.asking.system.client_id
    assert claims["sub_id"] == {"format": "opaque", "id": following}
    assert claims["events"] == {"http://testserver/api/events/child-changed": {}}
    assert waiting() == 0
    assert tell() == 0
