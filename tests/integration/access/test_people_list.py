"""The list of people whom an administrator looks after, by HTTP."""

import re
from datetime import timedelta

import pytest

from access.models import Grant, Role, UserState, VettingItem, VettingKind
from access.people.selectors.people import ON_A_PAGE
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.integration.access.at_desk import EXPIRING, PEOPLE, Desk, words
from tests.log import events, last_event


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
