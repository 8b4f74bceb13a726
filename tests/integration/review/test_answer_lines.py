"""What an answer to a family tells: whose looks, of which days, and what is left out of the letter."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Grant, Organisation, OrganisationKind, Role, User
from access.rules import grants
from registry.models import Child
from registry.rules import numbers
from review.answering.redaction import ENQUIRY_DAYS
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.review.answering import (
    BEGIN,
    NHS,
    OTHER_NHS,
    answer,
    answers,
    asked_by,
    begun,
    boxes,
    child_with,
    choices_of,
    confirmed,
    listed,
    looked,
    officer,
    page_of,
    step,
)
from tests.integration.review.reading import text_of
from tests.pdf import text_in

ANSWERS = reverse("answers")


@pytest.mark.parametrize(
    ("kind", "reason", "says", "proposed"),
    [
        (OrganisationKind.POLICE, "s11", "The police looked", "nothing.crime"),
        (OrganisationKind.AUTHORITY, "s47", "It was for a child protection enquiry", "nothing.enquiry"),
        (OrganisationKind.MENTAL_HEALTH, "s10", "A confidential service", "nothing.confidential"),
        (OrganisationKind.SEXUAL_HEALTH, "s10", "A confidential service", "nothing.confidential"),
    ],
)
def test_what_could_harm_is_proposed_to_be_left_out_and_the_letter_does_not_tell_that_it_was(
    visitor: Client, other: Client, council: Organisation, kind: OrganisationKind, reason: str, says: str, proposed: str
) -> None:
    child = child_with(authority=council)
    person = (
        officer(council, kind) if kind != OrganisationKind.AUTHORITY else officer(council, OrganisationKind.CHARITY)
    )
    looked(person, child.pk, reason=reason)
    asked, empty = begun(visitor), begun(visitor, record=OTHER_NHS)

    page = page_of(visitor, asked)
    assert says in text_of(page)
    ((choices),) = choices_of(page).values()
    assert choices[0] == proposed
    letters = []
    for each in (asked, empty):
        confirmed(visitor, each)
        step(other, each, "release_answer")
        letters.append(text_in(step(other, each, "make_letter").content))

    told, nothing = (
        letter.replace(numbers.shown_nhs(NHS), "N").replace(numbers.shown_nhs(OTHER_NHS), "N") for letter in letters
    )
    assert told.replace(f"FA {asked.pk}", "R") == nothing.replace(f"FA {empty.pk}", "R")
    assert "There is nothing that we can tell you for this time." in told


def test_confidential_service_is_never_told_whatever_is_posted(visitor: Client, council: Organisation) -> None:
    looked(officer(council, OrganisationKind.SUBSTANCE_MISUSE), child_with(authority=council).pk)
    asked = begun(visitor)
    ((box, choices),) = choices_of(page_of(visitor, asked)).items()

    assert choices == ["nothing.confidential"]
    page = confirmed(visitor, asked, **{box: "full.nothing_against"})

    assert "Choose what the letter says of line 1" in text_of(page)
    assert answer(asked.pk).confirmed_at is None


def test_what_the_police_looked_at_long_ago_is_told_as_any_other(visitor: Client, council: Organisation) -> None:
    person, child = officer(council), child_with(authority=council)
    looked(person, child.pk, ago=ENQUIRY_DAYS.days)
    looked(person, child.pk, ago=ENQUIRY_DAYS.days - 1)
    since = timezone.localdate() - timedelta(days=200)
    asked = begun(visitor, **boxes("since", since))

    first, second = choices_of(page_of(visitor, asked)).values()

    assert first[0] == "full.nothing_against"
    assert second[0] == "nothing.crime"
    assert "full.enquiry_over" in second
    assert "full.nothing_against" not in second


def test_of_a_shielded_child_nothing_is_told_until_somebody_says_that_it_is_safe(
    visitor: Client, other: Client, council: Organisation, teacher: User
) -> None:
    child = child_with(authority=council, shielded_since=date(2026, 1, 5))
    looked(teacher, child.pk)
    looked(officer(council), child.pk, ago=3)
    asked = begun(visitor)

    page = page_of(visitor, asked)
    assert "The record is protected" in text_of(page)
    police, school = choices_of(page).values()
    # Two rules at once: not even the one word lifts both.
    assert [code for code in police if code.startswith("full")] == []
    assert (school[0], [code for code in school if code.startswith("full")]) == (
        "nothing.whereabouts",
        ["full.safe_to_tell"],
    )
    box = next(name for name, codes in choices_of(page).items() if codes == school)
    confirmed(visitor, asked, **{box: "unnamed.whereabouts"})
    step(other, asked, "release_answer")
    letter = text_in(step(other, asked, "make_letter").content)

    assert "An organisation that we do not name" in letter
    assert teacher.organisation.name not in letter
    assert "School or college" not in letter


def test_record_that_was_destroyed_since_is_answered_and_taken_for_shielded(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    child = child_with(authority=council)
    looked(teacher, child.pk)
    asked = begun(visitor)
    with as_worker():
        Child.objects.filter(pk=child.pk).update(archived=True)
        Child.objects.filter(pk=child.pk)._raw_delete("default")

    page = page_of(visitor, asked)
    assert "The record is in the archive or not kept any more" in text_of(page)
    ((choices),) = choices_of(page).values()
    assert choices[0] == "nothing.whereabouts"
    again = begun(visitor, record=f"({child.pk})")
    assert again.child_id == child.pk
    assert list(choices_of(page_of(visitor, again)).values()) == [choices]


def test_lines_are_of_this_record_these_days_and_own_organisations_alone(
    visitor: Client, council: Organisation, teacher: User, stranger: User
) -> None:
    child, another = child_with(authority=council), child_with(OTHER_NHS, authority=council)
    wanted = [looked(teacher, child.pk, ago=days) for days in (10, 1)]
    for ago in (11, 0):
        looked(teacher, child.pk, ago=ago)
    looked(teacher, another.pk)
    looked(stranger, child.pk)

    asked = begun(visitor)

    assert list(choices_of(page_of(visitor, asked))) == [f"line_{event}" for event in wanted]


def test_whoever_opened_the_record_had_to_find_it_first_and_that_is_no_line(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    child, actor = child_with(authority=council), factories.actor_for(teacher)
    listed(actor, child.pk)
    looked(actor, child.pk)
    looked(actor, child.pk)
    listed(factories.actor_for(teacher), child.pk)

    said = text_of(page_of(visitor, begun(visitor)))

    assert "Opened the record, 2 times." in said
    assert "Saw the name, date of birth and number in a list." in said
    assert "in a list, 2 times" not in said


def test_mediated_look_is_of_the_organisation_of_whoever_rang(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    child = child_with(authority=council)
    with as_owner():
        mediator = factories.user(role=Role.MEDIATOR, works_for=council)
    looked(factories.actor_on_call(mediator, teacher), child.pk)

    said = text_of(page_of(visitor, begun(visitor)))

    assert f"{teacher.organisation.name} (school or college), by telephone through {council.name}" in said


def test_auditor_of_another_authority_finds_no_such_answer(
    visitor: Client, stranger: User, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    looked(teacher, child_with(authority=council).pk)
    asked = begun(visitor)
    with as_owner():
        foreign = factories.user(
            role=Role.AUDITOR, works_for=Organisation.objects.get(pk=stranger.organisation.authority_id)
        )
    other = factories.signed_in(foreign)

    assert page_of(other, asked).status_code == 404
    for route in ("confirm_answer", "release_answer", "make_letter"):
        assert step(other, asked, route).status_code == 404
    for route, typed in (("give_answer_back", {"why": "reason_unfit"}), ("close_answer", {"result": "no_right"})):
        assert step(other, asked, route, **typed).status_code == 404
    assert f"FA {asked.pk}" not in text_of(other.get(ANSWERS))
    # Nor does the number lead them anywhere: to them it is as if there were no such record.
    assert begun(other).child_id is None


def test_auditor_of_two_councils_chooses_which_answers_and_it_tells_of_its_own_alone(
    visitor: Client, auditor: User, council: Organisation, teacher: User, stranger: User
) -> None:
    child = child_with(authority=council)
    own, theirs = looked(teacher, child.pk), looked(stranger, child.pk)
    other = Organisation.objects.get(pk=stranger.organisation.authority_id)
    with as_owner_here():
        grants.grant(auditor, grants.AUDIT, other)

    unchosen = visitor.post(BEGIN, asked_by())
    assert "Choose which council answers" in text_of(unchosen)
    assert answers() == []
    for authority, look in ((council, own), (other, theirs)):
        asked = begun(visitor, authority=str(authority.pk))
        page = page_of(visitor, asked)
        assert list(choices_of(page)) == [f"line_{look}"]
        assert f"Who answers {authority.name}" in text_of(page)


def test_auditor_of_no_council_any_more_begins_none(visitor: Client, auditor: User) -> None:
    with as_owner_here():
        Grant.objects.filter(user=auditor).delete()

    page = visitor.post(BEGIN, asked_by(), follow=True)

    assert "You look after the log of no council at the moment" in text_of(page)
    assert answers() == []
