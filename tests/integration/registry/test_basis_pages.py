"""The basis of a sensitive service: asked on a page of its own, and said to be gone, which takes it off the record."""

import re
from datetime import date

import pytest
from django.urls import reverse

from audit.events import EventKind
from audit.reasons import BasisEnd, Mistake, Reason
from registry.actions.involvements import InvalidEntryError, record_involvement, withdraw_involvement
from registry.models import Child, Involvement
from registry.values import BasisDecision, InvolvementDetails, Withdrawal
from registry.views import state
from registry.vocabulary import BasisDecider, Competence, SensitiveBasis, Service
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.test_involvements import SENSITIVE
from tests.integration.registry.visiting import (
    BASIS,
    Visitor,
    age_reasons,
    assert_plain_refusal,
    hidden,
    main_of,
    text_of,
)
from tests.log import events, last_event

NEUTRAL = "A sensitive service is involved"


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(draft(town, involvements=[(False, involvement(town.school, Service.SCHOOL))]))
    return made


@pytest.fixture
def therapist(town: Town, child: Child) -> Visitor:
    return Visitor(town.therapist)


def rows(child: Child, service: Service = Service.MENTAL_HEALTH) -> list[Involvement]:
    with as_owner_here():
        every = list(Involvement.objects.select_related("child").filter(child=child).order_by("pk"))
    return [row for row in every if row.details.open().service == service]


def details(child: Child) -> InvolvementDetails:
    (row,) = rows(child)
    found: InvolvementDetails = row.details.open()
    return found


def page(name: str, reference: str, *more: int) -> str:
    return reverse(name, args=[reference, *more])


def entered(visitor: Visitor, **changes: str) -> str:
    """Have the visitor's service on the record. Returns the reference."""
    reference = visitor.opened()
    visitor.answered(reference)
    visitor.save(visitor.says_basis(reference, **changes), reference)
    return reference


def record_of(visitor: Visitor, reference: str) -> str:
    """What the record's page says, but for when it was opened: to open it again may take until the next second."""
    return re.sub(r"\d\d:\d\d:\d\d", "", main_of(visitor.get(page("record", reference))))


# -------------------------------------------------------------------------------------------------- asked


def test_a_sensitive_service_is_asked_for_its_basis_before_it_is_saved(therapist: Visitor, child: Child) -> None:
    reference = therapist.opened()
    asked = main_of(therapist.answered(reference))
    assert "Why may this service be entered?" in asked
    assert "What to tell whoever consents" in asked
    assert rows(child) == []
    checked = therapist.says_basis(reference)
    for words in (
        "Check your answers",
        SensitiveBasis.CONSENT_OF_GUARDIAN.label,
        BasisDecider.PARENT.label,
        Competence.TOO_YOUNG.label,
        "3 February 2025",
        "Ada Bell",
    ):
        assert words in main_of(checked)
    assert "Involvement recorded" in main_of(therapist.save(checked, reference))
    decided = BasisDecision(BasisDecider.PARENT, Competence.TOO_YOUNG, date(2025, 2, 3))
    assert (details(child).basis, details(child).decision) == (SensitiveBasis.CONSENT_OF_GUARDIAN, decided)


def test_nobody_else_is_asked(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    reference = teacher.opened()
    assert "Check your answers" in main_of(teacher.answered(reference))
    told = main_of(teacher.browser.get(page("involvement_basis", reference), follow=True))
    assert "There was nothing left to save" in told


def test_what_is_not_whole_cannot_be_checked_or_saved(therapist: Visitor, child: Child) -> None:
    reference = therapist.opened()
    asked = therapist.answered(reference)
    leads = therapist.get(page("check_involvement", reference))
    assert leads.url == page("involvement_basis", reference)
    saved = therapist.follow(page("check_involvement", reference), **hidden(asked))
    assert "your answers no longer fit" in main_of(saved)
    assert rows(child) == []


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(therapist: Visitor, child: Child) -> None:
    reference = therapist.opened()
    therapist.answered(reference)
    told = main_of(therapist.says_basis(reference, basis="consent_child", competence="gillick"))
    assert "The child was 7 on that day" in told
    assert "Was so young a child really judged able" in told
    assert told.count(" checked") == 3
    assert 'value="2025"' in told
    checked = therapist.says_basis(reference, basis="consent_child", competence="gillick", sure="yes")
    assert Competence.GILLICK.label in main_of(checked)


def test_answers_can_be_changed_and_the_basis_is_not_asked_twice(therapist: Visitor, child: Child) -> None:
    reference = therapist.opened()
    therapist.answered(reference)
    therapist.says_basis(reference)
    checked = therapist.answered(reference, practitioner="Ida Moss")
    assert "Check your answers" in main_of(checked)
    assert BasisDecider.PARENT.label in main_of(checked)
    again = main_of(therapist.get(page("involvement_basis", reference)))
    assert again.count(" checked") == 3
    therapist.save(therapist.says_basis(reference, decided_by="court"), reference)
    assert (details(child).practitioner, details(child).decision.by) == ("Ida Moss", BasisDecider.COURT)  # type: ignore[union-attr]


def test_another_tabs_answers_are_not_given_this_basis(therapist: Visitor, child: Child) -> None:
    reference = therapist.opened()
    stale = hidden(therapist.answered(reference))
    therapist.answered(reference, practitioner="Ida Moss")
    told = main_of(therapist.follow(page("involvement_basis", reference), **stale | BASIS))
    assert "There was nothing left to save" in told
    assert rows(child) == []


def test_the_basis_comes_back_as_it_was_filled_in_when_the_reason_ran_out(therapist: Visitor, child: Child) -> None:
    reference = therapist.opened()
    sent = hidden(therapist.answered(reference)) | BASIS
    age_reasons(therapist, state.REASON_HOLDS)
    asked = therapist.follow(page("involvement_basis", reference), **sent)
    ((address, _status),) = asked.redirect_chain
    back = therapist.follow(address, reason=Reason.SAFEGUARDING.value)
    assert back.redirect_chain[-1][0] == page("involvement_basis", reference)
    assert main_of(back).count(" checked") == 3


def test_what_was_entered_before_this_was_asked_is_asked_when_it_is_corrected(
    town: Town, add: AddChildren, therapist: Visitor, child: Child
) -> None:
    with as_owner_here():
        Involvement(child=child, details=involvement(town.clinic, Service.MENTAL_HEALTH)).save()
    assert details(child).decision is None
    reference = therapist.opened()
    assert "Sam Okoro" in record_of(therapist, reference)
    asked = main_of(therapist.answered(reference, "correct_involvement", rows(child)[0].pk))
    assert asked.count(" checked") == 1, "the basis that is known"
    therapist.save(therapist.says_basis(reference), reference)
    assert (details(child).practitioner, details(child).basis) == ("Ada Bell", SensitiveBasis.CONSENT_OF_GUARDIAN)


# ------------------------------------------------------------------------------------------ and withdrawn


def test_consent_withdrawn_takes_it_off_the_record_in_two_presses(therapist: Visitor, town: Town, child: Child) -> None:
    reference = entered(therapist)
    worker = Visitor(town.social_worker)
    theirs = worker.opened()
    assert NEUTRAL in record_of(worker, theirs)
    (row,) = rows(child)
    address = page("end_basis", reference, row.pk)
    assert address in record_of(therapist, reference)
    assert "Consent withdrawn" in record_of(therapist, reference)
    asked = main_of(therapist.get(address))
    assert BasisEnd.CHILD_OBJECTS.label in asked
    assert BasisEnd.HARM_OVER.label not in asked
    checked = therapist.fill(address, basis_end="consent_withdrawn")
    assert "cannot be brought back" in main_of(checked)
    assert "Take it off the record" in main_of(checked)
    assert NEUTRAL in record_of(worker, theirs)
    assert "Involvement withdrawn" in main_of(therapist.save(checked, reference))
    for visitor, ref in ((worker, theirs), (therapist, reference)):
        shown = record_of(visitor, ref)
        assert NEUTRAL not in shown
        assert "Ada Bell" not in shown
    kept: Withdrawal = rows(child)[0].withdrawal.open()
    assert (kept.user_id, kept.reason, kept.basis_end) == (town.therapist.pk, None, BasisEnd.CONSENT_WITHDRAWN)
    (event,) = events(kind=EventKind.INVOLVEMENT_WITHDRAWN)
    assert (event.reason, event.child_id, event.actor_id) == ("consent_withdrawn", child.pk, town.therapist.pk)
    assert "mistake" not in event.kind
    assert "mistake" not in EventKind.INVOLVEMENT_WITHDRAWN.label


def test_the_line_stays_while_another_one_runs(therapist: Visitor, town: Town, child: Child) -> None:
    reference = entered(therapist)
    entered(therapist, decided_by="court")
    worker = Visitor(town.social_worker)
    theirs = worker.opened()
    before = record_of(worker, theirs)
    first, _second = rows(child)
    therapist.save(therapist.fill(page("end_basis", reference, first.pk), basis_end="child_objects"), reference)
    assert record_of(worker, theirs) == before


def test_a_new_basis_makes_a_new_involvement(therapist: Visitor, child: Child) -> None:
    reference = entered(therapist)
    (gone,) = rows(child)
    ends = page("end_basis", reference, gone.pk)
    therapist.save(therapist.fill(ends, basis_end="consent_withdrawn"), reference)
    assert_plain_refusal(therapist.get(ends), 404)
    therapist.answered(reference)
    therapist.save(therapist.says_basis(reference), reference)
    old, new = rows(child)
    assert old.pk == gone.pk
    assert old.withdrawal.open() is not None
    assert new.withdrawal.open() is None


def test_what_ends_one_basis_does_not_end_another(town: Town, child: Child) -> None:
    actor = town.actor("therapist")
    made = record_involvement(actor=actor, child_id=child.pk, entry=SENSITIVE)
    where = {"actor": actor, "child_id": child.pk, "involvement_id": made.pk, "read_version": made.row_version}
    for end in (BasisEnd.CONSENT_WITHDRAWN, BasisEnd.CHILD_OBJECTS):
        with pytest.raises(InvalidEntryError):
            withdraw_involvement(**where, reason=end)  # type: ignore[arg-type]
    withdraw_involvement(**where, reason=BasisEnd.HARM_OVER)  # type: ignore[arg-type]
    assert last_event().reason == "harm_over"


def test_harm_that_is_over_is_said_in_its_own_words(therapist: Visitor, child: Child) -> None:
    reference = entered(therapist, basis="significant_harm", decided_by="manager", competence="not_judged")
    assert "No longer at risk" in record_of(therapist, reference)
    asked = main_of(therapist.get(page("end_basis", reference, rows(child)[0].pk)))
    assert "No longer at risk of significant harm" in asked
    assert asked.count(" checked") == 1, "there is one way alone in which it ends"


def test_one_that_needs_no_basis_has_none_to_withdraw(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    reference = teacher.opened()
    (row,) = rows(child, Service.SCHOOL)
    assert_plain_refusal(teacher.get(page("end_basis", reference, row.pk)), 404)
    with pytest.raises(InvalidEntryError):
        withdraw_involvement(
            actor=town.actor(),
            child_id=child.pk,
            involvement_id=row.pk,
            read_version=row.row_version,
            reason=BasisEnd.CONSENT_WITHDRAWN,
        )


def test_anybody_else_finds_no_such_page(therapist: Visitor, town: Town, child: Child) -> None:
    entered(therapist)
    worker = Visitor(town.social_worker)
    reference = worker.opened()
    (row,) = rows(child)
    for number in (row.pk, row.pk + 1_000):
        assert_plain_refusal(worker.get(page("end_basis", reference, number)), 404)
        assert_plain_refusal(worker.post(page("end_basis", reference, number), basis_end="consent_withdrawn"), 404)
    assert rows(child)[0].withdrawal.open() is None


def test_a_stale_tab_and_a_second_press_change_nothing(therapist: Visitor, town: Town, child: Child) -> None:
    reference = entered(therapist)
    (row,) = rows(child)
    ends = page("end_basis", reference, row.pk)
    stale = hidden(therapist.get(ends)) | {"basis_end": "consent_withdrawn"}
    therapist.answered(reference, "correct_involvement", row.pk, practitioner="Ida Moss")
    therapist.save(therapist.get(page("check_involvement", reference)), reference)
    assert "Somebody changed this involvement" in main_of(therapist.follow(ends, **stale))
    checked = therapist.fill(ends, basis_end="consent_withdrawn")
    therapist.save(checked, reference)
    assert "There was nothing left to save" in main_of(therapist.save(checked, reference))
    assert len(events(kind=EventKind.INVOLVEMENT_WITHDRAWN)) == 1


def test_a_mistake_stays_one(therapist: Visitor, child: Child) -> None:
    reference = entered(therapist)
    (row,) = rows(child)
    wrong = page("withdraw_involvement", reference, row.pk)
    assert BasisEnd.CONSENT_WITHDRAWN.label not in text_of(therapist.get(wrong))
    therapist.save(therapist.fill(wrong, mistake="no_basis"), reference)
    kept: Withdrawal = rows(child)[0].withdrawal.open()
    assert (kept.reason, kept.basis_end) == (Mistake.NO_BASIS, None)
