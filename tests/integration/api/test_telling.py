"""How systems are told that something changed: tried again, given up, and none in the way of another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from joserfc import jws

from access.models import Failure, TellingKey
from access.systems.telling import keeping, sending
from encryption import keyring
from encryption.keys import Purpose
from registry.models import Child, Untold
from registry.worker import telling
from tests.conftest import as_owner_here, as_worker
from tests.integration.api.asking import Asking, system_of, told
from tests.integration.api.following import (
    Follower,
    due_now,
    execute,
    follower_of,
    keys,
    renamed,
    tell,
    telling_of,
    waiting,
)
from tests.integration.registry.people import AddChildren, Town, stranger
from tests.receiver import Receiver, receiving


@pytest.fixture
def follower(town: Town, add: AddChildren) -> Iterator[Follower]:
    with follower_of(town, add) as made:
        yield made


def numbers(follower: Follower) -> list[str]:
    return [each.claims(keys())["jti"] for each in follower.receiver.taken]


def follow_by(follower: Follower, receiver: Receiver, town: Town) -> str:
    """Have another system of the town follow the child as well. Returns what it knows that by."""
    asking = Asking(system_of(town.authority, telling_address=receiver.address), town.teacher)
    child = asking.child()
    asking.opened(child)
    known = told(follower.follow(child, asking))["following"]
    assert tell() == 0
    return str(known)


def test_what_is_not_taken_is_told_again_under_the_same_number(follower: Follower) -> None:
    following = follower.following()
    renamed(follower.child, "Malik")
    follower.receiver.status = 503
    before = timezone.now()
    assert (tell(), waiting()) == (0, 1)
    noted = telling_of(follower)
    assert (noted.failures, noted.last_failure, noted.not_taken, noted.given_up) == (1, Failure.BROKEN, 1, 0)
    assert noted.next_at is not None
    assert timedelta(seconds=15) <= noted.next_at - before <= timedelta(seconds=31)
    assert tell() == 0, "it is left alone"
    assert len(follower.receiver.taken) == 1
    due_now()
    assert tell() == 0
    noted = telling_of(follower)
    assert (noted.failures, noted.not_taken) == (2, 1)
    follower.receiver.status = 202
    due_now()
    assert (tell(), waiting()) == (1, 0)
    assert follower.told() == [following] * 3
    assert len(set(numbers(follower))) == 1
    noted = telling_of(follower)
    assert (noted.failures, noted.failing_since, noted.next_at, noted.not_taken) == (0, None, None, 0)
    assert noted.last_taken_at is not None


def test_after_three_days_it_is_given_up_and_the_next_change_is_told(follower: Follower) -> None:
    following = follower.following()
    renamed(follower.child, "Malik")
    follower.receiver.status = 500
    assert tell() == 0
    due_now()
    execute("UPDATE registry_untold SET since = now() - interval '73 hours'")
    assert (tell(), waiting()) == (0, 0)
    assert telling_of(follower).given_up == 1
    follower.receiver.status = 202
    due_now()
    renamed(follower.child, "Khan")
    assert (tell(), follower.told()[-1]) == (1, following)


def test_change_while_the_last_attempt_fails_is_not_given_up(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told for three days is old, and what came meanwhile is new: it has three days of its own."""
    following = follower.following()
    renamed(follower.child, "Malik")
    execute("UPDATE registry_untold SET since = now() - interval '73 hours'")
    follower.receiver.status = 500
    note_failed = keeping.note_failed

    def change_and_note(*about: Any, **more: Any) -> object:
        renamed(follower.child, "Khan")
        return note_failed(*about, **more)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(keeping, "note_failed", change_and_note)
        assert (tell(), waiting()) == (0, 1)
    due_now()
    assert (tell(), waiting()) == (0, 1)
    assert telling_of(follower).given_up == 0
    follower.receiver.status = 202
    due_now()
    assert (tell(), waiting(), follower.told()[-1]) == (1, 0, following)


def test_change_of_what_has_failed_for_long_has_three_days_of_its_own(follower: Follower) -> None:
    follower.following()
    renamed(follower.child, "Malik")
    execute("UPDATE registry_untold SET since = now() - interval '73 hours'")
    renamed(follower.child, "Khan")
    follower.receiver.status = 500
    assert (tell(), waiting(), telling_of(follower).given_up) == (0, 1, 0)


def test_one_that_does_not_answer_holds_up_no_other(
    follower: Follower, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 1.0)
    with receiving() as dead, receiving() as gone, receiving() as other:
        follower.following()
        known = follow_by(follower, other, town)
        for receiver in (dead, gone):
            follow_by(follower, receiver, town)
        dead.waits = 30
        gone.status = 500
        renamed(follower.child, "Malik")
        assert tell() == 2
        assert other.told(keys()) == [known]
        assert len(follower.receiver.taken) == 1
        assert waiting() == 2


def test_what_waits_for_one_that_is_away_stands_in_nobodys_way(
    follower: Follower, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it has been due for longer, and a pass takes no more."""
    follower.following()
    follower.receiver.status = 500
    renamed(follower.child, "Malik")
    assert tell() == 0
    with receiving() as other:
        known = follow_by(follower, other, town)
        due_now()
        renamed(follower.child, "Khan")
        monkeypatch.setattr(telling, "AT_ONCE", 1)
        assert tell() == 1
        assert other.told(keys()) == [known]


def test_of_one_that_fails_the_rest_waits_untried(follower: Follower, town: Town, add: AddChildren) -> None:
    """However much it is to be told, it is tried once, and told all of it once it is there again."""
    add(stranger(town))
    follower.following()
    other = follower.asking.child(given_name="Amina", family_name="Hussain", postcode="M33 9ZZ")
    follower.asking.opened(other)
    told(follower.follow(other))
    assert tell() == 0
    execute("UPDATE registry_untold SET next_at = now()")
    with as_owner_here():
        everybody = list(Child.objects.order_by("pk"))
    for child in everybody:
        renamed(child, "Malik")
    follower.receiver.status = 500
    assert (tell(), len(follower.receiver.taken), waiting()) == (0, 1, 2)
    assert telling_of(follower).not_taken == 2
    follower.receiver.status = 202
    due_now()
    assert (tell(), waiting()) == (2, 0)


def test_one_notice_that_is_refused_holds_up_no_other(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    follower.following()
    renamed(follower.child, "Malik")
    follower.receiver.status, follower.receiver.body = 400, b'{"err": "invalid_request"}'
    assert (tell(), waiting()) == (0, 1)
    noted = telling_of(follower)
    assert (noted.last_failure, noted.failing_since, noted.next_at) == (Failure.REFUSED, None, None)
    assert tell() == 0, "this one waits"
    assert len(follower.receiver.taken) == 1


def test_change_while_it_is_told_is_told_under_another_number(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = follower.following()
    renamed(follower.child, "Malik")
    follower.receiver.status = 503
    assert tell() == 0
    follower.receiver.status = 202
    due_now()
    note = telling.note_told

    def change_and_note(news: Any) -> None:
        execute("UPDATE registry_untold SET changes = changes + 1")  # as the trigger does
        note(news)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(telling, "note_told", change_and_note)
        assert tell() == 1
    with as_owner_here():
        assert Untold.objects.get().attempts == 0, "it was never tried, and comes before what has failed"
    renamed(follower.child, "Khan")
    assert (tell(), follower.told()) == (1, [following] * 3)
    assert len(set(numbers(follower))) == 2


def test_nothing_is_open_in_the_database_while_somebody_is_waited_for(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower.following()
    renamed(follower.child, "Malik")
    send, ours, open_ones = telling.send, connections["default"], list[bool]()

    def look_and_send(address: str, notice: str) -> Failure | None:
        open_ones.append(ours.in_atomic_block)
        return send(address, notice)

    with monkeypatch.context() as looking:
        looking.setattr(telling, "send", look_and_send)
        assert tell() == 1
    assert open_ones == [False]


def test_worker_that_died_while_it_told_leaves_nothing_untold(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = follower.following()
    renamed(follower.child, "Malik")

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(telling, "_signed", die)
        with pytest.raises(SystemExit):
            tell()
    assert (tell(), waiting()) == (0, 1), "another pass leaves it alone for as long as the first may be at it"
    execute("UPDATE registry_untold SET next_at = next_at - make_interval(secs => %s)", telling.TAKEN_FOR.seconds)
    assert (tell(), follower.told()) == (1, [following])


def test_what_cannot_be_looked_at_keeps_no_other_from_being_told(
    follower: Follower, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as other:
        follower.following()
        follow_by(follower, other, town)
        renamed(follower.child, "Malik")
        weigh = telling.weigh
        failing = [True]

        def fail_once(*about: int) -> object:
            if failing:
                failing.pop()
                raise RuntimeError
            return weigh(*about)

        monkeypatch.setattr(telling, "weigh", fail_once)
        assert tell() == 1
        assert len(follower.receiver.taken) + len(other.taken) == 1
        assert waiting() == 1


def test_new_key_signs_once_it_was_published_for_a_day(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    follower.following()
    (first,) = keys()["keys"]
    assert set(first) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    with as_worker():
        held = keyring.current().all_keys()
    new = keyring.make_key(Purpose.TELLING, None, taken={each.number for each in held})
    with monkeypatch.context() as rotated:
        rotated.setattr(keyring, "current", lambda: keyring.Keyring([*held, new]))
        renamed_and_told(follower, "Malik")
        published = {each["kid"] for each in keys()["keys"]}
        assert len(published) == 2
        assert signed_by(follower) == [first["kid"]]
        with as_owner_here():
            TellingKey.objects.update(published_at=timezone.now() - timedelta(hours=25))
        renamed_and_told(follower, "Khan")
        (other,) = published - {first["kid"]}
        assert signed_by(follower) == [first["kid"], other]
        assert len(follower.told()) == 2
    renamed_and_told(follower, "Begum")
    assert [each["kid"] for each in keys()["keys"]] == [first["kid"]], "what the worker holds no more is no key"


def renamed_and_told(follower: Follower, family: str) -> None:
    renamed(follower.child, family)
    assert tell() == 1


def signed_by(follower: Follower) -> list[str]:
    return [str(jws.extract_compact(each.body.encode()).protected["kid"]) for each in follower.receiver.taken]


def test_metadata_says_where_the_keys_are(follower: Follower) -> None:
    resource = follower.asking.browser.get("/.well-known/oauth-protected-resource").json()
    assert resource["jwks_uri"] == "http://testserver/.well-known/jwks.json"
