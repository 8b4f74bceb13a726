"""Whose cases an auditor neither sees nor works, and who does in their place."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import (
    Approval,
    ApprovalKind,
    ApprovalOutcome,
    Grant,
    Organisation,
    Role,
    Stop,
    StopReason,
    StopScope,
    User,
)
from audit.events import Outcome
from review.models import Compared
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.casework import (
    CASES,
    bare_case,
    case_about,
    compare,
    decide,
    drawn_access,
    page_of,
    take,
    work_on,
)
from tests.integration.review.reading import text_of
from tests.log import last_event


def test_nobody_sees_a_case_about_themself_or_about_an_auditor_they_work_with(
    visitor: Client, auditor: User, colleague: User
) -> None:
    for person in (auditor, colleague):
        case = bare_case(person)
        assert page_of(visitor, case).status_code == 404
    assert "There are none of these." in text_of(visitor.get(CASES))


def test_cases_of_another_authority_are_not_there(visitor: Client, stranger: User) -> None:
    case = case_about(stranger)

    assert page_of(visitor, case).status_code == 404
    assert visitor.post(reverse("take_case", args=[case.pk]), {"seen": ""}).status_code == 404
    assert last_event().outcome == Outcome.NOT_FOUND
    assert work_on(case) is None


def test_case_of_an_auditor_is_worked_by_auditors_of_others(visitor: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user(role=Role.AUDITOR, name="Auditor elsewhere")
    case = bare_case(other)

    assert "Auditor elsewhere" in text_of(visitor.get(CASES))
    said = text_of(page_of(visitor, case))
    assert "You see what stands out and when, and no record" in said
    assert "You took it" in take(visitor, case)
    assert "The case is closed." in decide(visitor, case, "in_order")


def test_administrator_who_vetted_an_auditor_lately_is_worked_by_others(
    visitor: Client, auditor: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        boss = factories.user(role=Role.ADMINISTRATOR, works_for=council, name="Administrator here")
    case = bare_case(boss)
    assert page_of(visitor, case).status_code == 200
    with as_owner():
        auditor.vetting_items.update(recorded_by=boss, checked_on=timezone.localdate())

    assert page_of(visitor, case).status_code == 404


def test_administrator_who_decided_about_an_auditor_lately_is_worked_by_others_however_long_ago_it_was_asked(
    visitor: Client, auditor: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        asker, boss = (factories.user(role=Role.ADMINISTRATOR, works_for=council) for _ in range(2))
    asked, decided = bare_case(asker), bare_case(boss)
    assert page_of(visitor, decided).status_code == 200
    with as_owner():
        Approval.objects.create(
            user=auditor,
            kind=ApprovalKind.JOIN,
            role=Role.AUDITOR,
            asked_by=asker,
            asked_at=timezone.now(),
            decided_by=boss,
            decided_at=timezone.now(),
            outcome=ApprovalOutcome.APPROVED,
        )
        Approval.objects.filter(user=auditor, decided_by=boss).update(asked_at=timezone.now() - timedelta(days=400))

    assert page_of(visitor, decided).status_code == 404
    assert page_of(visitor, asked).status_code == 200


def test_administrator_who_gave_an_auditor_what_they_may_audit_is_worked_by_others(
    visitor: Client, auditor: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        boss = factories.user(role=Role.ADMINISTRATOR, works_for=council)
    case = bare_case(boss)
    assert page_of(visitor, case).status_code == 200
    with as_owner():
        Grant.objects.filter(user=auditor).update(given_by=boss)

    assert page_of(visitor, case).status_code == 404


@pytest.mark.parametrize("why", ["lapsed", "stopped"])
def test_case_of_an_authority_whose_only_auditor_may_not_come_in_concerns_everybody(
    visitor: Client, stranger: User, as_owner: OwnerContext, why: str
) -> None:
    case = case_about(stranger)
    assert page_of(visitor, case).status_code == 404
    with as_owner():
        theirs = User.objects.filter(role=Role.AUDITOR, organisation=stranger.organisation.responsible_authority)
        if why == "lapsed":
            theirs.update(valid_until=timezone.localdate() - timedelta(days=1))
        else:
            Stop.objects.create(
                scope=StopScope.USER, user=theirs.get(), reason=StopReason.MISUSE, begun_at=timezone.now()
            )

    assert "This case belongs to another authority" in text_of(page_of(visitor, case))


def test_administrator_of_whom_every_auditor_is_barred_concerns_everybody(
    visitor: Client, as_owner: OwnerContext
) -> None:
    with as_owner():
        theirs = factories.user(role=Role.AUDITOR, name="Only auditor there")
        boss = factories.user(role=Role.ADMINISTRATOR, works_for=theirs.organisation, name="Administrator there")
    case = bare_case(boss)
    assert page_of(visitor, case).status_code == 404
    with as_owner():
        theirs.vetting_items.update(recorded_by=boss, checked_on=timezone.localdate())

    assert "Administrator there" in text_of(page_of(visitor, case))


def test_new_auditor_sees_no_case_until_they_were_compared(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    case, drawn = case_about(teacher), drawn_access(teacher, 4712)
    with as_owner():
        new = factories.signed_in(factories.user(role=Role.AUDITOR, works_for=council))

    assert "No case is shown to you yet" in text_of(new.get(CASES))
    assert page_of(new, case).status_code == 404
    assert new.get(reverse("judge_access", args=[drawn])).status_code == 404
    assert page_of(visitor, case).status_code == 200
    with as_owner():
        compare()
    assert page_of(new, case).status_code == 200
    assert new.get(reverse("judge_access", args=[drawn])).status_code == 200


@pytest.mark.parametrize("whose", ["auditor", "teacher"])
def test_nobody_works_a_case_while_it_cannot_be_told_who_is_near(
    visitor: Client, auditor: User, teacher: User, as_owner: OwnerContext, whose: str
) -> None:
    """The worker has not made the traits yet of one of the two, or they are damaged."""
    case, drawn = case_about(teacher), drawn_access(teacher, 4712)
    assert page_of(visitor, case).status_code == 200
    with as_owner():
        Compared.objects.filter(pk={"auditor": auditor, "teacher": teacher}[whose].pk).update(has_traits=False)

    queue = text_of(visitor.get(CASES))
    assert "Teacher of this authority" not in queue
    assert ("No case is shown to you yet" in queue) == (whose == "auditor"), "and what to do then"
    assert page_of(visitor, case).status_code == 404
    assert visitor.get(reverse("judge_access", args=[drawn])).status_code == 404
    assert visitor.post(reverse("take_case", args=[case.pk]), {"seen": ""}).status_code == 404
    assert work_on(case) is None


def test_case_of_somebody_who_is_near_to_nobody_known_hides_no_other(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        unknown = factories.user(works_for=factories.organisation(authority=council))
    hidden, shown = case_about(unknown, children=[4713]), case_about(teacher)
    with as_owner():
        Compared.objects.filter(pk=unknown.pk).update(has_traits=False)

    assert page_of(visitor, hidden).status_code == 404
    assert page_of(visitor, shown).status_code == 200


def test_case_of_an_authority_without_an_auditor_concerns_everybody(visitor: Client, as_owner: OwnerContext) -> None:
    with as_owner():
        alone = factories.user(name="Teacher of nobody")
    case = case_about(alone)

    assert "Teacher of nobody" in text_of(visitor.get(CASES))
    assert "This case belongs to another authority" in text_of(page_of(visitor, case))
    assert "You took it" in take(visitor, case)
    assert "The case is closed." in decide(visitor, case, "in_order")
