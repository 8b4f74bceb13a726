"""Which cases an auditor may work, and what of them. The database asks the same (review/sql/guards)."""

from access.rules.errors import NotFoundError, OwnCaseError
from audit.actors import Actor
from audit.recorder import About
from review.examining.access import WAITING
from review.policies import reading_at_once
from review.selectors.case_pages import people_named
from review.selectors.cases import CaseState, WorkedCase, case_of, to_agree_to, to_do
from review.selectors.entries import LARGEST_ID

WORKED_ON = frozenset({CaseState.TAKEN, CaseState.ASKED, CaseState.LATE})


class CaseChangedError(Exception):
    """Somebody else took, decided or closed the case after it was shown. Nothing was changed."""


class CaseGrownError(CaseChangedError):
    """More was found than was shown. Nothing was changed."""


def about_case(case_id: int) -> About:
    """That one case is read or worked on. Raises NotFoundError for a number that no case can have."""
    if case_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"case.{case_id}"])


def cases_waiting(actor: Actor) -> tuple[int, int]:
    """How many cases nobody has taken, and how many the actor may be the second for; that it was counted is recorded.

    Call it in no transaction.
    """
    with reading_at_once(actor, About(fields=[WAITING])):
        return to_do(), to_agree_to(actor.user_id)


def case_to_work_on(actor: Actor, case_id: int) -> WorkedCase:
    """The case, reading which is recorded: call it in no transaction.

    Raises NotFoundError where it is of another authority, or the actor is barred from it: the two look the same, so
    that nobody learns of a case about themselves.
    """
    with reading_at_once(actor, about_case(case_id)):
        case = case_of(case_id)
    if case is None:
        raise NotFoundError
    return case


def own_case(actor: Actor, case_id: int) -> WorkedCase:
    """The case, on which the actor works and which is not decided. Raises CaseChangedError where it is otherwise."""
    case = case_to_work_on(actor, case_id)
    if not may_decide(actor, case):
        raise CaseChangedError
    return case


def person_of(actor: Actor, case: WorkedCase, wanted: int | None) -> int:
    """The person whom a case is about, or of several whom one about a child names the one that is meant.

    Raises NotFoundError where that is nobody of these. Call it in no transaction.
    """
    if case.person_id is not None:
        if wanted not in {None, case.person_id}:
            raise NotFoundError
        return case.person_id
    with reading_at_once(actor, about_case(case.id)):
        named = {each.person_id for each in people_named(case.id)}
    if wanted is None or wanted not in named:
        raise NotFoundError
    return wanted


def decided_case(actor: Actor, case_id: int) -> WorkedCase:
    """The case, which waits for another than decided it. Raises CaseChangedError, and OwnCaseError for who decided."""
    case = case_to_work_on(actor, case_id)
    if case.state != CaseState.SECOND:
        raise CaseChangedError
    if case.decided_by == actor.user_id:
        raise OwnCaseError
    return case


def may_take(actor: Actor, case: WorkedCase) -> bool:
    """Whether there is anything for the actor to take: not what they work on, nor what is decided."""
    return case.state in {CaseState.NEW, *WORKED_ON} and case.taken_by != actor.user_id


def may_decide(actor: Actor, case: WorkedCase) -> bool:
    """Whether the actor works on it and nothing is decided: whoever may ask, suspend and decide."""
    return case.taken_by == actor.user_id and case.state in WORKED_ON


def may_agree(actor: Actor, case: WorkedCase) -> bool:
    """Whether the actor is somebody else than decided it, and it waits for one."""
    return case.state == CaseState.SECOND and case.decided_by != actor.user_id
