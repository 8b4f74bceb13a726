"""The list of people whom an administrator looks after, by HTTP."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import Grant, Role, UserState, VettingItem, VettingKind
from access.people.organisation_fields import MOST_KEPT
from access.people.selectors.people import ON_A_PAGE
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.integration.access.at_desk import EXPIRING, PEOPLE, Desk, words
from tests.log import events, last_event

HOME, ORGANISATIONS = reverse("home"), reverse("organisations")


@pytest.mark.parametrize("asked", ["Zainab", "okon", "HUGHES zainab", "Okonkwo-Hughes", "zai"])
def test_somebody_is_found_by_words_of_their_name(at: Desk, asked: str) -> None:
    lives.invited(at.council)
    assert "Zainab Okonkwo-Hughes" in words(at.first.post(PEOPLE, {"text": asked}, follow=True))


def test_somebody_is_found_by_their_address_and_no_address_of_ours_tells_it(at: Desk) -> None:
    user = lives.invited(at.council)
    response = at.first.post(PEOPLE, {"text": user.email.open().upper()}, follow=True)
    assert "Zainab Okonkwo-Hughes" in words(response)
    assert response.redirect_chain == [(PEOPLE, 302)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"role": Role.PRACTITIONER}, True),
        ({"role": Role.AUDITOR}, False),
        ({"state": UserState.INVITED}, True),
        ({"state": UserState.ACTIVE}, False),
        ({"state": "stopped"}, False),
        ({"text": "Zainab Smith"}, False),
        ({"organisation": "School"}, True),
        ({"organisation": "Nowhere"}, False),
        ({"runs_out_within": "30"}, False),
    ],
)
def test_filters_narrow(at: Desk, wanted: dict[str, str], found: bool) -> None:
    lives.invited(at.council)
    assert ("Zainab" in words(at.first.post(PEOPLE, wanted, follow=True))) is found


@pytest.mark.parametrize("wrong", [{"role": "headteacher"}, {"state": "gone"}, {"text": "x" * 300}])
def test_where_the_filter_is_wrong_nobody_is_shown_and_nothing_is_recorded(at: Desk, wrong: dict[str, str]) -> None:
    lives.invited(at.council)
    before = len(events(kind=EventKind.PEOPLE_LISTED))

    shown = words(at.first.post(PEOPLE, wrong))

    assert "There is a problem" in shown
    for told in ("Zainab", "matches", "Nobody is registered"):
        assert told not in shown
    assert len(events(kind=EventKind.PEOPLE_LISTED)) == before


def test_kept_filter_whose_organisation_is_out_of_reach_by_now_shows_nobody(at: Desk, as_owner: OwnerContext) -> None:
    lives.invited(at.council)
    at.applying.post(PEOPLE, {"organisation": at.council.school.directory_code}, follow=True)
    with as_owner():
        Grant.objects.filter(content_object=at.council.school).delete()

    shown = words(at.applying.get(PEOPLE))

    assert "Zainab" not in shown


def test_filter_is_kept_and_cleared(at: Desk) -> None:
    lives.invited(at.council)
    at.first.post(PEOPLE, {"text": "Nobody of that name"})
    assert "Nobody you look after matches" in words(at.first.get(PEOPLE))
    assert "Zainab" in words(at.first.post(PEOPLE, {}, follow=True))


def test_pages_lead_through_everybody_once(at: Desk, as_owner: OwnerContext) -> None:
    with as_owner():
        people = {factories.user(works_for=at.council.school).name.open() for _ in range(ON_A_PAGE + 7)}
    address, listed = PEOPLE, []
    for _ in range(2):
        page = at.first.get(address).content.decode()
        listed += re.findall(r'href="/people/[^"/]+/">\s*([^<]+?)\s*</a>\s*</div>\s*</th>', page)
        following = re.search(r'href="(\?after=[^"]+)"', page)
        address = f"{PEOPLE}{following[1]}" if following else ""
    assert address == ""
    assert len(listed) == len(set(listed))
    assert people <= set(listed)


def test_list_records_whom_it_showed(at: Desk) -> None:
    user = lives.invited(at.council)
    at.first.post(PEOPLE, {"text": "Zainab"}, follow=True)
    assert last_event(kind=EventKind.PEOPLE_LISTED).shown == [user.pk]


def test_soonest_to_run_out_comes_first(at: Desk, as_owner: OwnerContext) -> None:
    with as_owner():
        for name, days in (("Late Person", 25), ("Soon Person", 5), ("Past Person", -1), ("Far Person", 80)):
            user = factories.user(works_for=at.council.school, name=name)
            until = factories.today() + timedelta(days=days)
            VettingItem.objects.filter(user=user, kind=VettingKind.DBS).update(expires_on=until)
    names = re.findall(r"(\w+) Person", words(at.first.get(EXPIRING)))
    assert names == ["Past", "Soon", "Late"]
    assert "Far Person" in words(at.first.get(EXPIRING, {"days": "90"}))


@pytest.mark.parametrize("query", [{"days": "x"}, {"days": "7"}, {"after": "made-up"}])
def test_addresses_made_up_break_nothing(at: Desk, query: dict[str, str]) -> None:
    assert at.first.get(EXPIRING, query).status_code in (200, 404)


GRANTS = re.compile(r"FROM access_show_reach")
ALL_OF_THE_REACH = re.compile(r'"directory_code" FROM "access_organisation" WHERE (?!.*"id" IN \(\d+\)\)?$)')


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (PEOPLE, None),
        (HOME, None),
        (ORGANISATIONS, None),
        (PEOPLE, {"organisation": ""}),
        (ORGANISATIONS, {"name": ""}),
    ],
    ids=["people", "start", "organisations", "people of one organisation", "one organisation"],
)
def test_what_one_is_granted_is_asked_once_and_a_kept_filter_reads_no_more_than_it_found(
    at: Desk, address: str, typed: dict[str, str] | None
) -> None:
    if typed is not None:
        found = at.first.post(address, dict.fromkeys(typed, at.council.school.directory_code), follow=True)
        assert at.council.school.name in words(found)
    with CaptureQueriesContext(connection) as captured:
        shown = at.first.get(address)
    statements = [query["sql"] for query in captured]

    assert shown.status_code == 200
    once_more_for_the_filter = address == PEOPLE and typed is not None
    assert len([each for each in statements if GRANTS.search(each)]) == 1 + once_more_for_the_filter
    assert [each for each in statements if ALL_OF_THE_REACH.search(each)] == []


def test_filter_that_fits_too_many_organisations_to_keep_still_narrows(at: Desk, as_owner: OwnerContext) -> None:
    lives.invited(at.council)
    with as_owner():
        for _ in range(MOST_KEPT + 1):
            factories.organisation(authority=at.council.authority)

    assert "Zainab" in words(at.first.post(PEOPLE, {"organisation": "School"}, follow=True))
    assert "Zainab" in words(at.first.get(PEOPLE))
    assert f"{MOST_KEPT + 2} organisations" in words(at.first.post(ORGANISATIONS, {"name": "School"}, follow=True))
    assert at.first.session["desk"]["organisations that fit"] is None


def test_one_may_still_choose_among_the_organisations_that_a_kept_filter_found(
    at: Desk, as_owner: OwnerContext
) -> None:
    with as_owner():
        other = factories.organisation(authority=at.council.authority)
    at.first.post(PEOPLE, {"organisation": "School"})

    shown = at.first.get(PEOPLE).content.decode()

    for one in (at.council.school, other):
        assert f'name="organisation_pick" type="radio" value="{one.pk}"' in shown
