"""Two records under one by the pages: looked up, compared, asked for, approved and refused, and parted."""

import re

import pytest
from django.urls import reverse

from access.models import Budget, Grant, Measure, OrganisationKind
from access.rules.errors import WrongStateError
from audit.events import EventKind
from registry.actions import handovers
from registry.actions.handovers import NOT_NOW
from registry.actions.identities import TOGETHER
from registry.actions.merging import OFFERED, TWO_COUNCILS
from registry.models import Child, Handover
from registry.rules.numbers import shown
from registry.vocabulary import NameKind
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.handing import offer
from tests.integration.registry.merging import Bureau, build_bureau, do_approved
from tests.integration.registry.people import AddChildren, Town, address, draft, full_draft, name
from tests.integration.registry.severing import WANTED, number_of
from tests.integration.registry.shielding import URGENT, build_office, file_shielded
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, rows_of, text_of
from tests.log import events

LIST = reverse("merges")


@pytest.fixture
def bureau(town: Town, add: AddChildren) -> Bureau:
    names = [(NameKind.LEGAL, name("Amina", "Siddiqui"))]
    stays, under = add(full_draft(town), draft(town, names=names, addresses=(address("OL4 1AA"),)))
    return build_bureau(town, stays, under)


@pytest.fixture
def first(bureau: Bureau) -> Visitor:
    return Visitor(bureau.first)


@pytest.fixture
def second(bureau: Bureau) -> Visitor:
    return Visitor(bureau.second)


def numbers(bureau: Bureau) -> dict[str, str]:
    return {"stays": number_of(bureau.two.stays), "under": number_of(bureau.two.under)}


def page_of(visitor: Visitor, bureau: Bureau) -> str:
    """The address to which both numbers lead."""
    found = visitor.browser.post(LIST, numbers(bureau))
    assert found.status_code == 302, main_of(found)
    return str(found.headers["Location"])


def step(visitor: Visitor, bureau: Bureau, which: str, **typed: str) -> str:
    page = text_of(visitor.get(page_of(visitor, bureau)))
    (address_,) = set(re.findall(rf'href="(/merging/[^"]+/\d+/{which}/)"', page))
    return main_of(visitor.fill(address_, **typed))


def test_from_two_numbers_to_one_record_and_back(bureau: Bureau, first: Visitor, second: Visitor) -> None:
    address_ = page_of(first, bureau)
    page = main_of(first.get(address_))
    rows = {row.partition(" ")[0]: row for row in rows_of(page)}
    assert "Amina Hussain Amina Siddiqui Differs" in rows["Name"]
    assert rows["Gender"].endswith("Same")
    assert "OL4 1AA" in rows["Addresses"]
    for hidden in ("Sam Okoro", "Wanda Secret"):
        assert hidden not in page
    assert "Choose how you know it" in main_of(first.follow(address_))
    assert "You have asked that the one be put under the other" in main_of(first.fill(address_, reason="family_says"))
    assert "1 request about two records waits" in text_of(second.get(reverse("home")))
    assert "request about two records" not in text_of(first.get(reverse("home")))
    listed = main_of(second.get(LIST))
    assert "confirmed that it is one child" in listed
    assert "Amina" not in listed
    (link,) = set(re.findall(r'href="(/merging/[^"/]+/[^"/]+/)"', listed))
    assert "Amina Siddiqui" in main_of(second.get(link))
    assert "Approved. They are put under one" in step(second, bureau, "approve")
    assert do_approved() == 1
    practitioner = Visitor(bureau.town.social_worker)
    record = main_of(practitioner.give_reason(practitioner.reference()))
    for said in ("Amina Siddiqui", "OL4 1AA", shown(number_of(bureau.two.under))):
        assert said in record
    page = main_of(first.get(page_of(first, bureau)))
    assert "Two records that lie together" in page
    assert "stays on the record that stays" in page
    told = main_of(first.fill(page_of(first, bureau), reason="two_children"))
    assert "You have asked that they be parted" in told
    assert "Approved. They are parted" in step(second, bureau, "approve")
    assert do_approved() == 1
    assert "Two records side by side" in main_of(first.get(page_of(first, bureau)))


def test_in_either_order_the_numbers_lead_to_what_lies_together(bureau: Bureau, first: Visitor) -> None:
    bureau.put_together()
    told = numbers(bureau)
    turned = {"stays": told["under"], "under": told["stays"]}
    assert "Two records that lie together" in main_of(first.follow(LIST, **turned))


def test_numbers_that_lead_nowhere_are_said_where_they_were_typed(bureau: Bureau, first: Visitor) -> None:
    told = numbers(bureau)
    for wrong in ("12345678903", number_of(bureau.two.stays)[::-1], ""):
        page = main_of(first.follow(LIST, stays=told["stays"], under=wrong))
        assert "govuk-error-message" in page
        assert f'value="{told["stays"]}"' in page  # and nothing typed is lost
    assert "numbers of one record" in main_of(first.follow(LIST, stays=told["stays"], under=told["stays"]))
    with as_owner_here():
        elsewhere = Visitor(factories.user(role=factories.Role.ADMINISTRATOR))
    assert "does not answer for two records" in main_of(elsewhere.follow(LIST, **told))


def test_who_asked_takes_it_back_and_does_not_approve_it(bureau: Bureau, first: Visitor, second: Visitor) -> None:
    first.fill(page_of(first, bureau), reason="family_says")
    page = text_of(first.get(page_of(first, bureau)))
    assert "Take it back" in page
    assert "Approve it" not in page
    (refusing,) = set(re.findall(r'href="(/merging/[^"]+/\d+/refuse/)"', page))
    assert_plain_refusal(first.get(refusing.replace("refuse", "approve")), 403)
    assert_plain_refusal(first.post(refusing.replace("refuse", "approve"), seen="0"), 403)
    assert "Choose why not" in main_of(first.fill(refusing))
    assert "The request is closed" in main_of(first.fill(refusing, why="not_asked_any_more"))
    assert "This is not as it was when you opened it" in main_of(first.fill(refusing, why="not_asked_any_more"))
    assert "It is not wanted any more" in main_of(second.get(page_of(second, bureau)))
    first.fill(page_of(first, bureau), reason="family_says")
    assert "Somebody asked something about one of these" in main_of(
        second.follow(page_of(second, bureau), reason="family_says")
    )


def test_links_are_of_their_session_and_of_administrators(bureau: Bureau, first: Visitor, second: Visitor) -> None:
    address_ = page_of(first, bureau)
    assert_plain_refusal(second.get(address_), 404)
    assert_plain_refusal(Visitor(bureau.town.teacher).get(LIST), 403)


def test_of_protected_ones_no_more_than_who_they_are(bureau: Bureau, first: Visitor) -> None:
    with as_owner_here():
        office = build_office(bureau.town, factories.Child.objects.get(pk=bureau.two.under))
    office.asked(URGENT)
    file_shielded()
    page = main_of(first.get(page_of(first, bureau)))
    assert "The second record is protected" in page
    assert "Let the protected one stay" in page
    assert "Ask to put them under one" not in page
    for hidden in ("M33 4AB", "OL4 1AA", "Farah", "943 476 5919"):
        assert hidden not in page


def test_above_the_budget_nothing_is_compared_and_the_page_says_what_to_do(bureau: Bureau, first: Visitor) -> None:
    address_ = page_of(first, bureau)
    with as_owner_here():
        assert Budget.objects.filter(role="administrator", measure=Measure.COMPARED).update(hourly=3)
    assert "Amina Siddiqui" in main_of(first.get(address_))
    refused = first.get(address_)
    assert_plain_refusal(refused, 429)
    page = text_of(refused)
    assert "records compared with another, 3 an hour" in page
    assert "Amina" not in page
    assert len(events(kind=EventKind.MERGE_READ)) == 3


def test_whoever_wants_a_new_identity_reads_that_two_lie_together(bureau: Bureau, first: Visitor) -> None:
    bureau.asked()
    found = first.browser.post(reverse("identities"), {"number": numbers(bureau)["under"]})
    address_ = str(found.headers["Location"])
    page = main_of(first.get(address_))
    assert TOGETHER in page
    assert "Ask for the new identity" not in page
    assert f'href="{LIST}"' in page
    typed = {**WANTED, "authority": str(bureau.town.authority.pk)}
    assert TOGETHER in text_of(first.browser.post(address_, typed, follow=True))


def test_what_is_offered_to_another_council_is_put_under_none_nor_the_other_way(bureau: Bureau, first: Visitor) -> None:
    with as_owner_here():
        away = factories.organisation(kind=OrganisationKind.AUTHORITY)
    address_ = page_of(first, bureau)
    for child in (bureau.two.stays, bureau.two.under):
        offer(bureau.asks, child, away)
        page = main_of(first.get(address_))
        assert OFFERED in page
        assert "Ask to put them under one" not in page
        with as_owner_here():
            (offered,) = Handover.objects.filter(outcome="")
        seen = {"child_id": child, "offer_id": offered.pk, "seen": 0}
        handovers.withdraw_offer(actor=bureau.asks, **seen)
    assert "Ask to put them under one" in main_of(first.get(address_))
    bureau.asked()
    for child in (bureau.two.stays, bureau.two.under):
        with pytest.raises(WrongStateError) as told:
            offer(bureau.asks, child, away)
        assert told.value.sentence == NOT_NOW
        assert "another record" in NOT_NOW


def test_records_of_two_councils_are_told_apart_to_who_decides_for_both(bureau: Bureau, first: Visitor) -> None:
    with as_owner_here():
        away = factories.organisation(kind=OrganisationKind.AUTHORITY)
        (mine,) = Grant.objects.filter(user=bureau.first, permission__codename="administer_organisation")
        about = {"user": bureau.first, "permission": mine.permission, "expires_on": mine.expires_on}
        Grant.objects.create(content_object=away, **about)
        Child.objects.filter(pk=bureau.two.under).update(responsible_authority=away)
    page = main_of(first.get(page_of(first, bureau)))
    assert TWO_COUNCILS in page
    assert "Ask to put them under one" not in page
