"""The start page says how much waits, to whoever can do something about it, and names nobody."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import Organisation, Role, StopReason, User, UserState, VettingItem, VettingKind
from access.people.actions.deciding import ask_role, suspend
from access.people.actions.vetting import NewItem, record_item
from access.rules import grants
from access.sign_in import breached_passwords
from audit.events import EventKind
from tests import factories, people
from tests.conftest import OwnerContext, as_worker
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.log import events

START = reverse("home")
NOTHING = ["Nothing waits for you."]


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        return lives.council()


def browser_of(actor_id: int | None) -> Client:
    return factories.signed_in(people.one(pk=actor_id))


def waiting(browser: Client) -> list[str]:
    """What the page says, line by line."""
    section = browser.get(START).content.decode().partition('id="waiting"')[2].partition("</section>")[0]
    return [re.sub("<[^>]*>", "", line).strip() for line in re.findall(r"<li>(.*?)</li>", section, re.DOTALL)]


def runs_out(works_for: Organisation, *, in_days: int) -> User:
    """Somebody active whose first item runs out then. Made as the owner."""
    user = factories.user(works_for=works_for)
    day = factories.today() + timedelta(days=in_days)
    VettingItem.objects.filter(user=user, kind="dbs").update(expires_on=day, checked_on=day - timedelta(days=365))
    return user


def test_nothing_waits_at_first(council: Council) -> None:
    assert waiting(browser_of(council.first.user_id)) == NOTHING


def test_a_decision_waits_for_whoever_can_take_it(council: Council, as_owner: OwnerContext) -> None:
    lives.complete(council)  # asked by the first
    lives.joining(council)  # nothing is there yet
    with as_owner():
        teacher = factories.user(works_for=council.school)
    ask_role(actor=council.second, user_id=teacher.pk, role=Role.MEDIATOR)

    assert waiting(browser_of(council.first.user_id)) == ["1 decision waits for you"]
    assert waiting(browser_of(council.second.user_id)) == ["1 decision waits for you"]
    assert waiting(browser_of(council.third.user_id)) == ["2 decisions wait for you"]


def test_a_decision_waits_for_nobody_who_would_be_alone_in_it(council: Council) -> None:
    user = lives.asked_by_the_service(council)
    lives.vet(council.first, user)
    lives.sign(user)
    assert waiting(browser_of(council.first.user_id)) == NOTHING
    assert waiting(browser_of(council.second.user_id)) == ["1 decision waits for you"]


def test_whom_the_service_suspended_waits_for_whoever_another_checked_them_for(council: Council) -> None:
    """Somebody who was joining: what waits is both questions or neither."""
    user = lives.complete(council)
    with as_worker():
        suspend(actor=factories.SETTING_UP, user_id=user.pk, reason=StopReason.LEFT)
    browsers = [browser_of(each.user_id) for each in (council.first, council.second, council.third)]
    assert [waiting(each) for each in browsers] == [NOTHING] * 3

    record_item(actor=council.third, user_id=user.pk, item=NewItem(VettingKind.DBS, factories.today()))

    assert [waiting(each) for each in browsers] == [NOTHING, ["2 decisions wait for you"], NOTHING]


def test_who_runs_out_within_sixty_days_or_has_run_out(council: Council, as_owner: OwnerContext) -> None:
    with as_owner():
        for days in (-3, 0, 60):
            runs_out(council.school, in_days=days)
        runs_out(council.school, in_days=61)
        runs_out(factories.organisation(), in_days=10)  # another authority's
        User.objects.filter(pk=runs_out(council.school, in_days=10).pk).update(state=UserState.LEFT)
    browser = browser_of(council.first.user_id)
    assert waiting(browser) == ["3 people’s checks run out within 60 days, or have run out"]
    assert browser.get(f"{reverse('expiring')}?days=60").content.decode().count('<th scope="row"') == 3


def test_who_has_not_followed_their_link(council: Council) -> None:
    lives.invited(council)
    lives.joining(council)
    browser = browser_of(council.second.user_id)
    assert waiting(browser) == ["1 invited person has not followed their link yet"]
    followed = browser.get(reverse("people"), {"state": "invited"}, follow=True)
    assert followed.redirect_chain == [(reverse("people"), 302)]
    assert followed.content.decode().count("Zainab Okonkwo-Hughes") == 1


def test_whoever_only_applies_is_told_of_their_organisation_and_of_no_decision(
    council: Council, as_owner: OwnerContext
) -> None:
    with as_owner():
        head = factories.user(role=Role.ADMINISTRATOR, works_for=council.school)
        grants.grant(head, grants.APPLY, council.school, given_by=council.first.user_id)
    lives.complete(council)
    lives.invited(council)
    assert waiting(factories.signed_in(head)) == ["1 invited person has not followed their link yet"]


def test_others_are_shown_no_numbers(council: Council, as_owner: OwnerContext) -> None:
    lives.invited(council)
    with as_owner():
        person = factories.user(works_for=council.authority)
    assert waiting(factories.signed_in(person)) == []


def test_counting_lists_nobody_and_asks_few_questions(council: Council) -> None:
    lives.complete(council)
    browser = browser_of(council.second.user_id)
    before = len(events(kind=EventKind.PEOPLE_LISTED))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get(START)
    assert len(events(kind=EventKind.PEOPLE_LISTED)) == before
    counting = [query for query in asked.captured_queries if "COUNT(" in query["sql"]]
    assert len(counting) == 5


STOLEN = "Passwords that were stolen elsewhere are not refused here"


def test_whoever_brings_people_in_is_told_that_the_list_of_stolen_passwords_is_missing(
    council: Council, as_owner: OwnerContext, settings: SettingsWrapper, tmp_path: Path
) -> None:
    with as_owner():
        teacher = factories.user(works_for=council.school)
    settings.BREACHED_PASSWORDS_FILE = tmp_path / "list"

    administrator = browser_of(council.first.user_id)
    assert STOLEN in administrator.get(START).content.decode()
    assert STOLEN not in factories.signed_in(teacher).get(START).content.decode()
    breached_passwords.take_in([b"0" * 40 + b":1"], settings.BREACHED_PASSWORDS_FILE)
    assert STOLEN not in administrator.get(START).content.decode()
