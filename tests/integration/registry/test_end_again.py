"""The day on which a service ended, once it was answered: it stands in the form when it is to be changed."""

import re

import pytest
from django.urls import reverse

from audit.events import EventKind
from registry.models import Child, Involvement
from registry.vocabulary import Service
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.visiting import Visitor, text_of
from tests.log import events


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    """A child whose school is known."""
    return add(draft(town, involvements=[(False, involvement(town.school, Service.SCHOOL))]))[0]


def boxes(page: str) -> list[str]:
    """What the boxes of the end date hold."""
    found = dict(re.findall(r'name="ended_on_(\w+)"[^>]*?value="([^"]*)"', page))
    return [found.get(part, "") for part in ("day", "month", "year")]


def end(teacher: Visitor, form: str) -> object:
    return teacher.fill(form, ended_on_day="20", ended_on_month="July", ended_on_year="2025")


def form_of(child: Child, reference: str) -> str:
    with as_owner_here():
        return reverse("end_involvement", args=[reference, Involvement.objects.get(child=child).pk])


def test_change_leads_to_the_day_that_was_given(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    form = form_of(child, reference := teacher.opened())
    assert boxes(text_of(teacher.get(form))) == ["", "", ""]
    checked = end(teacher, form)
    (change,) = re.findall(r'href="([^"]*)">Change', text_of(checked))
    assert change == form
    assert boxes(text_of(teacher.get(change))) == ["20", "7", "2025"]
    assert "Involvement ended" in text_of(teacher.save(checked, reference))


def test_day_that_fits_no_more_stands_there_to_be_checked(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    form = form_of(child, reference := teacher.opened())
    checked = end(teacher, form)
    with as_owner_here():
        kept = Child.objects.get(pk=child.pk)
        kept.date_of_death = kept.date_of_birth.open().replace(year=2025)
        kept.save()
    page = text_of(teacher.save(checked, reference))
    assert "your answers no longer fit. Nothing was saved." in page
    assert boxes(page) == ["20", "7", "2025"]
    assert not events(kind=EventKind.INVOLVEMENT_ENDED)


def test_day_given_for_another_involvement_does_not_stand_there(town: Town, child: Child, add: AddChildren) -> None:
    teacher = Visitor(town.teacher)
    form = form_of(child, reference := teacher.opened())
    teacher.save(teacher.answered(reference), reference)
    end(teacher, form)
    with as_owner_here():
        other = Involvement.objects.filter(child=child).latest("pk")
    assert boxes(text_of(teacher.get(reverse("end_involvement", args=[reference, other.pk])))) == ["", "", ""]
