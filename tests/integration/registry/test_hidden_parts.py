"""The part that a sensitive service has, such as the lead or an assessment: nothing says that one has it."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from registry.actions.involvements import LeadTakenError, record_involvement
from registry.models import Child
from registry.values import Assessment, InvolvementDetails
from registry.vocabulary import Service
from tests.conftest import as_owner_here
from tests.integration.registry.people import CONFIRMED, AddChildren, Town, draft, involvement
from tests.integration.registry.test_involvements import ENTRY
from tests.integration.registry.test_open_record import open_as
from tests.integration.registry.visiting import Visitor, text_of, timeless

ENDED_ON = date(2025, 1, 1)
LEADING = replace(ENTRY, lead=True)


def clinic(town: Town, *, ended_on: date | None = None) -> InvolvementDetails:
    return involvement(town.clinic, Service.MENTAL_HEALTH, practitioner="Wanda Secret", ended_on=ended_on)


def led_by(town: Town, add: AddChildren, details: InvolvementDetails) -> Child:
    (child,) = add(draft(town, involvements=[(True, details)]))
    return child


# -------------------------------------------------------------------------------------------------- assessment


def test_assessment_does_not_tell_of_a_service_that_has_ended(town: Town, add: AddChildren) -> None:
    (child,) = add(
        draft(
            town,
            involvements=[(False, clinic(town, ended_on=ENDED_ON))],
            assessment=Assessment(town.clinic.pk, CONFIRMED),
        )
    )
    record = open_as(town, child)
    assert not record.sensitive
    assert record.assessment_holder is None
    assert open_as(town, child, "therapist").assessment_holder == town.clinic


def test_page_is_the_same_with_a_hidden_assessment_and_with_none(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town))
    teacher = Visitor(town.teacher)
    reference = teacher.opened()
    record = reverse("record", args=[reference])
    without = timeless(teacher.get(record))
    with as_owner_here():
        kept = Child.objects.get(pk=child.pk)
        kept.assessment = Assessment(town.clinic.pk, CONFIRMED)
        kept.save()
    assert timeless(teacher.get(record)) == without
    assert "None that this page can show" in without


# -------------------------------------------------------------------------------------------------------- lead


@pytest.mark.parametrize("hidden", ["runs", "ended", "of the police, ended"])
def test_lead_that_is_not_named_sends_to_the_management_team(town: Town, add: AddChildren, hidden: str) -> None:
    details = {
        "runs": clinic(town),
        "ended": clinic(town, ended_on=ENDED_ON),
        "of the police, ended": involvement(town.police, Service.POLICE, ended_on=ENDED_ON),
    }[hidden]
    child = led_by(town, add, details)
    with pytest.raises(LeadTakenError) as refused:
        record_involvement(actor=town.actor(), child_id=child.pk, entry=LEADING)
    assert refused.value.ask == town.authority
    teacher = Visitor(town.teacher)
    assert "Lead professional" not in text_of(teacher.get(reverse("record", args=[teacher.opened()])))


def test_lead_that_is_named_sends_to_who_has_it(town: Town, add: AddChildren) -> None:
    child = led_by(town, add, involvement(town.police, Service.POLICE))
    with pytest.raises(LeadTakenError) as refused:
        record_involvement(actor=town.actor(), child_id=child.pk, entry=LEADING)
    assert refused.value.ask is None


@pytest.mark.parametrize("hidden", [True, False])
def test_page_says_of_nobody_that_they_have_a_hidden_lead(town: Town, add: AddChildren, *, hidden: bool) -> None:
    police = involvement(town.police, Service.POLICE, ended_on=ENDED_ON)
    led_by(town, add, clinic(town) if hidden else police)
    teacher = Visitor(town.teacher)
    reference = teacher.opened()
    page = text_of(teacher.save(teacher.answered(reference, lead="yes"), reference))
    assert (
        "The lead professional for this child cannot be changed here. Nothing was saved. Ring the management team of "
        f"{town.authority.name}: 0161 496 0000. Or answer No."
    ) in page
    assert "nother organisation has" not in page
    assert 'value="Ada Bell"' in page, "what was typed is lost"
