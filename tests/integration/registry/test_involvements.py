"""Recording, correcting and ending an involvement: one's own organisation's, once, and with its event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from access.rules.errors import NotFoundError, NotPermittedError
from audit.events import EventKind
from audit.reasons import Reason
from encryption.errors import StaleRowError
from registry.actions.finding import open_record
from registry.actions.involvements import (
    Entry,
    InvalidEntryError,
    LeadTakenError,
    child_to_change,
    correct_involvement,
    end_involvement,
    involvement_to_show,
    record_involvement,
)
from registry.models import Child, Involvement
from registry.values import BasisDecision, Provenance
from registry.vocabulary import BasisDecider, Competence, SensitiveBasis, Service, Source
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.registry.people import BORN, AddChildren, RefuseEvents, Town, draft, involvement
from tests.log import events

ENTRY = Entry(Service.SCHOOL, "Sam Okoro", "+441614960000", date(2024, 9, 1), lead=False)
DECISION = BasisDecision(BasisDecider.SAFEGUARDING_LEAD, Competence.NOT_JUDGED, date(2024, 8, 30))
SENSITIVE = replace(ENTRY, service=Service.MENTAL_HEALTH, basis=SensitiveBasis.SIGNIFICANT_HARM, decision=DECISION)
ENDED_ON = date(2025, 7, 20)
SHIELDED_SINCE = date(2026, 1, 5)
Target = dict[str, object]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    """A child whose school and whose police officer are known; the latter leads."""
    return add(
        draft(
            town,
            involvements=[
                (False, involvement(town.school, Service.SCHOOL)),
                (True, involvement(town.police, Service.POLICE)),
            ],
        )
    )[0]


def rows_of(child: Child) -> list[Involvement]:
    with as_owner_here():
        return list(Involvement.objects.select_related("child").filter(child=child))


def row_of(child: Child, service: Service) -> Involvement:
    return next(row for row in rows_of(child) if row.details.open().service == service)


def own(town: Town, child: Child, who: str = "teacher") -> Target:
    """The arguments that name the school's involvement as it stands."""
    row = row_of(child, Service.SCHOOL)
    return {
        "actor": town.actor(who),
        "child_id": child.pk,
        "involvement_id": row.pk,
        "read_version": row.row_version,
    }


def correct(target: Target, entry: Entry = ENTRY) -> Involvement:
    return correct_involvement(**target, entry=entry)  # type: ignore[arg-type]


def end(target: Target, ended_on: date = ENDED_ON) -> Involvement:
    return end_involvement(**target, ended_on=ended_on)  # type: ignore[arg-type]


def show(target: Target) -> object:
    return involvement_to_show(**{name: value for name, value in target.items() if name != "read_version"})  # type: ignore[arg-type]


CHANGES: list[Callable[[Target], object]] = [correct, end]
MADE = (EventKind.INVOLVEMENT_RECORDED, EventKind.INVOLVEMENT_CORRECTED, EventKind.INVOLVEMENT_ENDED)


def test_record_keeps_what_was_entered(town: Town, child: Child) -> None:
    entry = replace(ENTRY, practitioner="Ada Bell")
    made = record_involvement(actor=town.actor(), child_id=child.pk, entry=entry)
    (details,) = (row.details.open() for row in rows_of(child) if row.pk == made.pk)
    assert (details.organisation_id, details.practitioner, details.ended_on) == (town.school.pk, "Ada Bell", None)
    assert details.provenance == Provenance(Source.PRACTITIONER, factories.today(), town.school.pk)
    (event,) = events(kind=EventKind.INVOLVEMENT_RECORDED)
    assert (event.child_id, event.actor_id) == (child.pk, town.teacher.pk)
    assert set(event.fields) == {"service", "practitioner", "telephone", "started_on", "basis", "lead"}


def test_record_of_the_very_same_entry_stands_once(town: Town, child: Child) -> None:
    first, again, another = (
        record_involvement(actor=town.actor(), child_id=child.pk, entry=replace(ENTRY, practitioner=practitioner))
        for practitioner in ("Ada Bell", "Ada Bell", "Ida Moss")
    )
    assert first.pk == again.pk != another.pk
    assert len(events(kind=EventKind.INVOLVEMENT_RECORDED)) == 2


def test_record_of_sensitive_service_keeps_its_basis(town: Town, child: Child) -> None:
    made = record_involvement(actor=town.actor("therapist"), child_id=child.pk, entry=SENSITIVE)
    details = made.details.open()
    assert (details.basis, details.decision) == (SensitiveBasis.SIGNIFICANT_HARM, DECISION)


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": None},
        {"decision": None},
        {"basis": None, "decision": None},
        {"basis": SensitiveBasis.CONSENT_OF_CHILD},
        {"decision": replace(DECISION, by=BasisDecider.PARENT)},
        {"decision": replace(DECISION, competence=Competence.AGED_16)},
        {"decision": replace(DECISION, on=BORN - timedelta(days=1))},
        {"decision": replace(DECISION, on=factories.today() + timedelta(days=1))},
    ],
)
def test_record_of_sensitive_service_wants_a_basis_that_fits(
    town: Town, child: Child, changes: dict[str, object]
) -> None:
    with pytest.raises(InvalidEntryError):
        record_involvement(
            actor=town.actor("therapist"),
            child_id=child.pk,
            entry=replace(SENSITIVE, **changes),  # type: ignore[arg-type]
        )
    assert len(rows_of(child)) == 2


@pytest.mark.parametrize("more", [{"basis": SensitiveBasis.SIGNIFICANT_HARM}, {"decision": DECISION}])
def test_what_needs_no_basis_takes_none(town: Town, child: Child, more: dict[str, object]) -> None:
    with pytest.raises(InvalidEntryError):
        record_involvement(actor=town.actor(), child_id=child.pk, entry=replace(ENTRY, **more))  # type: ignore[arg-type]


def test_correct_of_how_the_basis_was_decided_is_recorded_as_one_of_the_basis(town: Town, child: Child) -> None:
    therapist = town.actor("therapist")
    made = record_involvement(actor=therapist, child_id=child.pk, entry=SENSITIVE)
    where = {"actor": therapist, "child_id": child.pk, "involvement_id": made.pk, "read_version": made.row_version}
    correct(where, replace(SENSITIVE, decision=replace(DECISION, by=BasisDecider.COURT)))
    (event,) = events(kind=EventKind.INVOLVEMENT_CORRECTED)
    assert event.fields == ["basis"]


def test_correct_replaces_and_records_which_fields_changed(town: Town, child: Child) -> None:
    entry = replace(ENTRY, practitioner="Ada Bell", started_on=date(2024, 6, 1))
    correct(own(town, child), entry)
    details = row_of(child, Service.SCHOOL).details.open()
    assert (details.practitioner, details.ended_on) == ("Ada Bell", None)
    (event,) = events(kind=EventKind.INVOLVEMENT_CORRECTED)
    assert event.fields == ["practitioner"]


def test_correct_records_a_change_of_lead_alone(town: Town, child: Child, as_owner: OwnerContext) -> None:
    with as_owner():
        Involvement.objects.filter(child=child, lead=True).delete()
    before = row_of(child, Service.SCHOOL).details.open()
    same = Entry(before.service, before.practitioner, before.telephone, before.started_on, lead=True)
    correct(own(town, child), same)
    assert row_of(child, Service.SCHOOL).lead
    assert events(kind=EventKind.INVOLVEMENT_CORRECTED)[0].fields == ["lead"]


def test_end_keeps_it_with_its_last_day(town: Town, child: Child) -> None:
    end(own(town, child))
    row = row_of(child, Service.SCHOOL)
    assert row.details.open().ended_on == ENDED_ON
    (event,) = events(kind=EventKind.INVOLVEMENT_ENDED)
    assert (event.child_id, event.fields) == (child.pk, ["ended_on"])


def test_end_gives_up_the_lead(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town, involvements=[(True, involvement(town.school, Service.SCHOOL))]))
    end(own(town, child))
    assert not row_of(child, Service.SCHOOL).lead


def test_show_is_what_stands(town: Town, child: Child) -> None:
    shown = involvement_to_show(actor=town.actor(), child_id=child.pk, involvement_id=row_of(child, Service.SCHOOL).pk)
    assert shown.entry == Entry(Service.SCHOOL, "Sam Okoro", "+441614960000", date(2024, 6, 1), lead=False)
    assert shown.row_version == 1


def test_show_of_an_ended_one_is_not_found(town: Town, child: Child) -> None:
    target = own(town, child)
    assert show(target)
    end(target)
    with pytest.raises(NotFoundError):
        show(target)


# -------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("change", CHANGES)
def test_change_of_what_changed_meanwhile_is_refused(
    town: Town, child: Child, change: Callable[[Target], object]
) -> None:
    first_tab = second_tab = own(town, child)
    change(first_tab)
    before = row_of(child, Service.SCHOOL).details.open()
    with pytest.raises(StaleRowError):
        change(second_tab)
    assert row_of(child, Service.SCHOOL).details.open() == before


@pytest.mark.parametrize("change", [*CHANGES, show])
def test_change_of_another_organisations_is_not_permitted(
    town: Town, child: Child, change: Callable[[Target], object]
) -> None:
    target = own(town, child)
    change(dict(target))
    for who in ("social_worker", "therapist"):
        with pytest.raises(NotPermittedError) as refused:
            change({**own(town, child), "actor": town.actor(who)})
        assert refused.value.child_id == child.pk


@pytest.mark.parametrize("change", [*CHANGES, show])
def test_change_of_another_childs_is_not_found(
    town: Town, child: Child, add: AddChildren, change: Callable[[Target], object]
) -> None:
    (other,) = add(draft(town, family="Begum", involvements=[(False, involvement(town.school, Service.SCHOOL))]))
    target = own(town, child)
    for wrong in ({"child_id": other.pk}, {"involvement_id": row_of(other, Service.SCHOOL).pk}, {"involvement_id": 0}):
        with pytest.raises(NotFoundError):
            change({**target, **wrong})
    change(target)


@pytest.mark.parametrize("change", [*CHANGES, show])
@pytest.mark.parametrize("who", ["mediator", "administrator"])
def test_change_by_a_role_that_keeps_no_involvements_is_not_permitted(
    town: Town, child: Child, who: str, change: Callable[[Target], object]
) -> None:
    with pytest.raises(NotPermittedError):
        change(own(town, child, who))
    with pytest.raises(NotPermittedError):
        record_involvement(actor=town.actor(who), child_id=child.pk, entry=ENTRY)


@pytest.mark.parametrize("change", [*CHANGES, show])
def test_change_of_a_shielded_childs_is_not_permitted(
    town: Town, add: AddChildren, change: Callable[[Target], object]
) -> None:
    """Whether it is one's own or there at all: the two answers are the same."""
    (child,) = add(
        draft(town, involvements=[(False, involvement(town.school, Service.SCHOOL))], shielded_since=SHIELDED_SINCE)
    )
    for wrong in ({}, {"involvement_id": 0}):
        with pytest.raises(NotPermittedError):
            change({**own(town, child), **wrong})
    with pytest.raises(NotPermittedError):
        record_involvement(actor=town.actor(), child_id=child.pk, entry=ENTRY)


@pytest.mark.parametrize("days", [-1, 18 * 366, 40 * 365])
def test_start_outside_childhood_or_in_the_future_is_refused(town: Town, child: Child, days: int) -> None:
    for change in (
        lambda entry: record_involvement(actor=town.actor(), child_id=child.pk, entry=entry),
        lambda entry: correct(own(town, child), entry),
    ):
        with pytest.raises(InvalidEntryError):
            change(replace(ENTRY, started_on=BORN + timedelta(days=days)))
        change(replace(ENTRY, started_on=BORN))


@pytest.mark.parametrize("ended_on", [date(2024, 5, 31), date(2099, 1, 1)])
def test_end_before_the_start_or_in_the_future_is_refused(town: Town, child: Child, ended_on: date) -> None:
    with pytest.raises(InvalidEntryError):
        end(own(town, child), ended_on)
    end(own(town, child), date(2024, 6, 1))


def test_days_after_a_childs_death_are_refused(town: Town, child: Child, as_owner: OwnerContext) -> None:
    with as_owner():
        kept = Child.objects.get(pk=child.pk)
        kept.date_of_death = date(2025, 3, 4)
        kept.save()
        # Its cohort of destruction is another one now, and so is its rows' key.
        for row in Involvement.objects.select_related("child").filter(child=child):
            row.save()
    with pytest.raises(InvalidEntryError):
        record_involvement(actor=town.actor(), child_id=child.pk, entry=replace(ENTRY, started_on=date(2025, 3, 5)))
    with pytest.raises(InvalidEntryError):
        end(own(town, child), date(2025, 3, 5))
    record_involvement(actor=town.actor(), child_id=child.pk, entry=replace(ENTRY, started_on=date(2025, 3, 4)))
    end(own(town, child), date(2025, 3, 4))


def test_record_with_nobody_is_not_found(town: Town) -> None:
    with pytest.raises(NotFoundError):
        record_involvement(actor=town.actor(), child_id=999_999_999, entry=ENTRY)


def test_lead_of_another_organisation_cannot_be_taken(town: Town, child: Child) -> None:
    leading = replace(ENTRY, lead=True)
    with pytest.raises(LeadTakenError):
        record_involvement(actor=town.actor(), child_id=child.pk, entry=leading)
    with pytest.raises(LeadTakenError):
        correct(own(town, child), leading)
    assert row_of(child, Service.POLICE).lead
    assert len(rows_of(child)) == 2
    assert not events(kind=EventKind.INVOLVEMENT_RECORDED)


def test_lead_moves_within_one_organisation(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town, involvements=[(True, involvement(town.school, Service.SCHOOL))]))
    made = record_involvement(
        actor=town.actor(), child_id=child.pk, entry=replace(ENTRY, practitioner="Ada Bell", lead=True)
    )
    assert [row.pk for row in rows_of(child) if row.lead] == [made.pk]


def test_lead_is_kept_by_a_correction(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town, involvements=[(True, involvement(town.school, Service.SCHOOL))]))
    correct(own(town, child), replace(ENTRY, lead=True))
    assert row_of(child, Service.SCHOOL).lead


@pytest.mark.parametrize("change", CHANGES)
def test_change_that_cannot_be_recorded_is_not_made(
    town: Town, child: Child, refuse_events: RefuseEvents, change: Callable[[Target], object]
) -> None:
    refuse_events(*MADE)
    before = row_of(child, Service.SCHOOL).details.open()
    with pytest.raises(IntegrityError, match="log_full"):
        change(own(town, child))
    with pytest.raises(IntegrityError, match="log_full"):
        record_involvement(actor=town.actor(), child_id=child.pk, entry=ENTRY)
    assert row_of(child, Service.SCHOOL).details.open() == before
    assert len(rows_of(child)) == 2


@pytest.mark.parametrize("change", [*CHANGES, show])
def test_what_cannot_be_recorded_as_read_is_neither_shown_nor_changed(
    town: Town, child: Child, refuse_events: RefuseEvents, change: Callable[[Target], object]
) -> None:
    refuse_events(EventKind.INVOLVEMENT_READ)
    before = row_of(child, Service.SCHOOL).details.open()
    with pytest.raises(IntegrityError, match="log_full"):
        change(own(town, child))
    with pytest.raises(IntegrityError, match="log_full"):
        child_to_change(actor=town.actor(), child_id=child.pk)
    assert row_of(child, Service.SCHOOL).details.open() == before


@pytest.mark.parametrize("change", [*CHANGES, show])
def test_change_is_recorded_as_read_first(town: Town, child: Child, change: Callable[[Target], object]) -> None:
    change(own(town, child))
    read, *made = events(kind__startswith="involvement.")
    assert (read.kind, read.child_id, read.actor_id) == (EventKind.INVOLVEMENT_READ, child.pk, town.teacher.pk)
    assert [event.kind in MADE for event in made] == ([] if change is show else [True])


@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(),
        lambda row: Involvement(child=row.child, details=row.details.open()).save(),
        lambda row: row.delete(),
    ],
    ids=["change", "add", "delete"],
)
def test_web_role_changes_nothing_where_no_reading_is_recorded(
    town: Town, child: Child, write: Callable[[Involvement], object]
) -> None:
    open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)
    row = row_of(child, Service.SCHOOL)
    with pytest.raises((ProgrammingError, StaleRowError)), transaction.atomic():
        write(row)
    assert [each.row_version for each in rows_of(child)] == [1, 1]
