"""A system follows a record, and is told that something changed: through HTTP on both sides, with nobody in between."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from access.models import OrganisationKind
from audit.events import EventKind
from registry.values import Provenance
from registry.vocabulary import Gender, Service, Source
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.api.asking import Asking, refused, system_of, told
from tests.integration.api.following import (
    Follower,
    change,
    execute,
    follower_of,
    followings,
    keys,
    renamed,
    tell,
    values,
    waiting,
    without,
)
from tests.integration.registry.people import AddChildren, Town, involvement
from tests.log import events, last_event

MADE_UP = "q0Qk2m8rYh5Zt7wuE1x6f3"


@pytest.fixture
def follower(town: Town, add: AddChildren) -> Iterator[Follower]:
    with follower_of(town, add) as made:
        yield made


def test_what_changed_is_told_once_and_nothing_of_what(follower: Follower, town: Town) -> None:
    following = follower.following()
    worker = Asking(follower.asking.system, town.social_worker)
    told(worker.record(worker.child(), service="education_welfare"), 201)
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


def test_several_changes_are_one_notice_and_the_next_is_another(follower: Follower) -> None:
    following = follower.following()
    for family in ("Malik", "Khan", "Siddiqui"):
        renamed(follower.child, family)
    assert tell() == 1
    renamed(follower.child, "Begum")
    assert tell() == 1
    assert follower.told() == [following] * 2
    numbers = [each.claims(keys())["jti"] for each in follower.receiver.taken]
    assert len(set(numbers)) == 2


def test_change_there_and_back_and_there_again_is_a_notice_each_time(follower: Follower) -> None:
    """Each with a number of its own: a system that has seen a number before takes the notice for told already."""
    following = follower.following()
    for family in ("Malik", "Hussain", "Malik", "Hussain"):
        renamed(follower.child, family)
        assert tell() == 1
    assert follower.told() == [following] * 4
    assert len({each.claims(keys())["jti"] for each in follower.receiver.taken}) == 4


@pytest.mark.parametrize(
    "part", ["names", "addresses", "numbers", "guardians", "involvements", "date_of_death", "gender"]
)
def test_whatever_is_on_the_record_is_told(follower: Follower, part: str) -> None:
    following = follower.following()
    says = values(follower.child)
    others = [each for each in says.involvements if each[1].service != Service.POLICE]
    new = {"date_of_death": date(2026, 1, 5), "gender": Gender.MALE, "involvements": tuple(others)}
    change(follower.child, **{part: new[part] if part in new else getattr(says, part)[:-1]})
    tell()
    assert follower.told() == [following]


def test_change_that_was_taken_back_before_anybody_was_told_is_none(follower: Follower) -> None:
    follower.following()
    renamed(follower.child, "Malik")
    renamed(follower.child, "Hussain")
    assert (waiting(), tell(), waiting()) == (1, 0, 0)


def test_whose_word_it_is_and_that_it_was_confirmed_is_nothing_new(follower: Follower) -> None:
    follower.following()
    said = Provenance(Source.SCHOOL_CENSUS, date(2026, 11, 1))
    before = values(follower.child)
    change(follower.child, guardians=tuple(replace(each, provenance=said) for each in before.guardians))
    assert (waiting(), tell(), waiting()) == (1, 0, 0)


def test_second_sensitive_service_is_told_to_nobody_who_reads_no_more_than_before(
    follower: Follower, town: Town
) -> None:
    """The page says that one is involved, before as after: who was told would know of a second. Where one works oneself
    it says so for the first time."""
    follower.following()
    theirs = Asking(follower.asking.system, town.therapist)
    child = theirs.child()
    theirs.opened(child)
    known = told(follower.follow(child, theirs))["following"]
    assert tell() == 0
    with as_owner_here():
        other = factories.organisation(kind=OrganisationKind.SEXUAL_HEALTH, authority=town.authority)
    more = (False, involvement(other, Service.SEXUAL_HEALTH))
    change(follower.child, involvements=(*values(follower.child).involvements, more))
    assert waiting() == 2
    assert (tell(), follower.told(), waiting()) == (1, [known], 0)


def test_followed_again_it_is_the_same_for_a_year_from_then(follower: Follower, town: Town) -> None:
    following = follower.following()
    execute("UPDATE registry_following SET until = current_date + 3")
    colleague = Asking(follower.asking.system, town.colleague)
    child = colleague.child()
    colleague.opened(child)
    again = told(follower.follow(child, colleague))
    assert again == {"following": following, "until": (factories.today() + timedelta(days=365)).isoformat()}
    (row,) = followings()
    assert row.details.open().user_id == town.colleague.pk
    assert tell() == 0
    renamed(follower.child, "Malik")
    assert tell() == 1


def test_each_system_and_each_organisation_follows_by_itself(follower: Follower, town: Town) -> None:
    following = follower.following()
    another = Asking(system_of(town.authority, telling_address=follower.receiver.address), town.teacher)
    worker = Asking(follower.asking.system, town.social_worker)
    known = [following]
    for each in (another, worker):
        child = each.child()
        each.opened(child)
        known.append(told(follower.follow(child, each))["following"])
    assert len(set(known)) == 3
    assert tell() == 0
    without(follower.child, town.school)
    assert tell() == 1
    assert follower.told() == [known[2]]
    assert len(followings()) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"until": "2099-01-01"}, 422, "invalid"), ([], 400, "malformed"), (b"until", 400, "malformed")],
)
def test_what_is_sent_along_is_refused_and_nothing_done(
    follower: Follower, body: object, status: int, code: str
) -> None:
    following = follower.following()
    execute("UPDATE registry_following SET until = current_date + 3")
    (before,) = followings()
    for method, path in (
        ("POST", f"/children/{follower.asking.child()}/following"),
        ("DELETE", f"/followings/{following}"),
    ):
        refused(follower.asking.ask(method, path, body), status, code)
    (after,) = followings()
    assert (after.until, after.row_version) == (before.until, before.row_version)


def test_only_an_opened_record_is_followed(follower: Follower) -> None:
    child = follower.asking.child()
    refused(follower.follow(child), 403, "not_permitted")
    follower.asking.opened(child)
    again = Asking(follower.asking.system, follower.asking.person)
    refused(follower.follow("", again), 403, "not_permitted")
    assert followings() == []
    assert events(kind=EventKind.CHILD_FOLLOWED) == []
    assert len(events(kind=EventKind.ACCESS_REFUSED)) == 2


def test_only_whose_organisation_works_with_the_child_follows(follower: Follower, town: Town, add: AddChildren) -> None:
    with as_owner_here():
        stranger_to_them = factories.user(works_for=factories.organisation(authority=town.authority))
    asking = Asking(follower.asking.system, stranger_to_them)
    child = asking.child()
    asking.opened(child)
    problem = refused(follower.follow(child, asking), 403, "not_permitted")
    assert "Record the involvement first" in problem["detail"]
    ended = (False, involvement(town.school, Service.SCHOOL, ended_on=factories.today()))
    change(follower.child, involvements=(ended,))
    child = follower.asking.child()
    follower.asking.opened(child)
    refused(follower.follow(child), 403, "not_permitted")
    assert followings() == []


def test_both_ends_are_in_the_log_in_the_name_of_who_did_it(follower: Follower, town: Town) -> None:
    following = follower.following()
    system = ["system", str(follower.asking.system.pk)]
    begun = last_event(kind=EventKind.CHILD_FOLLOWED)
    assert (begun.actor_id, begun.child_id, begun.fields) == (town.teacher.pk, follower.child.pk, system)
    assert follower.unfollow(following).status_code == 204
    over = last_event(kind=EventKind.CHILD_FOLLOWED_NO_MORE)
    assert (over.actor_id, over.child_id, over.fields) == (town.teacher.pk, follower.child.pk, system)
    assert followings() == []
    renamed(follower.child, "Malik")
    assert (waiting(), tell(), follower.told()) == (0, 0, [])


def test_what_has_ended_is_ended_and_nobody_ends_what_is_anothers(follower: Follower, town: Town) -> None:
    following = follower.following()
    another = Asking(system_of(town.authority, telling_address=follower.receiver.address), town.teacher)
    worker = Asking(follower.asking.system, town.social_worker)
    for each in (another, worker):
        assert each.ask("DELETE", f"/followings/{following}").status_code == 204
    assert len(followings()) == 1
    assert events(kind=EventKind.CHILD_FOLLOWED_NO_MORE) == []
    colleague = Asking(follower.asking.system, town.colleague)
    for _ in range(2):
        assert colleague.ask("DELETE", f"/followings/{following}").status_code == 204
    assert follower.unfollow(MADE_UP).status_code == 204
    assert len(events(kind=EventKind.CHILD_FOLLOWED_NO_MORE)) == 1
    refused(follower.unfollow("made-up"), 404, "not_found")
    assert followings() == []
