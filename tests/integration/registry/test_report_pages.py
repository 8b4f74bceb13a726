"""The pages on which something wrong is reported, followed and answered, as those who use them walk through them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from access.models import Role, User
from audit.reported import ReportAnswer, ReportedPart
from registry.forms.reports import AnswerForm
from registry.views import state
from registry.views.reporting import JOINED, MADE
from registry.views.steps import CHANGED
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town
from tests.integration.registry.reporting import Counter, counter_of, look_up_sources, newest
from tests.integration.registry.shielding import URGENT, build_office, file_shielded
from tests.integration.registry.visiting import (
    Visitor,
    age_reasons,
    assert_plain_refusal,
    hidden,
    main_of,
    rows_of,
    text_of,
)
from tests.log import events

LIST, OWN = reverse("reports"), reverse("my_reports")
LINK = "Report something wrong"
WAITS = "Waiting for the council that answers for the record"


@pytest.fixture
def counter(town: Town, add: AddChildren) -> Counter:
    return counter_of(town, add)


@pytest.fixture
def worker(counter: Counter) -> Visitor:
    return Visitor(counter.town.social_worker)


@pytest.fixture
def answers(counter: Counter) -> Visitor:
    return Visitor(counter.first)


def page_of(reference: str) -> str:
    return reverse("report_wrong", args=[reference])


def record_of(visitor: Visitor, reference: str) -> str:
    return main_of(visitor.get(reverse("record", args=[reference])))


def reported(visitor: Visitor, part: ReportedPart = ReportedPart.ADDRESS) -> str:
    """Report it from the record's page, by its link. Returns a reference to the child."""
    reference = visitor.opened()
    record = record_of(visitor, reference)
    assert LINK in record
    assert page_of(reference) in record
    sent = visitor.follow(page_of(reference), part=part.value)
    assert MADE in main_of(sent) or JOINED in text_of(sent) or "You reported this before" in text_of(sent)
    return reference


def address_of(visitor: Visitor) -> str:
    """The address of the only report in the list."""
    (address,) = set(re.findall(r'href="(/reported/[^"]+/\d+/)"', text_of(visitor.get(LIST))))
    return str(address)


def choices(page: str) -> set[str]:
    """What can be chosen."""
    inputs = re.findall(r"<input[^>]*>", page)
    return {re.findall(r'value="(\w+)"', each)[0] for each in inputs if 'type="radio"' in each}


def test_from_the_record_to_what_became_of_it_by_the_pages(counter: Counter, worker: Visitor, answers: Visitor) -> None:
    with as_owner_here():
        person = User.objects.get(pk=counter.town.social_worker.pk)
        person.telephone = "+441614960777"
        person.save(update_fields=["telephone"])
    reference = reported(worker)
    assert WAITS in main_of(worker.get(page_of(reference)))
    assert WAITS in record_of(worker, reference)
    assert "1 report of something wrong waits" in text_of(answers.get(reverse("home")))
    listed = main_of(answers.get(LIST))
    assert "Being looked up" in listed
    assert "Hussain" not in listed, "the list names nobody"
    look_up_sources()
    (row,) = rows_of(main_of(answers.get(LIST)))
    for words in ("Address", "Local authority", "confirmed 5 January 2026", "Today", "New"):
        assert words in row
    page = main_of(answers.get(address_of(answers)))
    for words in ("Amina Hussain", "12 Hidden Lane", "M33 4AB", "Earlier address", "0161 496 0777"):
        assert words in page
    for words in ("Farah", "9434", "943 476", "Sam Okoro"):
        assert words not in page, "what is not reported is not told"
    assert choices(page) == {each.value for each in ReportAnswer if each != ReportAnswer.ONE_RECORD}
    answers.fill(address_of(answers), answer="source_told")
    assert "Source told" in main_of(answers.get(LIST))
    page = main_of(answers.get(address_of(answers)))
    assert "It closes by itself once the source sends something else" in page
    assert "source_told" not in choices(page)
    assert "The council told the source" in record_of(worker, reference)
    done = answers.fill(address_of(answers), answer="put_right")
    assert "Whoever reported it reads this" in text_of(done)
    assert "Nothing is reported that waits for you" in main_of(done)
    assert "It was put right" in record_of(worker, reference)
    (row,) = rows_of(main_of(worker.get(OWN)))
    assert "Address" in row
    assert "It was put right" in row
    assert "Hussain" not in main_of(worker.get(OWN))


def test_what_one_may_not_see_is_not_offered(counter: Counter, worker: Visitor) -> None:
    with as_owner_here():
        office = build_office(counter.town, counter.child)
    office.asked(URGENT, by="colleague")
    file_shielded()
    reference = worker.opened()
    assert LINK in record_of(worker, reference)
    offered = choices(main_of(worker.get(page_of(reference))))
    assert offered == {"wrong_name", "wrong_birth", "wrong_gender", "two_in_one", "another_record"}
    refused = worker.post(page_of(reference), part="wrong_address")
    assert "Choose what is wrong" in main_of(refused)
    assert choices(main_of(refused)) == offered


def test_administrators_see_of_a_shielded_child_only_who_they_are(counter: Counter, answers: Visitor) -> None:
    counter.report()
    look_up_sources()
    with as_owner_here():
        office = build_office(counter.town, counter.child)
    office.asked(URGENT, by="colleague")
    (row,) = rows_of(main_of(answers.get(LIST)))
    assert "Protected" in row
    assert "Local authority" not in row
    page = main_of(answers.get(address_of(answers)))
    assert "Amina Hussain" in page
    assert "so that you see only who they are" in page
    for words in ("Hidden Lane", "M33", "Sale", "Malik"):
        assert words not in page


def test_nothing_chosen_is_said_beside_the_list(worker: Visitor) -> None:
    reference = worker.opened()
    for typed in ({}, {"part": "free text"}):
        assert main_of(worker.post(page_of(reference), **typed)).count("Choose what is wrong") == 2
    assert newest() is None


def test_it_is_not_reported_twice(counter: Counter, worker: Visitor) -> None:
    reference = reported(worker)
    again = worker.follow(page_of(reference), part="wrong_address")
    assert "You reported this before, and it is open" in text_of(again)
    other = Visitor(counter.town.teacher)
    reference = other.opened()
    joined = other.follow(page_of(reference), part="wrong_address")
    assert JOINED in text_of(joined)
    assert "Somebody else had reported it before you" in main_of(joined)
    assert WAITS in record_of(other, reference)


def test_both_people_can_be_rung(counter: Counter, worker: Visitor, answers: Visitor) -> None:
    reported(worker)
    reported(Visitor(counter.town.therapist))
    assert "2 people" in main_of(answers.get(LIST))
    page = main_of(answers.get(address_of(answers)))
    assert "Somebody whose name is not shown" in page
    assert "0161 496 0000" in page, "where they gave no number of their own, that of where they work"
    assert counter.town.clinic.name not in page


def test_without_a_reason_it_is_asked_for_first(worker: Visitor) -> None:
    reference = worker.opened()
    age_reasons(worker, state.REASON_HOLDS + timedelta(minutes=1))
    sent = worker.post(page_of(reference), part="wrong_name")
    assert sent.status_code == 302
    assert reverse("open_record", args=[reference]) in sent.headers["Location"]
    # What was chosen is not lost.
    kept = worker.follow(sent.headers["Location"], reason="s11")
    assert re.search(r'value="wrong_name"[^>]*checked|checked[^>]*value="wrong_name"', main_of(kept))


def test_what_was_answered_meanwhile_is_said(counter: Counter, worker: Visitor, answers: Visitor) -> None:
    reported(worker)
    address = address_of(answers)
    seen = hidden(answers.get(address))
    second = Visitor(counter.second)
    second.fill(address_of(second), answer="source_told")
    assert CHANGED in text_of(answers.follow(address, **seen, answer="right_as_it_is"))
    second.fill(address_of(second), answer="put_right")
    assert CHANGED in text_of(answers.follow(address, **(seen | {"seen": "1"}), answer="right_as_it_is"))
    assert "Choose what came of it" not in text_of(answers.get(LIST))


def test_nothing_answered_is_said_beside_the_list(worker: Visitor, answers: Visitor) -> None:
    reported(worker)
    assert main_of(answers.fill(address_of(answers))).count("Choose what came of it") == 2
    assert set(AnswerForm.base_fields) == {"seen", "answer"}


def test_the_other_record_is_asked_for_where_there_are_two(worker: Visitor, answers: Visitor) -> None:
    reported(worker, ReportedPart.TWO_RECORDS)
    page = main_of(answers.get(address_of(answers)))
    assert reverse("merges") in page
    assert "put_under_one" in choices(page)
    assert "source_told" not in choices(page)


def test_others_are_refused(counter: Counter, worker: Visitor) -> None:
    reference = reported(worker)
    for address in (LIST,):
        assert_plain_refusal(worker.get(address), 403)
    elsewhere = Visitor(_administrator_elsewhere())
    assert "Nothing is reported that waits for you" in main_of(elsewhere.get(LIST))
    assert elsewhere.get(page_of(reference)).status_code in (403, 404)
    assert_plain_refusal(Visitor(counter.first).get(OWN), 403)


def test_a_report_of_another_child_is_not_there(counter: Counter, worker: Visitor, answers: Visitor) -> None:
    reported(worker)
    address = address_of(answers)
    assert_plain_refusal(answers.get(re.sub(r"\d+/$", "999/", address)), 404)
    assert events(kind="access.refused")


def _administrator_elsewhere() -> User:
    with as_owner_here():
        return factories.user(role=Role.ADMINISTRATOR)
