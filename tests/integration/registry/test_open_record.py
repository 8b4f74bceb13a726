"""Opening a record: with a reason, in the log first, and cut to what the reader may see."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.rules.errors import NotFoundError, NotPermittedError
from audit.errors import InTransactionError
from audit.events import EventKind
from audit.models import Event
from audit.reasons import Reason
from encryption.errors import ValueDamagedError
from registry.actions.finding import introduce, open_record
from registry.models import Child
from registry.record import Identity, Record
from registry.rules.retention import age
from registry.vocabulary import NameKind, Service
from tests.conftest import OwnerContext
from tests.integration.registry.people import (
    BORN,
    AddChildren,
    RefuseEvents,
    Town,
    build_town,
    draft,
    full_draft,
    involvement,
    name,
)
from tests.log import events

MOST_STATEMENTS = 12
TRANSACTION = ("BEGIN", "COMMIT")
SHIELDED_SINCE = date(2026, 1, 5)


def open_as(town: Town, child: Child, who: str = "teacher", reason: Reason = Reason.SAFEGUARDING) -> Record:
    return open_record(actor=town.actor(who), child_id=child.pk, reason=reason)


def openings() -> list[Event]:
    return events(kind=EventKind.CHILD_OPENED)


@pytest.mark.parametrize("reason", Reason)
def test_open_record_is_recorded_with_its_reason(town: Town, add: AddChildren, reason: Reason) -> None:
    (child,) = add(full_draft(town))
    open_as(town, child, reason=reason)
    (event,) = openings()
    actor = town.actor()
    assert (event.child_id, event.reason, event.actor_id) == (child.pk, reason.value, actor.user_id)
    assert (event.organisation_id, event.authority_id) == (actor.organisation_id, actor.authority_id)


def test_open_record_shows_all_that_is_known(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    record = open_as(town, child)
    assert record.identity.name == "Amina Hussain"
    assert record.identity.date_of_birth == BORN
    assert {(kind, each.family) for kind, each in record.names} == {
        (NameKind.LEGAL, "Hussain"),
        (NameKind.FORMER, "Malik"),
        (NameKind.KNOWN_AS, "Hussain"),
    }
    assert [each.postal.postcode for each in record.addresses if each.postal] == ["M33 4AB", "OL1 2CD"]
    assert [each.given for each in record.guardians] == ["Farah", "Yusuf"]
    assert len(record.numbers) == 2
    assert record.assessment_holder == record.authority == town.authority
    assert {each.organisation for each in record.current} == {town.school, town.practice, town.authority}
    assert {each.organisation for each in record.ended} == {town.police}


def test_open_record_lists_the_newest_first_and_marks_the_lead(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    record = open_as(town, child)
    assert [(each.details.service, each.lead) for each in record.current] == [
        (Service.EARLY_HELP, False),
        (Service.SOCIAL_CARE, True),
        (Service.SCHOOL, False),
        (Service.GP, False),
    ]


def test_open_record_folds_away_what_has_ended(town: Town, add: AddChildren) -> None:
    today = timezone.localdate()
    (child,) = add(
        draft(
            town,
            involvements=[
                (False, involvement(town.police, Service.POLICE, ended_on=today)),
                (False, involvement(town.practice, Service.GP, ended_on=today + timedelta(days=1))),
                (False, involvement(town.school, Service.SCHOOL)),
            ],
        )
    )
    record = open_as(town, child)
    assert [each.details.service for each in record.ended] == [Service.POLICE]
    assert {each.details.service for each in record.current} == {Service.GP, Service.SCHOOL}


@pytest.mark.parametrize("who", ["teacher", "social_worker", "mediator"])
def test_open_record_tells_others_only_that_a_sensitive_service_is_involved(
    town: Town, add: AddChildren, who: str
) -> None:
    (child,) = add(full_draft(town))
    record = open_as(town, child, who)
    assert record.sensitive
    told = repr(record)
    for hidden in ("Wanda Secret", "mental_health", "MENTAL_HEALTH", town.clinic.name):
        assert hidden not in told


def test_open_record_shows_a_sensitive_service_to_its_own_staff(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    record = open_as(town, child, "therapist")
    (own,) = [each for each in record.current if each.own]
    assert (own.details.service, own.details.practitioner) == (Service.MENTAL_HEALTH, "Wanda Secret")
    assert not record.sensitive


def test_open_record_says_nothing_of_a_sensitive_service_that_has_ended(town: Town, add: AddChildren) -> None:
    ended = involvement(town.clinic, Service.MENTAL_HEALTH, practitioner="Wanda Secret", ended_on=date(2025, 1, 1))
    (child,) = add(draft(town, involvements=[(False, ended)]))
    record = open_as(town, child)
    assert not record.sensitive
    assert (record.current, record.ended) == ((), ())
    assert [each.details.practitioner for each in open_as(town, child, "therapist").ended] == ["Wanda Secret"]


@pytest.mark.parametrize("who", ["teacher", "social_worker", "therapist", "mediator"])
def test_open_record_of_shielded_child_shows_four_facts_alone(town: Town, add: AddChildren, who: str) -> None:
    (child,) = add(full_draft(town, shielded_since=SHIELDED_SINCE))
    record = open_as(town, child, who)
    identity = Identity(
        child_id=child.pk,
        name="Amina Hussain",
        date_of_birth=BORN,
        age=record.identity.age,
        gender=child.gender.open(),
        number=record.identity.number,
    )
    assert record == Record(identity, authority=town.authority, shielded=True)
    assert len(openings()) == 1


def test_open_record_of_shielded_child_names_the_readers_own_authority(
    town: Town, add: AddChildren, as_owner: OwnerContext
) -> None:
    """The responsible authority would tell in which part of the country the child lives."""
    with as_owner():
        far_away = build_town()
    (child,) = add(full_draft(town, shielded_since=SHIELDED_SINCE))
    record = open_as(far_away, child)
    assert record.authority == far_away.authority
    assert town.authority.name not in repr(record)


def test_age_of_a_shielded_child_does_not_tell_that_they_died(
    town: Town, add: AddChildren, as_owner: OwnerContext
) -> None:
    shielded, other = add(full_draft(town, shielded_since=SHIELDED_SINCE), draft(town))
    for child in (shielded, other):
        with as_owner():
            kept = Child.objects.get(pk=child.pk)
            kept.date_of_death = BORN.replace(year=2025)
            kept.save()
    now = age(BORN, timezone.localdate())
    assert now > 2025 - BORN.year
    assert [open_as(town, child).identity.age for child in (shielded, other)] == [now, 2025 - BORN.year]
    assert introduce(actor=town.actor(), child_id=shielded.pk).age == now


def test_open_record_has_a_field_for_everything_hidden_and_none_besides() -> None:
    """A new field of a record must be thought of here: is it hidden by a shield?"""
    shown = {"identity", "authority", "shielded"}
    hidden = {field.name for field in fields(Record)} - shown
    assert hidden == {
        "date_of_death",
        "names",
        "addresses",
        "numbers",
        "guardians",
        "current",
        "ended",
        "sensitive",
        "assessment_holder",
        "by_right",
        "leave_until",
        "further_numbers",
        "kept_until",
        "said_by",
    }


def test_open_record_that_cannot_be_recorded_shows_nothing(
    town: Town, add: AddChildren, refuse_events: RefuseEvents
) -> None:
    (child,) = add(full_draft(town))
    assert open_as(town, child)
    refuse_events(EventKind.CHILD_OPENED, EventKind.CHILD_SHOWN)
    with pytest.raises(IntegrityError, match="log_full"):
        open_as(town, child)
    with pytest.raises(IntegrityError, match="log_full"):
        introduce(actor=town.actor(), child_id=child.pk)
    assert len(openings()) == 1


def test_open_record_that_cannot_be_shown_stays_recorded(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    """Nobody can tell from outside how much was read before it failed."""
    (child,) = add(full_draft(town))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("update registry_guardian set row_version = 9 where child_id = %s", [child.pk])
    with pytest.raises(ValueDamagedError):
        open_as(town, child)
    assert [event.child_id for event in openings()] == [child.pk]


def test_open_record_of_nobody_is_not_found_and_stays_recorded(town: Town) -> None:
    nobody = (0, -1, 999_999_999)
    for child_id in nobody:
        with pytest.raises(NotFoundError):
            open_record(actor=town.actor(), child_id=child_id, reason=Reason.SAFEGUARDING)
        with pytest.raises(NotFoundError):
            introduce(actor=town.actor(), child_id=child_id)
    assert [event.child_id for event in openings()] == list(nobody)


def test_open_record_in_a_transaction_is_refused_before_anything_is_recorded(town: Town, add: AddChildren) -> None:
    """It could be rolled back, and the opening with it."""
    (child,) = add(full_draft(town))
    with transaction.atomic(), pytest.raises(InTransactionError):
        open_as(town, child)
    assert openings() == []


def test_open_record_is_refused_to_an_administrator(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    with pytest.raises(NotPermittedError):
        open_as(town, child, "administrator")
    with pytest.raises(NotPermittedError):
        introduce(actor=town.actor("administrator"), child_id=child.pk)
    assert openings() == []


def test_introduce_records_whom_it_shows(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    identity = introduce(actor=town.actor(), child_id=child.pk)
    assert (identity.name, identity.child_id) == ("Amina Hussain", child.pk)
    (event,) = events(kind=EventKind.CHILD_SHOWN)
    assert (event.child_id, event.actor_id) == (child.pk, town.teacher.pk)


def test_open_record_asks_the_database_few_times(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town))
    actor = town.actor()
    with CaptureQueriesContext(connection) as captured:
        open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)
    statements = [query["sql"] for query in captured if not query["sql"].startswith(TRANSACTION)]
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)


def test_open_record_asks_as_often_for_a_child_with_many_services(town: Town, add: AddChildren) -> None:
    many = [(False, involvement(town.authority, Service.EARLY_HELP)) for _ in range(30)]
    few_child, many_child = add(
        full_draft(town), draft(town, involvements=many, names=[(NameKind.LEGAL, name("Zo", "Quaye"))])
    )
    counts = []
    actor = town.actor()
    for child in (few_child, many_child):
        with CaptureQueriesContext(connection) as captured:
            open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)
        counts.append(len(captured))
    assert counts[1] <= counts[0]
