"""Summaries that were stored before a shield hid other names: nobody is found by what they still hold, nor shown it."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from registry.actions.finding import search
from registry.models import Child
from registry.search import index
from registry.values import Summary, SummaryName
from registry.vocabulary import NameKind
from tests.conftest import as_owner_here
from tests.integration.registry.people import (
    BORN,
    NHS_NUMBER,
    PUPIL_NUMBER,
    AddChildren,
    Town,
    criteria,
    full_draft,
)
from tests.integration.registry.test_search import TRAIL, found_ids
from tests.integration.registry.visiting import Visitor, text_of

OTHER_NAMES = (
    SummaryName(NameKind.FORMER, "Samira", "Malik"),
    SummaryName(NameKind.KNOWN_AS, "Zuleika", "Hussain"),
)


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    """A shielded child, stored and filed as before: with every name, a place and numbers that others gave."""
    (child,) = add(full_draft(town, shielded_since=date(2026, 1, 5)))
    with as_owner_here():
        summary = stored_before(child)
        child.summary = summary
        child.save()
        index.put([(child.pk, summary)])
    return child


def stored_before(child: Child) -> Summary:
    known: Summary = child.summary.open()
    place = {"town": "Sale", "postcode": "M33 4AB", "lines": "12 Hidden Lane", "numbers": (NHS_NUMBER, PUPIL_NUMBER)}
    return replace(known, names=(*known.names, *OTHER_NAMES), **place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"given": "Samira", "family": "Malik", "date_of_birth": BORN},
        {"family": "Malik", "date_of_birth": BORN},
        {"given": "Zuleika", "date_of_birth": BORN},
        {"given": "Samira", "family": "Malik", "age": criteria().today.year - BORN.year},
    ],
)
def test_search_by_another_name_finds_nobody(town: Town, child: Child, given: dict[str, object]) -> None:
    assert found_ids(search(actor=town.actor(), criteria=criteria(**given), trail=TRAIL)) == []


def test_search_by_the_legal_name_shows_nothing_else(town: Town, child: Child) -> None:
    asked = criteria(given="Amina", family="Hussain", date_of_birth=BORN)
    (match,) = search(actor=town.actor(), criteria=asked, trail=TRAIL).matches
    assert match.child_id == child.pk
    assert match.summary == replace(
        child.summary.open(), names=match.summary.names[:1], town="", postcode="", lines="", numbers=()
    )
    assert [(name.kind, name.family) for name in match.summary.names] == [(NameKind.LEGAL, "Hussain")]


def test_pages_show_nothing_else(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    results = text_of(teacher.search())
    teacher.opened()
    for page in (results, text_of(teacher.get(reverse("lately")))):
        assert "Amina Hussain" in page
        for hidden in ("Malik", "Samira", "Zuleika", "Sale", "M33"):
            assert hidden not in page
