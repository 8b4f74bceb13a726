"""Record, correct and end one's own involvement: ask, check, save once, whatever the back button and tabs do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from access.models import User
from audit.events import EventKind
from registry.models import Child, Involvement
from registry.values import InvolvementDetails
from registry.views import state
from registry.vocabulary import Service
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.visiting import ANSWERS, Visitor, assert_plain_refusal, text_of
from tests.log import events, last_event


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    """A child whom the school and the police know; the latter leads."""
    return add(
        draft(
            town,
            involvements=[
                (False, involvement(town.school, Service.SCHOOL)),
                (True, involvement(town.police, Service.POLICE)),
            ],
        )
    )[0]


@pytest.fixture
def teacher(town: Town, child: Child) -> Visitor:
    return Visitor(town.teacher)


def own_id(town: Town, child: Child) -> int:
    """The id of the school's involvement."""
    with as_owner_here():
        rows = list(Involvement.objects.filter(child=child))
    return next(row.pk for row in rows if row.details.open().organisation_id == town.school.pk)


def known(child: Child) -> list[InvolvementDetails]:
    with as_owner_here():
        return [row.details.open() for row in Involvement.objects.filter(child=child).order_by("pk")]


def practitioners(child: Child) -> list[str]:
    return [details.practitioner for details in known(child)]


def changes() -> list[str]:
    kinds = [event.kind for event in events(kind__startswith="involvement.")]
    return [kind for kind in kinds if kind != EventKind.INVOLVEMENT_READ]


def test_record_is_asked_checked_and_done(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    assert "Practitioner’s name" in text_of(teacher.get(reverse("record_involvement", args=[reference])))
    checked = teacher.answered(reference)
    page = text_of(checked)
    for shown in ("Check your answers", "Ada Bell", "0161 496 0999", "1 February 2025", "School or college", "No"):
        assert shown in page
    assert practitioners(child) == ["Sam Okoro"] * 2
    done = teacher.save(checked, reference)
    assert "Involvement recorded" in text_of(done)
    assert practitioners(child) == ["Sam Okoro", "Sam Okoro", "Ada Bell"]
    assert changes() == [EventKind.INVOLVEMENT_RECORDED]
    assert "Ada Bell" in text_of(teacher.get(reverse("record", args=[reference])))


def test_each_page_about_an_involvement_is_recorded_before_it_is_shown(
    teacher: Visitor, town: Town, child: Child
) -> None:
    reference = teacher.opened()
    pages = involvement_pages(reference, own_id(town, child))
    for page in pages:
        before = len(events(kind=EventKind.INVOLVEMENT_READ))
        teacher.get(page)
        read = events(kind=EventKind.INVOLVEMENT_READ)[before:]
        assert read, page
        assert {(event.child_id, event.actor_id) for event in read} == {(child.pk, town.teacher.pk)}
    assert changes() == []


def test_answers_can_be_changed_before_they_are_saved(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    teacher.answered(reference)
    again = text_of(teacher.get(reverse("record_involvement", args=[reference])))
    for typed in ("Ada Bell", "0161 496 0999", 'value="2025"'):
        assert typed in again
    teacher.save(teacher.answered(reference, practitioner="Ida Bell"), reference)
    assert practitioners(child)[-1] == "Ida Bell"
    assert len(known(child)) == 3


def test_correct_is_asked_checked_and_done(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    number = own_id(town, child)
    asked = text_of(teacher.get(reverse("correct_involvement", args=[reference, number])))
    assert 'value="Sam Okoro"' in asked
    checked = teacher.answered(reference, "correct_involvement", number)
    assert "Involvement corrected" in text_of(teacher.save(checked, reference))
    assert practitioners(child) == ["Ada Bell", "Sam Okoro"]
    assert changes() == [EventKind.INVOLVEMENT_CORRECTED]


def test_end_is_asked_checked_and_done(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    checked = end(teacher, reference, own_id(town, child))
    assert "20 July 2025" in text_of(checked)
    assert "Involvement ended" in text_of(teacher.save(checked, reference))
    assert [details.ended_on is not None for details in known(child)] == [True, False]
    record = text_of(teacher.get(reverse("record", args=[reference])))
    assert "1 ended" in record
    assert reverse("end_involvement", args=[reference, own_id(town, child)]) not in record
    assert_plain_refusal(teacher.get(reverse("end_involvement", args=[reference, own_id(town, child)])), 404)
    assert_plain_refusal(teacher.get(reverse("correct_involvement", args=[reference, own_id(town, child)])), 404)


def end(visitor: Visitor, reference: str, number: int, day: str = "20") -> object:
    address = reverse("end_involvement", args=[reference, number])
    return visitor.fill(address, ended_on_day=day, ended_on_month="7", ended_on_year="2025")


def test_service_of_another_kind_of_organisation_cannot_be_slipped_in(town: Town, child: Child) -> None:
    worker = Visitor(town.social_worker)
    reference = worker.opened()
    assert "There is a problem" in text_of(worker.answered(reference, service=Service.POLICE.value))
    worker.save(worker.answered(reference, service=Service.EARLY_HELP.value), reference)
    assert known(child)[-1].service == Service.EARLY_HELP


# -------------------------------------------------------------------------- what need not be typed each time


@pytest.fixture
def named(teacher: Visitor) -> Visitor:
    """The teacher, whose name is one that the form takes."""
    with as_owner_here():
        person = User.objects.get(pk=teacher.person.pk)
        person.name = "Tess O’Hara"
        person.save()
    return teacher


OWN_NAME = "Tess O’Hara"


def form_of(visitor: Visitor, reference: str) -> str:
    return text_of(visitor.get(reverse("record_involvement", args=[reference])))


def test_own_name_stands_there_and_the_number_once_it_was_given_with_it(named: Visitor) -> None:
    reference = named.opened()
    asked = form_of(named, reference)
    assert f'value="{OWN_NAME}"' in asked
    assert "0161 496 0999" not in asked
    named.save(named.answered(reference, practitioner=OWN_NAME, telephone="0161 496 0999 ext 23"), reference)
    assert 'value="0161 496 0999, extension 23"' in form_of(named, reference)


def test_number_given_with_somebody_elses_name_is_not_offered(teacher: Visitor) -> None:
    reference = teacher.opened()
    teacher.save(teacher.answered(reference, practitioner="Ada Bell"), reference)
    assert "0161 496 0999" not in form_of(teacher, reference)


def test_number_of_one_person_is_not_offered_to_another(named: Visitor, town: Town) -> None:
    reference = named.opened()
    named.save(named.answered(reference, practitioner=OWN_NAME), reference)
    colleague = Visitor(town.colleague)
    asked = form_of(colleague, colleague.opened())
    assert town.colleague.name.open() in asked
    assert "0161 496 0999" not in asked


def test_number_stands_sealed_with_its_person(named: Visitor, town: Town) -> None:
    reference = named.opened()
    named.save(named.answered(reference, practitioner=OWN_NAME), reference)
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT telephone FROM access_user WHERE id = %s", [town.teacher.pk])
        (stored,) = cursor.fetchone()
        assert User.objects.get(pk=town.teacher.pk).telephone.open() == "+441614960999"
    assert b"1614960999" not in bytes(stored)


def test_correction_offers_what_stands_there(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    asked = text_of(teacher.get(reverse("correct_involvement", args=[reference, own_id(town, child)])))
    assert 'value="Sam Okoro"' in asked
    assert f'value="{town.teacher.name.open()}"' not in asked


def test_days_outside_the_childs_life_are_told_where_they_were_typed(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    page = text_of(teacher.answered(reference, started_on_year="2016"))
    assert "Start date must be the same as or after 9 April 2017, when the child was born" in page
    assert 'value="Ada Bell"' in page, "what was typed is lost"
    assert changes() == []


def test_answers_that_fit_no_more_when_they_are_saved_are_kept_and_told(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    checked = teacher.answered(reference, started_on_year="2018")
    with as_owner_here():
        kept = Child.objects.get(pk=child.pk)
        kept.date_of_birth = kept.date_of_birth.open().replace(year=2019)
        kept.save()
    page = text_of(teacher.save(checked, reference))
    assert "your answers no longer fit. Nothing was saved." in page
    assert 'value="Ada Bell"' in page, "what was typed is lost"
    assert changes() == []


# ----------------------------------------------------------------------------- replayed forms, tabs, back button


def test_saving_twice_saves_once_and_says_so(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    checked = teacher.answered(reference)
    teacher.save(checked, reference)
    again = teacher.save(checked, reference)
    assert "There was nothing left to save" in text_of(again)
    assert len(known(child)) == 3
    assert changes() == [EventKind.INVOLVEMENT_RECORDED]


def test_saving_what_was_never_asked_saves_nothing(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    page = teacher.follow(reverse("check_involvement", args=[reference]))
    assert "There was nothing left to save" in text_of(page)
    assert "There was nothing left to save" in text_of(
        teacher.browser.get(reverse("check_involvement", args=[reference]), follow=True)
    )
    assert changes() == []


def test_two_tabs_on_one_child_save_only_what_was_shown(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    first_tab = teacher.answered(reference, practitioner="Ada Bell")
    second_tab = teacher.answered(reference, practitioner="Ida Moss")
    assert "There was nothing left to save" in text_of(teacher.save(first_tab, reference))
    assert "Ada Bell" not in practitioners(child)
    assert "Ida Moss" not in practitioners(child)
    assert "Involvement recorded" in text_of(teacher.save(second_tab, reference))
    assert practitioners(child)[-1] == "Ida Moss"


def test_two_tabs_on_two_children_save_each_for_its_own(
    town: Town, teacher: Visitor, child: Child, add: AddChildren
) -> None:
    (other,) = add(draft(town, given="Amira"))
    first, second = teacher.reference(0), teacher.reference(1)
    for reference in (first, second):
        teacher.give_reason(reference)
    first_tab = teacher.answered(first, practitioner="Ada Bell")
    second_tab = teacher.answered(second, practitioner="Ida Moss")
    assert "There was nothing left to save" in text_of(teacher.save(first_tab, first))
    teacher.save(second_tab, second)
    assert practitioners(other) == ["Ida Moss"]
    assert practitioners(child) == ["Sam Okoro"] * 2


@pytest.mark.parametrize("route", ["correct_involvement", "end_involvement"])
def test_involvement_that_changed_meanwhile_is_not_overwritten(
    teacher: Visitor, town: Town, child: Child, route: str
) -> None:
    colleague = Visitor(town.colleague)
    theirs, reference, number = colleague.opened(), teacher.opened(), own_id(town, child)
    checked = (
        end(teacher, reference, number) if route == "end_involvement" else teacher.answered(reference, route, number)
    )
    colleague.save(colleague.answered(theirs, "correct_involvement", number, practitioner="Ida Moss"), theirs)
    assert "Somebody changed this involvement while you were at it" in text_of(teacher.save(checked, reference))
    assert practitioners(child) == ["Ida Moss", "Sam Okoro"]
    assert changes() == [EventKind.INVOLVEMENT_CORRECTED]


def test_lead_of_another_organisation_is_told_and_not_taken(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    page = text_of(teacher.save(teacher.answered(reference, lead="yes"), reference))
    assert "Another organisation has the lead professional" in page
    assert changes() == []


def test_pages_ask_for_a_reason_once_it_ran_out(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    checked = teacher.answered(reference)
    session = teacher.browser.session
    long_ago = (timezone.now() - timedelta(minutes=31)).timestamp()
    session["desk"] = {**session["desk"], state.REASONS: {str(child.pk): ["s11", long_ago]}}
    session.save()
    assert "Why do you need to open this record?" in text_of(teacher.save(checked, reference))
    for page in involvement_pages(reference, own_id(town, child)):
        assert teacher.get(page).url.startswith(reverse("open_record", args=[reference]))
    assert changes() == []


def involvement_pages(reference: str, number: int) -> list[str]:
    return [
        reverse("record_involvement", args=[reference]),
        reverse("correct_involvement", args=[reference, number]),
        reverse("end_involvement", args=[reference, number]),
        reverse("withdraw_involvement", args=[reference, number]),
        reverse("check_involvement", args=[reference]),
        reverse("involvement_done", args=[reference, "recorded"]),
    ]


def test_back_button_after_sign_out_shows_and_saves_nothing(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    checked = teacher.answered(reference)
    pages = [*involvement_pages(reference, own_id(town, child)), reverse("record", args=[reference])]
    teacher.sign_out()
    for page in pages:
        answer = teacher.get(page)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
    answer = teacher.browser.post(reverse("check_involvement", args=[reference]), {})
    assert answer.url.startswith(reverse("account_login"))
    assert "Ada Bell" not in text_of(teacher.save(checked, reference))
    assert changes() == []


@pytest.mark.parametrize("route", ["correct_involvement", "end_involvement"])
def test_another_organisations_involvement_is_refused(town: Town, child: Child, route: str) -> None:
    worker = Visitor(town.social_worker)
    reference = worker.opened()
    address = reverse(route, args=[reference, own_id(town, child)])
    assert_plain_refusal(worker.get(address), 403)
    assert_plain_refusal(worker.post(address, **ANSWERS), 403)
    refusal = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (refusal.child_id, refusal.actor_id) == (child.pk, town.social_worker.pk)


@pytest.mark.parametrize("route", ["correct_involvement", "end_involvement"])
def test_another_childs_involvement_is_not_found(
    teacher: Visitor, town: Town, child: Child, add: AddChildren, route: str
) -> None:
    (other,) = add(draft(town, family="Begum", involvements=[(False, involvement(town.school, Service.SCHOOL))]))
    reference = teacher.opened()
    for number in (own_id(town, other), 0, 10**30):
        assert_plain_refusal(teacher.get(reverse(route, args=[reference, number])), 404)


def test_bad_answers_are_told_next_to_each_field(teacher: Visitor, child: Child) -> None:
    reference = teacher.opened()
    typed = dict.fromkeys(ANSWERS, "\x00😀%")
    page = text_of(teacher.follow(reverse("record_involvement", args=[reference]), **typed))
    assert page.partition("</main>")[0].count('class="govuk-error-message"') == 4
    assert "There is a problem" in page
    assert len(known(child)) == 2


def test_end_before_start_is_told(teacher: Visitor, town: Town, child: Child) -> None:
    reference = teacher.opened()
    address = reverse("end_involvement", args=[reference, own_id(town, child)])
    page = text_of(teacher.fill(address, ended_on_day="31", ended_on_month="5", ended_on_year="2024"))
    assert "End date must be the same as or after 1 June 2024" in page
