"""Withdrawing an involvement that was recorded by mistake: gone from the record, kept in the database, in the log."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from access.models import Role
from access.rules.errors import NotFoundError, NotPermittedError
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import Mistake, Reason
from audit.recorder import About, record
from encryption.errors import StaleRowError
from registry.actions.finding import open_record
from registry.actions.involvements import (
    Entry,
    InvalidEntryError,
    correct_involvement,
    end_involvement,
    record_involvement,
    withdraw_involvement,
)
from registry.models import Child, Involvement
from registry.policies.records import child_to_keep
from registry.values import Withdrawal
from registry.vocabulary import Service
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, RefuseEvents, Town, draft, involvement
from tests.integration.registry.test_involvements import ENDED_ON, ENTRY, SHIELDED_SINCE
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, hidden, text_of
from tests.integration.review.reading import asked
from tests.log import events, last_event

WRONG_CHILD = Mistake.WRONG_CHILD


@dataclass(frozen=True)
class Case:
    """A child with an involvement of the school, of the police and of a sensitive service."""

    town: Town
    child: Child

    def row(self, service: Service = Service.SCHOOL) -> Involvement:
        with as_owner_here():
            rows = list(Involvement.objects.select_related("child").filter(child=self.child))
        return next(row for row in rows if row.details.open().service == service)

    def withdraw(
        self, service: Service = Service.SCHOOL, *, actor: Actor | None = None, reason: Mistake = WRONG_CHILD
    ) -> None:
        row = self.row(service)
        withdraw_involvement(
            actor=actor or self.town.actor(),
            child_id=self.child.pk,
            involvement_id=row.pk,
            read_version=row.row_version,
            reason=reason,
        )

    def services_seen(self, who: str = "social_worker") -> set[Service]:
        record = open_record(actor=self.town.actor(who), child_id=self.child.pk, reason=Reason.SAFEGUARDING)
        return {each.details.service for each in (*record.current, *record.ended)}


@pytest.fixture
def case(town: Town, add: AddChildren) -> Case:
    (child,) = add(
        draft(
            town,
            involvements=[
                (True, involvement(town.school, Service.SCHOOL)),
                (False, involvement(town.police, Service.POLICE)),
                (False, involvement(town.clinic, Service.MENTAL_HEALTH)),
            ],
        )
    )
    return Case(town, child)


def test_withdrawn_is_on_the_record_no_more_for_anybody(case: Case) -> None:
    assert case.services_seen() == {Service.SCHOOL, Service.POLICE}
    case.withdraw()
    for who in ("teacher", "colleague", "social_worker", "therapist", "mediator"):
        assert Service.SCHOOL not in case.services_seen(who)


def test_withdrawn_stays_in_the_database_with_who_when_and_why(case: Case) -> None:
    before = case.row().details.open()
    case.withdraw(reason=Mistake.TWICE)
    row = case.row()
    kept: Withdrawal = row.withdrawal.open()
    assert (kept.user_id, kept.reason) == (case.town.teacher.pk, Mistake.TWICE)
    assert kept.at.date() == factories.today()
    assert row.details.open() == before
    assert not row.lead, "the lead is free for who really leads"


def test_withdrawal_is_in_the_log_with_the_child_and_the_mistake(case: Case) -> None:
    case.withdraw()
    event = last_event()
    assert (event.kind, event.reason) == (EventKind.INVOLVEMENT_WITHDRAWN, WRONG_CHILD)
    assert (event.child_id, event.actor_id) == (case.child.pk, case.town.teacher.pk)


def test_auditor_reads_on_the_log_that_it_was_withdrawn_and_why(case: Case) -> None:
    case.withdraw()
    with as_owner_here():
        auditor = factories.user(role=Role.AUDITOR, works_for=case.town.authority)
    page = text_of(asked(Visitor(auditor).browser, kind=EventKind.INVOLVEMENT_WITHDRAWN.value))
    assert EventKind.INVOLVEMENT_WITHDRAWN.label in page
    assert WRONG_CHILD.label in page


def test_sensitive_one_is_involved_no_more(case: Case) -> None:
    def told() -> bool:
        actor = case.town.actor("social_worker")
        return open_record(actor=actor, child_id=case.child.pk, reason=Reason.SAFEGUARDING).sensitive

    assert told()
    case.withdraw(Service.MENTAL_HEALTH, actor=case.town.actor("therapist"), reason=Mistake.NO_BASIS)
    assert not told()


def test_ended_one_can_be_withdrawn_too(case: Case) -> None:
    row = case.row()
    end_involvement(
        actor=case.town.actor(),
        child_id=case.child.pk,
        involvement_id=row.pk,
        read_version=row.row_version,
        ended_on=ENDED_ON,
    )
    case.withdraw()
    assert Service.SCHOOL not in case.services_seen()


def test_same_entry_can_be_recorded_anew_afterwards(case: Case) -> None:
    details = case.row().details.open()
    case.withdraw()
    entry = Entry(details.service, details.practitioner, details.telephone, details.started_on, lead=True)
    record_involvement(actor=case.town.actor(), child_id=case.child.pk, entry=entry)
    assert Service.SCHOOL in case.services_seen()


# -------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("who", "service", "refused"),
    [
        ("social_worker", Service.SCHOOL, NotPermittedError),
        ("therapist", Service.SCHOOL, NotPermittedError),
        ("teacher", Service.MENTAL_HEALTH, NotFoundError),  # that there is one is not theirs to know
        ("mediator", Service.SCHOOL, NotPermittedError),
        ("administrator", Service.SCHOOL, NotPermittedError),
    ],
)
def test_only_the_organisation_that_recorded_it_withdraws_it(
    case: Case, who: str, service: Service, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        case.withdraw(service, actor=case.town.actor(who))
    assert case.row(service).withdrawal.open() is None
    assert not events(kind=EventKind.INVOLVEMENT_WITHDRAWN)


def test_shielded_childs_is_not_withdrawn_here(town: Town, add: AddChildren) -> None:
    (child,) = add(
        draft(town, involvements=[(False, involvement(town.school, Service.SCHOOL))], shielded_since=SHIELDED_SINCE)
    )
    with pytest.raises(NotPermittedError):
        Case(town, child).withdraw()


def test_missing_ground_is_no_mistake_where_none_is_needed(case: Case) -> None:
    with pytest.raises(InvalidEntryError):
        case.withdraw(reason=Mistake.NO_BASIS)


def test_what_changed_meanwhile_is_not_withdrawn(case: Case) -> None:
    first = case.row()
    where = {"actor": case.town.actor(), "child_id": case.child.pk, "involvement_id": first.pk}
    correct_involvement(**where, read_version=first.row_version, entry=ENTRY)
    with pytest.raises(StaleRowError):
        withdraw_involvement(**where, read_version=first.row_version, reason=WRONG_CHILD)
    assert case.row().withdrawal.open() is None


def test_what_was_withdrawn_is_found_by_no_other_change(case: Case) -> None:
    row = case.row()
    where = {"actor": case.town.actor(), "child_id": case.child.pk, "involvement_id": row.pk}
    case.withdraw()
    for change in (
        lambda: correct_involvement(**where, read_version=row.row_version, entry=ENTRY),
        lambda: end_involvement(**where, read_version=row.row_version, ended_on=ENDED_ON),
        lambda: withdraw_involvement(**where, read_version=row.row_version, reason=WRONG_CHILD),
    ):
        with pytest.raises(NotFoundError):
            change()
    assert len(events(kind=EventKind.INVOLVEMENT_WITHDRAWN)) == 1


def test_withdrawal_that_cannot_be_recorded_is_not_made(case: Case, refuse_events: RefuseEvents) -> None:
    refuse_events(EventKind.INVOLVEMENT_WITHDRAWN)
    with pytest.raises(IntegrityError, match="log_full"):
        case.withdraw()
    assert case.row().withdrawal.open() is None


@pytest.fixture
def locked(case: Case) -> Iterator[Actor]:
    """The teacher, in a transaction in which the child's involvements may be changed."""
    actor = case.town.actor()
    with child_to_keep(actor, case.child.pk):
        yield actor


def test_database_withdraws_nothing_without_the_event(case: Case, locked: Actor) -> None:
    row = case.row()
    with pytest.raises(StaleRowError):
        row.withdraw(Withdrawal(locked.user_id, timezone.now(), WRONG_CHILD))


def write(statement: str, *arguments: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def test_web_role_writes_no_withdrawal_of_its_own(case: Case, locked: Actor) -> None:
    wanted = "UPDATE registry_involvement SET withdrawal = details, lead = false WHERE child_id = %s"
    record(EventKind.INVOLVEMENT_WITHDRAWN, About(child_id=case.child.pk, reason=WRONG_CHILD), actor=locked)
    with pytest.raises(ProgrammingError, match="row-level security"):
        write(wanted, case.child.pk)


def test_one_that_is_withdrawn_leads_nothing(case: Case) -> None:
    wanted = "UPDATE registry_involvement SET withdrawal = details WHERE child_id = %s AND lead"
    with as_owner_here(), pytest.raises(IntegrityError, match="registry_involvement_withdrawn_leads_nothing"):
        write(wanted, case.child.pk)


# ----------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def teacher(case: Case) -> Visitor:
    return Visitor(case.town.teacher)


def page_of(case: Case, reference: str, route: str = "withdraw_involvement") -> str:
    return reverse(route, args=[reference, case.row().pk])


def test_withdrawal_is_asked_checked_and_done(teacher: Visitor, case: Case) -> None:
    reference = teacher.opened()
    assert page_of(case, reference) in text_of(teacher.get(reverse("record", args=[reference])))
    asked = text_of(teacher.get(page_of(case, reference)))
    assert "Withdraw it only if it should never have been on this record" in asked
    assert Mistake.NO_BASIS.label not in asked
    checked = teacher.fill(page_of(case, reference), mistake="wrong_child")
    for shown in ("Check your answers", "School or college", "Sam Okoro", WRONG_CHILD.label, "cannot be brought back"):
        assert shown in text_of(checked)
    assert case.row().withdrawal.open() is None
    done = text_of(teacher.save(checked, reference))
    assert "Involvement withdrawn" in done
    assert "no longer shows it" in done
    record = text_of(teacher.get(reverse("record", args=[reference])))
    assert f'card__organisation">{case.town.police.name}' in record
    assert f'card__organisation">{case.town.school.name}' not in record
    assert "1 ended" not in record


def test_withdrawal_asks_for_the_mistake(teacher: Visitor, case: Case) -> None:
    reference = teacher.opened()
    page = text_of(teacher.fill(page_of(case, reference)))
    assert "Choose why it should not be on this record" in page
    assert case.row().withdrawal.open() is None


def test_change_leads_back_to_the_mistake_as_it_was_chosen(teacher: Visitor, case: Case) -> None:
    reference = teacher.opened()
    checked = text_of(teacher.fill(page_of(case, reference), mistake="twice"))
    assert page_of(case, reference) in checked
    assert 'value="twice" checked' in text_of(teacher.get(page_of(case, reference)))


def test_withdrawal_sent_twice_is_made_once(teacher: Visitor, case: Case) -> None:
    reference = teacher.opened()
    checked = teacher.fill(page_of(case, reference), mistake="wrong_child")
    teacher.save(checked, reference)
    assert "There was nothing left to save" in text_of(teacher.save(checked, reference))
    assert len(events(kind=EventKind.INVOLVEMENT_WITHDRAWN)) == 1


def test_stale_tab_is_told_and_changes_nothing(teacher: Visitor, case: Case) -> None:
    reference = teacher.opened()
    colleague = Visitor(case.town.colleague)
    theirs = colleague.opened()
    correcting = teacher.answered(reference, "correct_involvement", case.row().pk)
    colleague.save(colleague.fill(page_of(case, theirs), mistake="wrong_child"), theirs)
    page = text_of(teacher.save(correcting, reference))
    assert "Somebody changed this involvement while you were at it. Nothing was saved." in page
    assert case.row().withdrawal.open().user_id == case.town.colleague.pk


def test_form_shown_before_a_change_is_told_and_withdraws_nothing(teacher: Visitor, case: Case) -> None:
    reference = teacher.opened()
    address = page_of(case, reference)
    typed = hidden(teacher.get(address)) | {"mistake": "wrong_child"}
    teacher.save(teacher.answered(reference, "correct_involvement", case.row().pk), reference)
    page = text_of(teacher.follow(address, **typed))
    assert "Somebody changed this involvement while you were at it" in page
    assert case.row().withdrawal.open() is None


def test_another_organisations_page_is_refused_and_a_mediators_too(case: Case) -> None:
    worker = Visitor(case.town.social_worker)
    reference = worker.opened()
    assert page_of(case, reference) not in text_of(worker.get(reverse("record", args=[reference])))
    for answer in (worker.get(page_of(case, reference)), worker.post(page_of(case, reference), mistake="wrong_child")):
        assert_plain_refusal(answer, 403)
    mediator = Visitor(case.town.mediator)
    mediator.take_call(case.town.colleague)
    theirs = mediator.opened()
    assert "Recorded by mistake" not in text_of(mediator.get(reverse("record", args=[theirs])))
    assert_plain_refusal(mediator.post(page_of(case, theirs), mistake="wrong_child"), 403)
    assert case.row().withdrawal.open() is None


def test_pages_ask_for_a_reason_first(teacher: Visitor, case: Case) -> None:
    reference = teacher.reference()
    assert teacher.get(page_of(case, reference)).url == reverse("open_record", args=[reference])
