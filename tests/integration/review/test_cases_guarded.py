"""Who may see what the examiner found, and that nobody else can change any of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Model

from access.models import Organisation, OrganisationKind, User
from audit.reading import reading
from audit.reasons import ShieldOverride
from contactpoint.roles import EXAMINER, READER, SERVING, WEB
from registry.models import Override
from review.models import (
    Case,
    Compared,
    Conflict,
    Cursor,
    Explanation,
    Finding,
    Nearness,
    PersonResult,
    Recorded,
    Sampled,
    State,
    Tally,
)
from review.rules.weights import weights
from review.selectors import cases as cases_selected
from review.selectors.cases import Shown, queue
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext
from tests.integration.review.casework import compare

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOWN: tuple[type[Model], ...] = (Case, Explanation, Finding, Tally)
KEPT: tuple[type[Model], ...] = (*SHOWN, Compared, Conflict, Cursor, Recorded, Sampled)


def case(person: User, authority: int | None = None, **changes: Any) -> Case:
    about = {"person_id": person.pk, "authority_id": authority or person.organisation.authority_id}
    return Case.objects.create(**{**about, "opened_at": NOW, "last_at": NOW, "score": 12.0, **changes})


def finding(about: Case, **changes: Any) -> Finding:
    values = {"rule": "same_home", "day": NOW.date(), "event_id": 1, "at": NOW, "bits": 9, "counts": 9, "codes": []}
    who = {"case": about, "person_id": about.person_id, "authority_id": about.authority_id}
    return Finding.objects.create(**{**who, **values, **changes})


def explanation(about: Case, event_id: int, **changes: Any) -> Explanation:
    who = {"person_id": about.person_id, "actor_id": about.person_id, "authority_id": about.authority_id}
    values = {"at": NOW, "day": NOW.date(), "kind": "child.opened", "child_id": 7, "organisation_id": 1, "codes": []}
    held = {"state": State.HELD, "held_until": NOW + timedelta(days=7)}
    return Explanation.objects.create(**{"event_id": event_id, **who, **values, **held, **changes})


def tally(about: Case, **changes: Any) -> Tally:
    counts = dict.fromkeys(("opened", "searched", "followed", "refused", "read", "unexplained", "hours"), 0)
    who = {"user_id": about.person_id, "authority_id": about.authority_id, "role": "practitioner"}
    return Tally.objects.create(**{**who, "day": NOW.date(), **counts, **changes})


@pytest.fixture
def cases(teacher: User, stranger: User, auditor: User, as_owner: OwnerContext) -> list[Case]:
    """One about a teacher of the auditor's authority, one of another authority, and one about the auditor."""
    with as_owner():
        made = [case(teacher), case(stranger), case(auditor)]
        for number, each in enumerate(made):
            finding(each)
            explanation(each, number)
            tally(each)
            Sampled.objects.create(event_id=number, authority_id=each.authority_id, at=NOW)
        compare()
    return made


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_an_auditor_sees_what_is_of_their_authority_and_nothing_about_themself(
    model: Any, auditor: User, teacher: User, cases: list[Case]
) -> None:
    whose = "user_id" if model is Tally else "person_id"
    with reading(factories.actor_for(auditor)):
        assert list(model.objects.values_list(whose, flat=True)) == [teacher.pk]


def test_auditor_does_not_learn_with_which_accesses_there_was_too_little_for_a_case(
    auditor: User, cases: list[Case], as_owner: OwnerContext
) -> None:
    """Nor, by these, which of those that were drawn are of which kind."""
    with as_owner():
        finding(cases[0], case=None, child_id=8)
    with reading(factories.actor_for(auditor)):
        assert set(Finding.objects.values_list("case", flat=True)) == {cases[0].pk}


def test_the_queue_is_ranked_and_holds_what_can_be_worked_on(
    auditor: User, council: Organisation, stranger: User, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_owner():
        for number, (score, urgent) in enumerate(
            [(12, None), (30, NOW), (11, None), (10.9, None), (20, NOW)], start=500
        ):
            case(User(pk=number), authority=council.pk, score=score, urgent_at=urgent)
        case(User(pk=600), authority=council.pk, score=40, growing=False)
        case(User(pk=601), authority=stranger.organisation.authority_id, score=40)
    with reading(factories.actor_for(auditor)):
        assert [each.person_id for each in queue(Shown.TO_DO, reader_id=auditor.pk).cases] == [501, 504, 500, 502]
    few = msgspec.structs.replace(weights().score, budget=2)
    monkeypatch.setattr(cases_selected, "weights", lambda: msgspec.structs.replace(weights(), score=few))
    with reading(factories.actor_for(auditor)):
        assert [each.person_id for each in queue(Shown.TO_DO, reader_id=auditor.pk).cases] == [501, 504]


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_without_a_recorded_reading_nothing_is_shown(model: Any, cases: list[Case]) -> None:
    with pytest.raises(DatabaseError, match="recorded first"), acting_as(READER):
        list(model.objects.all())


def test_an_auditor_sees_what_was_drawn_of_their_authority(auditor: User, cases: list[Case]) -> None:
    with reading(factories.actor_for(auditor)):
        assert list(Sampled.objects.values_list("event_id", flat=True)) == [0]


@pytest.mark.parametrize("model", [Compared, Conflict, Cursor, Recorded], ids=lambda model: model.__name__)
def test_no_auditor_learns_what_the_examiner_keeps_for_itself(model: Any, auditor: User, cases: list[Case]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), reading(factories.actor_for(auditor)):
        list(model.objects.all())


@pytest.mark.parametrize("role", [role for role in SERVING if role != EXAMINER])
@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_nobody_but_the_examiner_changes_or_deletes_any_of_it(role: str, model: Any, cases: list[Case]) -> None:
    table = model._meta.db_table
    column = model._meta.concrete_fields[-1].column
    for statement in (
        f"INSERT INTO {table} DEFAULT VALUES",
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(role), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_web_role_reads_none_of_it(cases: list[Case]) -> None:
    for model in KEPT:
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(WEB):
            list(model._base_manager.all())


def test_not_even_the_examiner_deletes_a_case_or_reads_what_was_asked(cases: list[Case]) -> None:
    for statement in ("DELETE FROM review_case", "SELECT criteria FROM audit_event", "SELECT name FROM access_user"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting_as(EXAMINER),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def conflict(auditor_id: int = 1, person_id: int = 2, codes: tuple[str, ...] = (Nearness.HOME,)) -> Conflict:
    return Conflict.objects.create(auditor_id=auditor_id, person_id=person_id, codes=list(codes))


def overridden_twice(made: Case) -> None:
    authority, person = factories.organisation(kind=OrganisationKind.AUTHORITY), factories.user()
    override = Override.objects.create(
        child=factories.child(authority=authority),
        authority=authority,
        user=person,
        organisation=person.organisation,
        reason=ShieldOverride.LIFE,
        event_id=1,
        session_id=1,
        confirmed_at=NOW,
        at=NOW,
    )
    for _ in range(2):
        case(person, authority=1, override=override)


WRONG = {
    "review_conflict_said_once": lambda _: [conflict() for _ in range(2)],
    "review_conflict_codes_are_known": lambda _: conflict(codes=("a street",)),
    "review_conflict_is_between_two": lambda _: conflict(person_id=1),
    "review_personresult_one_of_each": lambda made: [
        PersonResult.objects.create(case=made, person_id=1, result="training") for _ in range(2)
    ],
    "review_personresult_result_is_known": lambda made: PersonResult.objects.create(
        case=made, person_id=1, result="hanged"
    ),
    "review_case_one_of_a_person_grows": lambda made: case(User(pk=made.person_id), authority=1),
    "review_case_one_of_an_override": overridden_twice,
    "review_case_one_of_a_child_grows": lambda _: [case(User(), authority=1, child_id=7) for _ in range(2)],
    "review_case_about_a_person_or_a_child": lambda _: case(User(pk=9), authority=1, child_id=7),
    "review_case_score_is_not_negative": lambda _: Case.objects.update(score=-1),
    "review_case_last_is_not_before": lambda _: Case.objects.update(last_at=NOW - timedelta(days=1)),
    "review_finding_found_once_a_day": finding,
    "review_finding_counts_part_of_its_bits": lambda made: finding(made, child_id=3, counts=10),
    "review_explanation_held_until_a_time": lambda made: explanation(made, 9, held_until=None),
    "review_explanation_explained_at_a_time": lambda made: explanation(made, 9, state=State.LATER, held_until=None),
    "review_explanation_not_before_the_access": lambda made: explanation(
        made, 9, state=State.LATER, held_until=None, explained_at=NOW - timedelta(days=1)
    ),
    "review_tally_is_of_what_was": lambda _: Tally.objects.update(searched=-1),
    "review_tally_unexplained_of_opened": lambda _: Tally.objects.update(unexplained=1),
    "review_tally_hours_of_one_day": lambda _: Tally.objects.update(hours=1 << 24),
    "review_cursor_there_is_one": lambda _: Cursor.objects.create(pk=2, before_transaction="1"),
}


@pytest.mark.parametrize("rule", WRONG)
def test_what_cannot_be_is_refused(rule: str, cases: list[Case], as_owner: OwnerContext) -> None:
    with pytest.raises(IntegrityError, match=rule), as_owner(), transaction.atomic():
        WRONG[rule](cases[0])


def test_every_constraint_is_tried() -> None:
    there = {each.name for model in (*KEPT, PersonResult) for each in model._meta.constraints}
    assert there == set(WRONG)
