"""A question of the benchmark goes the way that a practitioner's goes, and each part of it is timed."""

from dataclasses import replace
from datetime import date

from bench.mistakes import Asked
from bench.search import asking
from bench.search.truth import Question
from registry.demonstration.shapes import Origin
from tests import factories
from tests.integration.registry.people import AddChildren, Town
from tests.integration.registry.visiting import Visitor
from tests.log import events

AMINA = Asked("Amina", "Hussain", date(2017, 4, 9))


def question(asked: Asked, child_id: int) -> Question:
    return Question("exact", Origin.MUSLIM_SOUTH_ASIAN, child_id, asked, asked)


def test_who_is_found_is_who_the_page_shows(town: Town, add: AddChildren) -> None:
    (child,) = add(
        factories.draft(authority=town.authority, given="Amina", family="Hussain", date_of_birth=AMINA.date_of_birth)
    )
    with asking.practitioner(Visitor(town.teacher).browser) as one:
        outcome = one.ask(question(AMINA, child.pk))
    assert outcome.first
    assert outcome.in_ten
    assert not outcome.refused
    assert outcome.examined == 1
    assert 0 < outcome.candidates_ms < outcome.find_ms < outcome.view_ms
    assert 0 < outcome.database_ms < outcome.view_ms
    assert outcome.cpu_ms > 0
    assert [event.kind for event in events(kind__in=["child.searched", "child.listed"])] == [
        "child.searched",
        "child.listed",
    ]


def test_a_question_that_the_form_refuses_found_nobody(town: Town) -> None:
    with asking.practitioner(Visitor(town.teacher).browser) as one:
        outcome = one.ask(question(Asked("Amina"), 1))
        after = one.ask(question(replace(AMINA, family="Nobody"), 1))
    assert outcome.refused
    assert outcome.found == ()
    assert not after.refused


def test_the_service_is_left_as_it_was(town: Town) -> None:
    from registry.actions import finding
    from registry.search import index
    from registry.views import searching

    before = index.candidates
    with asking.practitioner(Visitor(town.teacher).browser):
        assert index.candidates is not before
    assert index.candidates is before
    assert searching.search is finding.search


def test_criteria_are_made_by_the_form(town: Town) -> None:
    criteria = asking.criteria(AMINA)
    assert (criteria.given, criteria.family, criteria.date_of_birth) == ("Amina", "Hussain", AMINA.date_of_birth)
