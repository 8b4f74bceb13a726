"""Working on a case: taken, decided, and closed; where it is misuse, by two. Each step is an event."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from psycopg.errors import SerializationFailure

from access.people.actions.deciding import suspend_because_of
from access.rules.errors import NotFoundError
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import MISUSE, CaseResult, Verdict
from audit.recorder import About, record
from review.case_policies import (
    CaseChangedError,
    CaseGrownError,
    about_case,
    case_to_work_on,
    decided_case,
    may_take,
    own_case,
    person_of,
)
from review.models import CaseWork, Judgement, PersonResult
from review.policies import about_event, reading_at_once
from review.selectors.case_pages import drawn_one, judgement_of, people_named
from review.selectors.cases import WorkedCase


def take_case(*, actor: Actor, case_id: int, seen: datetime | None) -> None:
    """Make the actor the one who works on it, in the place of whoever did.

    `seen` is when it was taken last, as the page showed it. Raises CaseChangedError where that is out of date.
    """
    case = case_to_work_on(actor, case_id)
    if case.taken_at != seen or not may_take(actor, case):
        raise CaseChangedError
    with transaction.atomic():
        record(EventKind.CASE_TAKEN, _about(case), actor=actor)
        if seen is None:
            _begin(actor, case_id)
        else:
            _change(case, taken_by_id=actor.user_id)


def decide_case(
    *,
    actor: Actor,
    case_id: int,
    result: CaseResult,
    found: int,
    apart: Mapping[int, CaseResult] | None = None,
) -> bool:
    """Say what came of it. Returns whether it is closed by that: misuse waits for a second auditor.

    `found` is how far the case had grown, as the page showed it: what was found since, nobody has looked at, and
    CaseGrownError is raised then; CaseChangedError where another works on it by now.

    `apart`: for whom of several something else came of it, and what. Where it was misuse for one of them, so it was for
    the case, and nobody decides that alone. Raises NotFoundError for somebody whom the case does not name.
    """
    case = own_case(actor, case_id)
    of_each = _of_each(actor, case, result, apart or {})
    result = gravest(result, of_each.values())
    told, now = _about(case, reason=result, found=found), timezone.now()
    decided = {"result": result, "decided_by_id": actor.user_id, "decided_at": now}
    with transaction.atomic():
        record(EventKind.CASE_DECIDED, told, actor=actor)
        if result in MISUSE:
            _change(case, **decided)
        else:
            record(EventKind.CASE_CLOSED, told, actor=actor)
            _change(case, **decided, closed_at=now)
        _say_of_each(actor, case, of_each)
    return result not in MISUSE


def gravest(result: CaseResult, others: Iterable[CaseResult]) -> CaseResult:
    """What came of the whole: as it was said, unless it was misuse for one of those whom it names."""
    said = {result, *others}
    return next((each for each in (CaseResult.POLICE, CaseResult.EMPLOYER) if each in said), result)


def agree(*, actor: Actor, case_id: int, seen: datetime | None, found: int) -> None:
    """Agree to what another auditor decided, which closes it. `seen` is when they did, as the page showed it.

    `found` as in `decide_case`. Raises CaseChangedError where either is out of date, OwnCaseError where it was the
    actor.
    """
    case = _decided(actor, case_id, seen)
    told = _about(case, reason=case.result, found=found)
    with transaction.atomic():
        record(EventKind.CASE_AGREED, told, actor=actor)
        record(EventKind.CASE_CLOSED, told, actor=actor)
        _change(case, agreed_by_id=actor.user_id, closed_at=timezone.now())


def send_back(*, actor: Actor, case_id: int, seen: datetime | None) -> None:
    """Do not agree: it is open again, and whoever decided it works on. Raises as `agree`."""
    case = _decided(actor, case_id, seen)
    with transaction.atomic():
        record(EventKind.CASE_RETURNED, _about(case, reason=case.result), actor=actor)
        _change(case, result="", decided_by_id=None, decided_at=None)


def suspend(*, actor: Actor, case_id: int, person_id: int | None = None) -> None:
    """Stop the person of the case at once: their sessions end, and only administrators let them in again.

    `person_id` is who is meant of several. Raises CaseChangedError unless the actor works on it, NotFoundError where
    the case does not name them or they work elsewhere by now, and WrongStateError where they are stopped already, or
    have left.
    """
    case = own_case(actor, case_id)
    suspend_because_of(actor=actor, user_id=person_of(actor, case, person_id), case=f"case.{case.id}")


def judge(*, actor: Actor, event_id: int, verdict: Verdict) -> bool:
    """Say how an access looks that was drawn. Returns whether nobody had. Raises LookupError where it was not drawn."""
    with reading_at_once(actor, about_event(event_id)):
        access, said = drawn_one(event_id), judgement_of(event_id)
    if access is None:
        raise LookupError
    if said is not None:
        return False
    about = About(fields=[f"event.{event_id}"], user_id=access.person_id, reason=verdict)
    try:
        with transaction.atomic():
            record(EventKind.CASE_JUDGED, about, actor=actor)
            Judgement.objects.create(
                event_id=event_id, judged_by_id=actor.user_id, judged_at=timezone.now(), verdict=verdict
            )
    except IntegrityError:  # somebody else did at the same time
        return False
    return True


def _decided(actor: Actor, case_id: int, seen: datetime | None) -> WorkedCase:
    case = decided_case(actor, case_id)
    if case.decided_at != seen:
        raise CaseChangedError
    return case


def _about(case: WorkedCase, *, person_id: int | None = None, reason: str = "", found: int | None = None) -> About:
    stands_on = () if found is None else (f"found.{found}",)
    return About(fields=[*about_case(case.id).fields, *stands_on], user_id=person_id or case.person_id, reason=reason)


def _of_each(
    actor: Actor, case: WorkedCase, result: CaseResult, apart: Mapping[int, CaseResult]
) -> dict[int, CaseResult]:
    """What came of it for each of several; of a case about one person there is nothing to say besides."""
    if case.person_id is not None:
        return {}
    with reading_at_once(actor, about_case(case.id)):
        named = [each.person_id for each in people_named(case.id)]
    if not apart.keys() <= set(named):
        raise NotFoundError
    return {person_id: apart.get(person_id, result) for person_id in named}


def _say_of_each(actor: Actor, case: WorkedCase, of_each: Mapping[int, CaseResult]) -> None:
    for person_id, result in of_each.items():
        record(EventKind.CASE_DECIDED, _about(case, person_id=person_id, reason=result), actor=actor)
        PersonResult.objects.create(case_id=case.id, person_id=person_id, result=result)


def _begin(actor: Actor, case_id: int) -> None:
    try:
        CaseWork.objects.create(case_id=case_id, taken_by_id=actor.user_id, taken_at=timezone.now())
    except IntegrityError:  # somebody else did at the same time
        raise CaseChangedError from None


def _change(case: WorkedCase, **changes: object) -> None:
    """Change it as it was read, or raise CaseChangedError where somebody else did, CaseGrownError where it grew."""
    if case.taken_at is None:
        raise CaseChangedError
    as_read = CaseWork.objects.filter(case_id=case.id, taken_at=case.taken_at, closed_at=None)
    as_read = as_read.filter(decided_at=case.decided_at) if case.decided_at else as_read.filter(result="")
    try:
        changed = as_read.update(**changes)
    except OperationalError as error:
        if isinstance(error.__cause__, SerializationFailure):
            raise CaseGrownError from None
        raise
    if not changed:
        raise CaseChangedError
