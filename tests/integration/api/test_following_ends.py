"""What ends a following by itself, and what becomes of it with the record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from access.models import OrganisationKind
from audit.events import EventKind
from encryption.seal import cohort_of_sealed
from registry.models import Child, Following, Involvement
from registry.models.child import ChildRow
from registry.worker import following as worker
from registry.worker import resealing, telling
from registry.worker.retention import archive_at_once
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.api.asking import Asking, system_of, told
from tests.integration.api.following import (
    Follower,
    change,
    execute,
    follower_of,
    followings,
    renamed,
    tell,
    waiting,
    without,
)
from tests.integration.registry.people import AddChildren, Town, stranger
from tests.log import events, last_event


@pytest.fixture
def follower(town: Town, add: AddChildren) -> Iterator[Follower]:
    with follower_of(town, add) as made:
        yield made


SPOILT = {
    "its organisation works with the child no more": lambda follower, town: without(follower.child, town.school),
    "its day is over": lambda _follower, _town: execute("UPDATE registry_following SET until = current_date - 1"),
    "the system is revoked": lambda _follower, _town: spoil("revoked_at = now()"),
    "its accreditation has run out": lambda _follower, _town: spoil("accredited_until = current_date - 1"),
    "the school belongs to another council": lambda _follower, town: move(town),
}


def spoil(how: str) -> None:
    execute(
        f"ALTER TABLE access_clientsystem DISABLE TRIGGER access_clientsystem_changes;"
        f"UPDATE access_clientsystem SET {how};"
        f"ALTER TABLE access_clientsystem ENABLE TRIGGER access_clientsystem_changes"
    )


def move(town: Town) -> None:
    with as_owner_here():
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
    execute("UPDATE access_organisation SET responsible_authority_id = %s WHERE id = %s", other.pk, town.school.pk)


@pytest.mark.parametrize("how", SPOILT)
def test_nothing_is_told_and_the_following_ends_where(follower: Follower, town: Town, how: str) -> None:
    follower.following()
    renamed(follower.child, "Malik")
    SPOILT[how](follower, town)
    assert tell() == 0
    assert (follower.told(), followings(), waiting()) == ([], [], 0)
    over = last_event(kind=EventKind.CHILD_FOLLOWED_NO_MORE)
    assert (over.process, over.child_id, over.organisation_id) == ("following", follower.child.pk, town.school.pk)


def test_withdrawn_involvement_is_none(follower: Follower, town: Town) -> None:
    follower.following()
    theirs = Asking(follower.asking.system, town.teacher)
    with as_owner_here():
        own = next(
            row.pk for row in Involvement.objects.order_by("pk") if row.details.open().organisation_id == town.school.pk
        )
    child = theirs.child()
    one = f"/children/{child}/involvements/{own}"
    told(theirs.get(one))
    answer = theirs.ask("POST", f"{one}/withdraw", {"mistake": "wrong_child"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 204
    assert (tell(), followings(), follower.told()) == (0, [], [])


def test_stopped_organisation_is_told_once_it_may_come_again(follower: Follower, town: Town) -> None:
    following = follower.following()
    renamed(follower.child, "Malik")
    day = "UPDATE access_organisation SET accredited_until = current_date + %s WHERE id = %s"
    execute(day, -1, town.school.pk)
    assert (tell(), len(followings()), waiting()) == (0, 1, 1)
    execute(day, 10, town.school.pk)
    assert tell() == 0, "it is asked again after a while"
    execute("UPDATE registry_untold SET next_at = now()")
    assert (tell(), follower.told()) == (1, [following])


def test_what_web_process_seals_as_another_systems_is_told_to_nobody(follower: Follower, town: Town) -> None:
    """The event names the system in whose session it was; what stands sealed is held against it."""
    follower.following()
    other = system_of(town.authority, telling_address=follower.receiver.address)
    (row,) = followings()
    with as_worker():
        row.child = follower.child
        row.details = replace(row.details.open(), system_id=other.pk)
        row.save(update_fields=["details"])
    renamed(follower.child, "Malik")
    assert (tell(), follower.told(), followings(), waiting()) == (0, [], [], 0)
    assert events(kind=EventKind.CHILD_FOLLOWED_NO_MORE) == [], "nor does anybody say that it has ended"


def followed_by_others(follower: Follower, town: Town) -> list[str]:
    """Have two more systems follow the child. Returns what the last of them knows that by."""
    known = []
    for _ in range(2):
        asking = Asking(system_of(town.authority, telling_address=follower.receiver.address), town.teacher)
        child = asking.child()
        asking.opened(child)
        known.append(str(told(follower.follow(child, asking))["following"]))
    assert tell() == 0
    return known


def test_one_of_an_organisation_that_there_is_not_keeps_nothing_from_ending_or_being_told(
    follower: Follower, town: Town
) -> None:
    """Whoever took over the web process seals what they like."""
    follower.following()
    _second, third = followed_by_others(follower, town)
    first, second, last = followings()
    with as_worker():
        first.child = follower.child
        first.details = replace(first.details.open(), organisation_id=10**9)
        first.save(update_fields=["details"])
    execute("UPDATE registry_following SET until = current_date - 1 WHERE id IN (%s, %s)", first.pk, second.pk)
    renamed(follower.child, "Malik")
    assert (tell(), follower.told()) == (1, [third])
    assert followings() == [last]
    assert len(events(kind=EventKind.CHILD_FOLLOWED_NO_MORE)) == 1
    assert waiting() == 0


def test_one_that_cannot_be_ended_keeps_nothing_from_ending_or_being_told(
    follower: Follower, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower.following()
    _second, third = followed_by_others(follower, town)
    first, second, last = followings()
    weigh = worker.weigh

    def fail_for_the_first(following_id: int, changes: int) -> object:
        if following_id == first.pk:
            raise RuntimeError
        return weigh(following_id, changes)

    for module in (worker, telling):
        monkeypatch.setattr(module, "weigh", fail_for_the_first)
    execute("UPDATE registry_following SET until = current_date - 1 WHERE id IN (%s, %s)", first.pk, second.pk)
    renamed(follower.child, "Malik")
    assert (tell(), follower.told()) == (1, [third])
    assert followings() == [first, last]


def test_archived_record_is_followed_by_nobody(follower: Follower) -> None:
    follower.following()
    renamed(follower.child, "Malik")
    with as_worker():
        archive_at_once(follower.child.pk)
    assert (tell(), follower.told(), followings()) == (0, [], [])


def test_destroyed_record_leaves_nothing(follower: Follower) -> None:
    follower.following()
    with as_worker():
        archive_at_once(follower.child.pk)
        Child.objects.filter(pk=follower.child.pk)._raw_delete("default")
    assert followings() == []
    assert (tell(), waiting(), follower.told()) == (0, 0, [])


def test_followed_record_that_is_sealed_for_another_month_goes_on_to_be_followed(follower: Follower) -> None:
    """As when a date of birth is put right: what follows the record is sealed with it, and destroyed with it."""
    following = follower.following()
    before = followings()[0].details.stored
    change(follower.child, date_of_birth=date(2016, 3, 9))
    assert (tell(), follower.told()) == (1, [following])
    (after,) = followings()
    assert cohort_of_sealed(before) != cohort_of_sealed(after.details.stored)


def test_what_is_noted_as_told_while_it_is_sealed_for_another_month_stays(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is noted without a lock on the record."""
    follower.following()
    renamed(follower.child, "Malik")
    (row,) = followings()
    with as_worker():
        news = worker.weigh(row.pk, 1)
    assert isinstance(news, worker.News)
    cohorts, untold = resealing._cohorts, [news]

    def note_meanwhile(of: ChildRow) -> set[str | None]:
        if isinstance(of, Following) and untold:
            worker.note_told(untold.pop())
        return cohorts(of)

    monkeypatch.setattr(resealing, "_cohorts", note_meanwhile)
    change(follower.child, date_of_birth=date(2016, 3, 9))
    assert untold == []
    (after,) = followings()
    with as_worker():
        assert after.details.open().told == news.mark
    assert cohort_of_sealed(after.details.stored) != cohort_of_sealed(row.details.stored)


def test_nothing_of_it_stands_in_clear(follower: Follower, town: Town) -> None:
    following = follower.following()
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_following")
        (row,) = cursor.fetchall()
        names = [column.name for column in cursor.description]
    clear = {name: value for name, value in zip(names, row, strict=True) if name != "details"}
    assert set(clear) == {"id", "row_version", "child_id", "pair", "reference", "until"}
    assert following.encode() not in bytes(clear["reference"]) + bytes(row[names.index("details")])


def test_same_system_and_organisation_are_not_seen_to_be(follower: Follower, town: Town, add: AddChildren) -> None:
    """Of two children who are followed for one school by one system no column is the same, but for the day."""
    add(stranger(town))
    follower.following()
    other = follower.asking.child(given_name="Amina", family_name="Hussain", postcode="M33 9ZZ")
    follower.asking.opened(other)
    told(follower.follow(other))
    first, second = followings()
    for name in ("child_id", "pair", "reference"):
        assert getattr(first, name) != getattr(second, name)
