"""Only the vetted, only while vetted: what lapses closes an open session on its next request."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, User, UserState, VettingItem, VettingKind
from audit.events import EventKind, Outcome
from audit.recorder import About, record_first
from contactpoint.jinja import as_date
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.log import events, last_event

pytestmark = pytest.mark.usefixtures("own_database")  # what an event allows is read once it is committed

HOME = reverse("home")
CHECKED_ON = date(2020, 1, 1)
Lapse = Callable[[User], str]  # makes something lapse; returns what the page must say


def yesterday() -> date:
    return factories.today() - timedelta(days=1)


def missing(kind: VettingKind) -> Lapse:
    def lapse(person: User) -> str:
        VettingItem.objects.filter(user=person, kind=kind).delete()
        return f"<li>{kind.label}</li>".replace("'", "&#39;")

    return lapse


def expired(kind: VettingKind) -> Lapse:
    def lapse(person: User) -> str:
        items = VettingItem.objects.filter(user=person, kind=kind)
        assert items.update(checked_on=CHECKED_ON, expires_on=yesterday())
        return f"{kind.label}, ran out on {as_date(yesterday())}".replace("'", "&#39;")

    return lapse


def accreditation(person: User) -> str:
    Organisation.objects.filter(pk=person.organisation_id).update(accredited_until=yesterday())
    return f"Accreditation of your organisation, ran out on {as_date(yesterday())}"


def state(now: UserState) -> Lapse:
    def lapse(person: User) -> str:
        User.objects.filter(pk=person.pk).update(state=now)
        return f"Account: {now.label.lower()}"

    return lapse


LAPSES = {
    **{f"{kind} missing": missing(kind) for kind in VettingKind},
    **{f"{kind} expired": expired(kind) for kind in VettingKind},
    "accreditation expired": accreditation,
    "suspended": state(UserState.SUSPENDED),
    "left": state(UserState.LEFT),
}


@pytest.mark.parametrize("lapse", LAPSES.values(), ids=LAPSES)
def test_lapse_closes_an_open_session_on_its_next_request(person: User, as_owner: OwnerContext, lapse: Lapse) -> None:
    browser = factories.signed_in(person)
    assert browser.get(HOME).status_code == 200

    with as_owner():
        says = lapse(person)
    refused = browser.get(HOME)

    assert refused.status_code == 403
    assert says in refused.content.decode()
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.ACCESS_REFUSED, Outcome.NOT_VETTED)
    assert (event.actor_id, event.authority_id) == (person.pk, person.organisation.authority_id)


@pytest.mark.parametrize("lapse", LAPSES.values(), ids=LAPSES)
def test_nobody_gets_in_after_a_lapse(person: User, as_owner: OwnerContext, lapse: Lapse) -> None:
    with as_owner():
        lapse(person)
    browser = factories.with_password(person)
    browser.post(reverse("mfa_authenticate"), {"code": factories.code_for(person)})

    assert browser.get(HOME).status_code in {302, 403}


@pytest.mark.parametrize("role", Role)
def test_lapse_stops_every_role(as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(role=role)
    browser = factories.signed_in(person)
    with as_owner():
        expired(VettingKind.TRAINING_USE)(person)

    assert browser.get(HOME).status_code == 403


def test_item_holds_through_its_last_day(person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        VettingItem.objects.filter(user=person).update(expires_on=factories.today())
        Organisation.objects.filter(pk=person.organisation_id).update(accredited_until=factories.today())

    assert factories.signed_in(person).get(HOME).status_code == 200


def test_renewal_opens_the_same_session_again(person: User, as_owner: OwnerContext) -> None:
    browser = factories.signed_in(person)
    with as_owner():
        expired(VettingKind.DBS)(person)
    assert browser.get(HOME).status_code == 403

    with as_owner():
        VettingItem.objects.filter(user=person).update(expires_on=factories.today() + timedelta(days=1))

    assert browser.get(HOME).status_code == 200


def test_page_names_every_lapse(person: User, as_owner: OwnerContext) -> None:
    browser = factories.signed_in(person)
    with as_owner():
        says = [missing(VettingKind.DBS)(person), expired(VettingKind.AGREEMENT)(person), accreditation(person)]

    page = browser.get(HOME).content.decode()

    assert all(each in page for each in says)


def test_lapse_of_one_person_does_not_stop_a_colleague(person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        colleague = factories.user(works_for=person.organisation)
        expired(VettingKind.DBS)(person)

    assert factories.signed_in(colleague).get(HOME).status_code == 200


def test_lapsed_person_can_still_sign_out(person: User, as_owner: OwnerContext) -> None:
    browser = factories.signed_in(person)
    with as_owner():
        expired(VettingKind.DBS)(person)

    assert browser.post(reverse("account_logout")).url == reverse("account_login")
    assert events(kind=EventKind.SIGNED_OUT, actor_id=person.pk)


def test_stranger_is_told_nothing_about_vetting() -> None:
    assert Client().get(HOME).url.startswith(reverse("account_login"))


def test_evidence_is_renewed_by_another_administrator(as_owner: OwnerContext) -> None:
    with as_owner():
        council = lives.council()
        user = factories.user(works_for=council.school)
    lives.vet(council.second, user, checked_on=yesterday())

    with record_first(EventKind.USER_READ, About(user_id=user.pk), actor=council.first).shown():
        renewed = user.vetting_items.exclude(kind=VettingKind.AGREEMENT)
        assert {item.recorded_by_id for item in renewed} == {council.second.user_id}
