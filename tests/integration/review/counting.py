"""What the examiner and auditors leave behind of a month, for charts and reports to count. Call it as the owner."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from django.utils import timezone

from access.models import User
from audit.reasons import CaseResult
from review.models import Case, CaseWork, Explanation, Finding, State
from tests import factories

_numbers = count(1_000_000)


def examined(person: User, *states: State, day: date | None = None) -> None:
    """Looks of theirs that stand so."""
    day = day or factories.today()
    at = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    Explanation.objects.bulk_create(
        Explanation(
            event_id=next(_numbers),
            at=at,
            day=day,
            kind="child.opened",
            child_id=4711,
            person_id=person.pk,
            actor_id=person.pk,
            organisation_id=person.organisation_id,
            authority_id=person.organisation.authority_id,
            reason="s47",
            state=state,
            codes=[],
            held_until=at if state == State.HELD else None,
            explained_at=at if state in (State.AT_ONCE, State.LATER) else None,
        )
        for state in states
    )


def decided(person: User, rule: str, results: Sequence[CaseResult], by: tuple[User, User]) -> None:
    """Closed cases in which that rule found something."""
    now, authority = timezone.now(), person.organisation.authority_id
    for result in results:
        case = Case.objects.create(
            person_id=person.pk,
            organisation_id=person.organisation_id,
            authority_id=authority,
            opened_at=now,
            last_at=now,
            score=15.0,
        )
        Finding.objects.create(
            case=case,
            person_id=person.pk,
            rule=rule,
            day=factories.today(),
            child_id=next(_numbers),
            event_id=next(_numbers),
            at=now,
            organisation_id=person.organisation_id,
            authority_id=authority,
            bits=5.0,
            counts=5.0,
            codes=[],
        )
        worked(case, by[0], result, closed=True, agreed_by=by[1] if result == CaseResult.EMPLOYER else None)


def worked(
    case: Case, by: User, result: CaseResult | None = None, *, closed: bool = False, agreed_by: User | None = None
) -> None:
    """What auditors made of a case, all at once, past what a decision stands on."""
    now = timezone.now()
    CaseWork.objects.create(
        case=case,
        taken_by=by,
        taken_at=now,
        result=result or "",
        decided_by=by if result else None,
        decided_at=now if result else None,
        agreed_by=agreed_by,
        closed_at=now if closed else None,
    )
    Case.objects.filter(pk=case.pk).update(growing=not closed)
