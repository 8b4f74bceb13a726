"""Organisations that a directory added or closed: nobody comes in by it, nobody is shut out, and people are told."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from access.models import AccreditationEvidence, Organisation, User, UserState
from access.organisations.actions.organisations import NewAccreditation, accredit
from access.people.actions.reminding import remind
from access.rules.vetting import lapses_but_items, last_day, may_enter
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from audit.recorder import About, record
from tests import factories
from tests.conftest import OwnerContext, as_worker
from tests.integration.access.test_organisations import LIST, World, page_of, words

START = reverse("home")
TOLD = "1 organisation has closed, and people still work there"


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


@pytest.fixture
def browser(world: World) -> Client:
    return factories.signed_in(world.administrator)


@pytest.fixture
def teacher(world: World, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=world.school)


def _set(as_owner: OwnerContext, organisation: Organisation, **values: object) -> None:
    with as_owner():
        Organisation.objects.filter(pk=organisation.pk).update(**values)


@pytest.mark.usefixtures("own_database")
def test_nobody_comes_in_whose_organisation_was_never_accredited(
    world: World, teacher: User, as_owner: OwnerContext
) -> None:
    actor, session = factories.actor_for(teacher), factories.signed_in(teacher)
    with transaction.atomic():
        record(EventKind.CHILD_SEARCHED, About(criteria={}), actor=actor)
    _set(as_owner, world.school, accredited_until=None)
    refused = session.get(START)
    assert refused.status_code == 403
    assert "Accreditation of your organisation" in words(refused)
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.CHILD_SEARCHED, About(criteria={}), actor=actor)
    with as_owner():
        user = User.objects.select_related("organisation").get(pk=teacher.pk)
        assert not may_enter(user, today=factories.today())
        assert last_day(user) is None
        assert [each.expired_on for each in lapses_but_items(user, today=factories.today())] == [None]


def test_it_is_accredited_as_any_other(browser: Client, world: World, teacher: User, as_owner: OwnerContext) -> None:
    _set(as_owner, world.school, accredited_until=None, town="", postcode="", telephone="")
    page = page_of(browser, world.school)
    shown, listed = words(browser.get(page)), words(browser.get(LIST))
    assert "Not accredited" in shown
    assert "Until somebody accredits it, nobody at this organisation can use the service." in shown
    assert shown.count("Not known") == 2
    assert "Not accredited" in listed
    assert "Not yet" in listed
    today = factories.today()
    new = NewAccreditation(today, today + timedelta(days=300), AccreditationEvidence.DSPT, "DSPT-1")
    accredit(actor=factories.actor_for(world.administrator), organisation_id=world.school.pk, new=new)
    assert factories.signed_in(teacher).get(START).status_code == 200


def test_nobody_is_reminded_of_an_accreditation_that_never_was(world: World, as_owner: OwnerContext) -> None:
    _set(as_owner, world.school, accredited_until=None)
    with as_worker():
        assert remind() == 0


def test_closed_one_with_people_is_told_and_nobody_is_shut_out(
    browser: Client, world: World, teacher: User, as_owner: OwnerContext
) -> None:
    _set(as_owner, world.school, closed_on=factories.today())
    _set(as_owner, world.elsewhere, closed_on=factories.today())
    start, listed, page = (words(browser.get(each)) for each in (START, LIST, page_of(browser, world.school)))
    assert TOLD in start
    told = listed.partition('id="closed"')[2].partition("</section>")[0]
    assert world.school.name in told
    assert world.elsewhere.name not in listed
    assert "The national directory says that it closed on" in page
    assert factories.signed_in(teacher).get(START).status_code == 200


def test_closed_one_is_told_no_more_once_nobody_works_there(
    browser: Client, world: World, as_owner: OwnerContext
) -> None:
    _set(as_owner, world.school, closed_on=factories.today())
    with as_owner():
        User.objects.filter(organisation=world.school).update(state=UserState.LEFT)
    assert "has closed" not in words(browser.get(START))
    assert 'id="closed"' not in words(browser.get(LIST))
    assert "Closed" in words(browser.get(LIST))
