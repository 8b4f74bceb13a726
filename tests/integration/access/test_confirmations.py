"""An employer answers for all its people: what is ticked is kept, saved at once, and recorded for each of them."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.test import Client

from access.models import Role, User, UserState, VettingItem, VettingKind
from access.people.actions.bulk import KEEPS, Confirmation, renew_each
from access.people.selectors.employment import PEOPLE_ON_A_PAGE
from access.rules.errors import OwnCaseError
from audit.events import EventKind
from pages.wording import long_date
from tests import factories, people
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.feeding import Place, place
from tests.log import events, last_event

pytestmark = pytest.mark.usefixtures("own_database")  # what an event allows is read once it is committed


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def browser(here: Place) -> Client:
    return factories.signed_in(here.administrator)


@pytest.fixture
def staff(here: Place, as_owner: OwnerContext) -> list[User]:
    """Two pages of people, in the order of the list."""
    with as_owner():
        return [factories.user(works_for=here.school, name=f"Person {n:03}") for n in range(PEOPLE_ON_A_PAGE + 3)]


def page(here: Place, number: int = 1) -> str:
    return f"/people/confirm/{here.school.pk}/{number}/"


def check(here: Place) -> str:
    return f"/people/confirm/{here.school.pk}/check/"


def tick(person: User, answer: str) -> dict[str, str]:
    return {f"person-{person.pk}": answer}


def save(browser: Client, here: Place) -> None:
    key = browser.get(check(here)).content.decode().split('name="key" value="')[1].split('"')[0]
    for _ in range(2):
        browser.post(check(here), {"key": key})


def confirmed_until(person: User) -> date:
    with as_owner_here():
        until: date = VettingItem.objects.get(user=person, kind=VettingKind.EMPLOYMENT).expires_on
        return until


def test_what_is_ticked_is_kept_when_pages_are_turned(here: Place, browser: Client, staff: list[User]) -> None:
    response = browser.post(page(here), {**tick(staff[0], "keeps"), "on": "1"})
    assert response.url == page(here, 2)
    second = browser.get(page(here, 2)).content.decode()
    assert "1 of 53 answered; page 2 of 2" in second
    assert browser.post(page(here, 2), {**tick(staff[-1], "leaves"), "back": "1"}).url == page(here)
    first = browser.get(page(here)).content.decode()
    assert "2 of 53 answered" in first
    assert first.split(f'name="person-{staff[0].pk}" type="radio" value="keeps"')[1].startswith(" checked")
    assert events(kind=EventKind.USER_VETTED) == []


def test_reading_the_list_is_recorded_with_whom_it_shows_and_shows_until_when(
    here: Place, browser: Client, staff: list[User]
) -> None:
    first = browser.get(page(here)).content.decode()
    event = last_event(kind=EventKind.PEOPLE_LISTED)
    assert (event.actor_id, event.fields) == (here.administrator.pk, ["confirmation"])
    assert sorted(event.shown) == sorted(person.pk for person in staff[:PEOPLE_ON_A_PAGE])
    assert f"Access until {long_date(confirmed_until(staff[0]))}" in first
    assert "has not begun" not in first

    browser.get(page(here, 2))
    assert sorted(last_event(kind=EventKind.PEOPLE_LISTED).shown) == sorted(person.pk for person in staff[-3:])
    unanswered = browser.get(check(here)).content.decode()
    assert f"and {len(staff) - 20} more" in unanswered
    assert sorted(last_event(kind=EventKind.PEOPLE_LISTED).shown) == sorted(person.pk for person in staff[:20])


def test_list_of_employers_says_when_the_first_runs_out(here: Place, browser: Client, staff: list[User]) -> None:
    soonest = min(one.valid_until for one in people.everybody(organisation=here.school) if one.valid_until)
    listed = browser.get("/people/confirm/").content.decode()
    assert f"53 people. The first of their checks runs out on {long_date(soonest)}." in " ".join(listed.split())
    assert 'href="/people/"' in listed.partition("<main")[0].partition("govuk-back-link")[0][-60:]


def test_all_is_saved_at_once_with_an_event_for_each(here: Place, browser: Client, staff: list[User]) -> None:
    answers = {**tick(staff[0], "keeps"), **tick(staff[1], "leaves"), **tick(staff[2], "mediator")}
    browser.post(page(here), {**answers, "check": "1"})
    shown = browser.get(check(here)).content.decode()
    assert staff[1].name.open() in shown
    assert "to mediator" in shown
    assert "and 30 more" in shown  # whom nobody answered for
    recorded = last_event(kind=EventKind.PEOPLE_LISTED).shown
    assert (len(recorded), {staff[1].pk, staff[2].pk} < {*recorded}, staff[0].pk in recorded) == (22, True, False)
    save(browser, here)

    next_year = factories.today() + timedelta(days=364)
    assert confirmed_until(staff[0]) >= next_year
    assert confirmed_until(staff[3]) < next_year
    assert people.one(pk=staff[1].pk).state == UserState.LEFT
    assert people.one(pk=staff[2].pk).role == Role.PRACTITIONER
    assert [one.user_id for one in events(kind=EventKind.USER_VETTED)] == [staff[0].pk, staff[2].pk]
    assert [one.user_id for one in events(kind=EventKind.USER_LEFT)] == [staff[1].pk]
    assert [one.user_id for one in events(kind=EventKind.USER_ASKED)] == [staff[2].pk]


def test_whoever_is_not_answered_for_runs_out_by_themselves(
    here: Place, browser: Client, staff: list[User], as_owner: OwnerContext
) -> None:
    forgotten = factories.signed_in(staff[3])
    browser.post(page(here), {**tick(staff[0], "keeps"), "check": "1"})
    save(browser, here)
    assert forgotten.get("/").status_code == HTTPStatus.OK
    with as_owner():
        yesterday = factories.today() - timedelta(days=1)
        VettingItem.objects.filter(user=staff[3], kind=VettingKind.EMPLOYMENT).update(expires_on=yesterday)

    assert forgotten.get("/").status_code == HTTPStatus.FORBIDDEN


def test_one_of_them_who_changed_meanwhile_stops_all(
    here: Place, browser: Client, staff: list[User], as_owner: OwnerContext
) -> None:
    browser.post(page(here), {**tick(staff[0], "keeps"), **tick(staff[1], "leaves"), "check": "1"})
    key = browser.get(check(here)).content.decode().split('name="key" value="')[1].split('"')[0]
    with as_owner():
        User.objects.filter(pk=staff[1].pk).update(state=UserState.LEFT)
    browser.post(check(here), {"key": key})

    # Who has left is no longer on the list; the others are saved.
    assert [one.user_id for one in events(kind=EventKind.USER_VETTED)] == [staff[0].pk]
    assert events(kind=EventKind.USER_LEFT) == []


def test_tick_taken_back_is_forgotten(here: Place, browser: Client, staff: list[User]) -> None:
    browser.post(page(here), {**tick(staff[0], "leaves"), "check": "1"})
    browser.post(page(here), {"check": "1"})

    assert "You have not answered for anybody yet" in browser.get(check(here)).content.decode()


def test_nobody_answers_for_themselves(here: Place, browser: Client) -> None:
    address = page(here).replace(str(here.school.pk), str(here.authority.pk))
    assert "Somebody else must confirm you" in browser.get(address).content.decode()
    browser.post(address, {**tick(here.administrator, "keeps"), "check": "1"})

    shown = browser.get(check(here).replace(str(here.school.pk), str(here.authority.pk))).content.decode()
    assert "You have not answered for anybody yet" in shown


def test_whoever_does_all_the_same_is_refused(here: Place, staff: list[User]) -> None:
    actor = factories.actor_for(here.administrator)
    with pytest.raises(OwnCaseError):
        renew_each(
            actor=actor, confirmations=[Confirmation(staff[0].pk, KEEPS), Confirmation(here.administrator.pk, KEEPS)]
        )
    assert events(kind=EventKind.USER_VETTED) == []


def test_made_up_answers_and_people_of_others_are_ignored(
    here: Place, browser: Client, staff: list[User], as_owner: OwnerContext
) -> None:
    with as_owner():
        stranger = factories.user()
    browser.post(page(here), {**tick(staff[0], "superuser"), **tick(stranger, "leaves"), "check": "1"})

    assert "You have not answered for anybody yet" in browser.get(check(here)).content.decode()
    assert people.one(pk=stranger.pk).state == UserState.ACTIVE


def test_organisations_of_others_are_not_there(here: Place, browser: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user().organisation
    for address in (f"/people/confirm/{other.pk}/1/", f"/people/confirm/{other.pk}/check/"):
        assert browser.get(address).status_code == HTTPStatus.NOT_FOUND
        assert browser.post(address).status_code == HTTPStatus.NOT_FOUND
    listed = browser.get("/people/confirm/").content.decode()
    assert other.name not in listed
    assert here.authority.name in listed


def test_page_beyond_the_last_is_the_last(here: Place, browser: Client, staff: list[User]) -> None:
    assert staff[-1].name.open() in browser.get(page(here, 10**12)).content.decode()
