"""The pages of organisations: within one's reach, with evidence, and nobody for themselves."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import ProgrammingError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from access.models import Accreditation, AccreditationEvidence, Grant, Organisation, OrganisationKind, Role, Site
from access.organisations.actions.organisations import NewAccreditation, accredit, delegate
from access.rules import grants
from audit.events import EventKind, Outcome
from audit.recorder import About, record
from contactpoint.jinja import as_date
from tests import factories
from tests.conftest import OwnerContext
from tests.log import events, last_event

LIST = reverse("organisations")


class World:
    """An authority with a school and its administrators, and another authority's school."""

    def __init__(self) -> None:
        self.authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        self.school = factories.organisation(authority=self.authority)
        self.elsewhere = factories.organisation()
        self.administrator = factories.user(role=Role.ADMINISTRATOR, works_for=self.authority)
        self.of_school = factories.user(role=Role.ADMINISTRATOR, works_for=self.school, name="Head Of School")


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


@pytest.fixture
def browser(world: World) -> Client:
    return factories.signed_in(world.administrator)


def words(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def page_of(browser: Client, organisation: Organisation) -> str:
    """The address of its page, as the list gives it."""
    listed = browser.post(LIST, {"name": organisation.name}, follow=True).content.decode()
    name = listed.index(f">{organisation.name}</a>")
    return listed[:name].rpartition('href="')[2].rstrip('">')


def on(day: date, name: str) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def evidence(granted_on: date, expires_on: date, **other: str) -> dict[str, str]:
    typed = {"evidence": AccreditationEvidence.DSPT, "reference": "DSPT-2026/17", **other}
    return typed | on(granted_on, "granted_on") | on(expires_on, "expires_on")


def year_from_today() -> date:
    return factories.today() + timedelta(days=364)


def test_list_holds_those_within_reach_and_no_other(browser: Client, world: World) -> None:
    page = words(browser.get(LIST))

    assert world.authority.name in page
    assert world.school.name in page
    assert world.elsewhere.name not in page


def test_list_is_narrowed_by_name_and_kind(browser: Client, world: World) -> None:
    asked = ({"name": world.school.name.upper()}, {"kind": "authority"})
    by_name, by_kind = (
        words(browser.post(LIST, each, follow=True)).partition("<tbody")[2].partition("</tbody")[0] for each in asked
    )

    assert (world.school.name in by_name, world.authority.name in by_name) == (True, False)
    assert (world.school.name in by_kind, world.authority.name in by_kind) == (False, True)


def test_one_of_another_kind_that_fits_better_hides_none_of_the_kind_that_is_asked_for(
    browser: Client, world: World, as_owner: OwnerContext
) -> None:
    with as_owner():
        nursery = factories.organisation(kind=OrganisationKind.EARLY_YEARS, authority=world.authority)
        for each, name in ((nursery, "St Mary's"), (world.school, "St Mary's Primary School")):
            each.name = name
            each.save()

    page = words(browser.post(LIST, {"name": "St Mary's", "kind": "school"}, follow=True)).partition("<tbody")[2]

    assert "Mary’s Primary School" in page.replace("&#39;", "’").replace("'", "’")


def test_list_is_narrowed_by_town_postcode_and_number_and_the_filter_is_kept(browser: Client, world: World) -> None:
    for typed in (f"{world.school.name} Sale", f"m334ab {world.school.name}", world.school.directory_code.upper()):
        assert browser.post(LIST, {"name": typed}).url == LIST, "nothing typed stands in an address"
        assert world.authority.name not in words(browser.get(LIST)).partition("<tbody")[2].partition("</tbody")[0], (
            "kept"
        )
        assert world.school.name in words(browser.get(LIST)).partition("<tbody")[2].partition("</tbody")[0]
    assert (
        world.authority.name
        in words(browser.post(LIST, {"all": "1"}, follow=True)).partition("<tbody")[2].partition("</tbody")[0]
    )


@pytest.mark.parametrize("typed", [{"name": "\0"}, {"kind": "made up"}, {"name": "x" * 500}, {"name": "%_"}])
def test_strange_filter_is_no_failure(browser: Client, typed: dict[str, str]) -> None:
    assert browser.post(LIST, typed, follow=True).status_code == 200
    assert browser.get(LIST, {"page": "none"}).status_code == 200


def test_list_asks_as_many_queries_however_long_it_is(
    browser: Client, world: World, as_owner: OwnerContext, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with as_owner():
        for _ in range(60):
            factories.organisation(authority=world.authority)

    with django_assert_max_num_queries(12):
        page = words(browser.get(LIST))
    assert page.count('scope="row"') == 50
    assert words(browser.get(LIST, {"page": 2})).count('scope="row"') == 12


def test_page_shows_facts_people_and_who_administers_and_is_recorded(browser: Client, world: World) -> None:
    page = words(browser.get(page_of(browser, world.school)))

    assert world.school.directory_code in page
    assert world.administrator.name.open() in page
    assert "1 active" in page
    assert last_event(kind=EventKind.ORGANISATION_READ).fields == [str(world.school.pk)]


def test_accreditation_is_recorded_with_its_evidence(browser: Client, world: World) -> None:
    page = page_of(browser, world.school)
    until = year_from_today()

    assert browser.post(f"{page}accredit/", evidence(factories.today(), until, reference="dspt-2026/17")).url == page

    shown = words(browser.get(page))
    assert f"is accredited until {as_date(until)}." in shown
    assert "DSPT-2026/17" in shown
    assert f"{world.authority.name} vouches" in shown
    assert Organisation.objects.get(pk=world.school.pk).accredited_until == until
    assert last_event(kind=EventKind.ORGANISATION_ACCREDITED).actor_id == world.administrator.pk


@pytest.mark.parametrize(
    ("days", "other", "says"),
    [
        ((-10, -1), {}, "must be in the future"),
        ((0, 1200), {}, "must be within 3 years"),
        ((2, 300), {}, "Date of the certificate or report must be today or in the past"),
        ((0, 300), {"reference": "Mrs Jones <b>"}, "Number must be 3 to 60 capitals"),
        ((0, 300), {"reference": "É1\0"}, "Null characters are not allowed"),
        ((0, 300), {"evidence": "a feeling"}, "Select a valid choice"),
        ((0, 300), {"expires_on_year": "99999"}, "must be a real date"),
    ],
)
def test_wrong_evidence_is_told_and_what_was_typed_stays(
    browser: Client, world: World, days: tuple[int, int], other: dict[str, str], says: str
) -> None:
    granted_on, expires_on = (factories.today() + timedelta(days=each) for each in days)
    response = browser.post(f"{page_of(browser, world.school)}accredit/", evidence(granted_on, expires_on) | other)

    assert response.status_code == 200
    assert says in words(response)
    assert f'value="{granted_on.year}"' in words(response)
    assert not Accreditation.objects.filter(organisation=world.school).exists()


@pytest.mark.parametrize("days", [(-10, -1), (0, 1200), (2, 300)])
def test_action_asks_what_the_form_asks(world: World, days: tuple[int, int], as_owner: OwnerContext) -> None:
    granted_on, expires_on = (factories.today() + timedelta(days=each) for each in days)
    new = NewAccreditation(granted_on, expires_on, AccreditationEvidence.DSPT, "DSPT-1")
    actor = factories.actor_for(world.administrator)

    with pytest.raises(ValueError, match="An accreditation holds today"):
        accredit(actor=actor, organisation_id=world.school.pk, new=new)


def test_nobody_accredits_their_own_organisation(browser: Client, world: World) -> None:
    page = page_of(browser, world.authority)
    assert f"{page}accredit/" not in browser.get(page).content.decode()

    assert browser.get(f"{page}accredit/").status_code == 403
    response = browser.post(f"{page}accredit/", evidence(factories.today(), year_from_today()))

    assert response.status_code == 403
    assert "nobody decides about themselves" in words(response)
    assert last_event().outcome == Outcome.NOT_PERMITTED


SITE = {"name": "Annexe", "postcode": "M33 4AB", "telephone": "01614960001"}


def test_site_is_added_once(browser: Client, world: World) -> None:
    page = page_of(browser, world.school)
    typed = {"name": "Annexe  in Elm Road", "postcode": "m33–4ab.", "telephone": "0161‑496‑0001"}

    assert browser.post(f"{page}site/", typed).url == page
    again = browser.post(f"{page}site/", typed)

    assert "has a site of that name already" in words(again)
    site = Site.objects.get(organisation=world.school)
    assert (site.name, site.postcode, site.telephone) == ("Annexe in Elm Road", "M33 4AB", "+441614960001")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"telephone": "0161 496 0000 ext 23"}, ("M33 4AB", "+441614960000;ext=23")),
        ({"telephone": "+48 22 123 45 67"}, ("M33 4AB", "+48221234567")),
        ({"telephone": "+999999999999999 x12345"}, None),
        ({"telephone": "+49 30 123456789012 ext 12345"}, ("M33 4AB", "+4930123456789012;ext=12345")),
        ({"postcode": "M33 O4B"}, ("M33 0AB", "+441614960001")),
    ],
)
def test_site_is_kept_as_somebody_would_write_it(
    browser: Client, world: World, typed: dict[str, str], kept: tuple[str, str] | None
) -> None:
    browser.post(f"{page_of(browser, world.school)}site/", SITE | typed)

    sites = [(site.postcode, site.telephone) for site in Site.objects.filter(organisation=world.school)]
    assert sites == ([kept] if kept else [])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"postcode": "near the church"}, "Enter a full postcode"),
        ({"postcode": ""}, "Enter a full postcode, like M33 4AB"),
        ({"postcode": "M33"}, "Enter a full postcode, like M33 4AB"),
        ({"postcode": "SI1 4AB"}, "This can be read as S11 4AB or SL1 4AB. Enter the one that you mean"),
        ({"telephone": "ask at the desk"}, "Enter a telephone number"),
        ({"telephone": ""}, "Enter a telephone number, like 0161 496 0000"),
        ({"telephone": "0000000000"}, "Enter a telephone number, like 0161 496 0000"),
        ({"telephone": "496 0000"}, "Telephone number must include the area code"),
        ({"telephone": "0161 496 0000, 496 0001"}, "Enter one telephone number"),
        ({"name": ""}, "Enter the name of the site"),
        ({"name": "x" * 151}, "Name of the site must be 150 characters or fewer"),
        ({"name": "\0"}, "Null characters are not allowed"),
    ],
)
def test_wrong_site_is_told(browser: Client, world: World, typed: dict[str, str], says: str) -> None:
    response = browser.post(f"{page_of(browser, world.school)}site/", SITE | typed)

    assert (response.status_code, says in words(response)) == (200, True)


def test_delegation_is_given_shown_and_taken_back(browser: Client, world: World) -> None:
    page, until = page_of(browser, world.school), factories.today() + timedelta(days=90)
    assert "Head Of School" in words(browser.get(f"{page}delegate/"))

    answers = {"person": str(world.of_school.pk)} | on(until, "expires_on")
    assert browser.post(f"{page}delegate/", answers).url == page

    grant = Grant.objects.get(user=world.of_school)
    assert (grant.permission.codename, grant.expires_on) == (grants.APPLY, until)
    shown = browser.get(page).content.decode()
    assert "Take back" in shown
    person = shown.partition('name="person"')[2].partition('value="')[2].partition('"')[0]
    browser.post(f"{page}take-back/", {"person": person})
    browser.post(f"{page}take-back/", {"person": person})
    assert not Grant.objects.filter(user=world.of_school).exists()
    assert "Take back" not in browser.get(page).content.decode()


@pytest.mark.parametrize(("days", "says"), [(-1, "within a year"), (400, "within a year")])
def test_delegation_ends_within_a_year(browser: Client, world: World, days: int, says: str) -> None:
    answers = {"person": str(world.of_school.pk)} | on(factories.today() + timedelta(days=days), "expires_on")
    response = browser.post(f"{page_of(browser, world.school)}delegate/", answers)

    assert (response.status_code, says in words(response)) == (200, True)
    assert not Grant.objects.filter(user=world.of_school).exists()


def test_nobody_of_another_organisation_is_let_apply(browser: Client, world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        stranger = factories.user(role=Role.ADMINISTRATOR, works_for=world.elsewhere)
        teacher = factories.user(works_for=world.school)
    for person in (stranger, teacher, world.administrator):
        answers = {"person": str(person.pk)} | on(factories.today(), "expires_on")
        response = browser.post(f"{page_of(browser, world.school)}delegate/", answers)
        assert "Select a valid choice" in words(response)


def test_whoever_applies_alone_reads_and_keeps_nothing(world: World) -> None:
    until = factories.today() + timedelta(days=30)
    delegate(
        actor=factories.actor_for(world.administrator),
        organisation_id=world.school.pk,
        user_id=world.of_school.pk,
        expires_on=until,
    )
    browser = factories.signed_in(world.of_school)
    page = page_of(browser, world.school)

    assert "Take back" not in words(browser.get(page))
    for step in ("accredit", "site", "delegate", "stop"):
        assert browser.get(f"{page}{step}/").status_code == 404


def test_page_of_another_authority_or_session_is_not_found(
    browser: Client, world: World, as_owner: OwnerContext
) -> None:
    with as_owner():
        other = factories.user(role=Role.ADMINISTRATOR)
        colleague = factories.user(role=Role.ADMINISTRATOR, works_for=world.authority)
    page = page_of(browser, world.school)

    for person in (other, colleague):
        stranger = factories.signed_in(person)
        for step in ("", "accredit/", "site/", "delegate/", "stop/", "lift/"):
            assert stranger.get(f"{page}{step}").status_code == 404
    assert browser.get(f"{LIST}made-up/").status_code == 404


@pytest.mark.parametrize("steal", ["sponsor", "organisation", "quiet"])
def test_web_role_accredits_nothing_by_itself(world: World, steal: str) -> None:
    """As an insider with the database's web login: no row without its own event, of that organisation."""
    actor = factories.actor_for(world.administrator)
    about = {"sponsor": world.school, "organisation": world.school, "quiet": None}[steal]
    target = world.elsewhere if steal == "organisation" else world.school
    sponsor = world.elsewhere.authority_id if steal == "sponsor" else target.authority_id
    days = {"granted_on": factories.today(), "expires_on": year_from_today()}
    row = Accreditation(
        organisation=target, sponsor_id=sponsor, evidence="dspt", reference="X1", recorded_by_id=actor.user_id, **days
    )
    with transaction.atomic():
        if about:
            record(EventKind.ORGANISATION_ACCREDITED, About(fields=[str(about.pk)]), actor=actor)
        with pytest.raises(ProgrammingError, match="row-level security"):
            row.save()
        transaction.set_rollback(True)


def test_list_is_no_event(browser: Client) -> None:
    before = len(events())
    browser.get(LIST)
    assert len(events()) == before
