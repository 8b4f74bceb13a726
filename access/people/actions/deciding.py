"""Deciding about people: letting them in, stopping them, letting them go, changing what they may do.

Each step can be told how the person stood on the page (`seen`), so that of two administrators who decide at once the
second is told what the first did. What lets somebody in wants two people: whoever asked never
decides, nobody decides about themselves, and nobody lets in alone whom no other person asked for or checked
(access.rules.two_people). The database holds to all three.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from access.models import (
    LETS_NOBODY_IN,
    Approval,
    ApprovalKind,
    ApprovalOutcome,
    Grant,
    Role,
    StopReason,
    User,
    UserState,
)
from access.people.actions.answering import answer, question_for
from access.people.actions.inviting import ask_for_links
from access.people.actions.steps import (
    JOINING,
    ask,
    begin_step,
    check_step,
    decide,
    finish_step,
    open_approvals,
    where_now,
)
from access.rules import grants
from access.rules.administering import user_to_administer, user_to_apply_for, user_to_stop
from access.rules.errors import AloneError, IncompleteError, OwnCaseError, WrongStateError
from access.rules.lifecycle import Step
from access.rules.two_people import another_had_a_part
from access.rules.vetting import is_complete, missing
from audit.actors import Actor, Process
from audit.errors import refusals
from audit.events import EventKind
from audit.recorder import About, record, record_first


class _NotCompleteError(Exception):
    """Something of the checklist is missing; what it is, is read afterwards."""


def approve(*, actor: Actor, user_id: int, seen: int | None = None) -> User:
    """Let somebody in who was invited by another administrator and whose checklist is complete.

    Raises NotAdministeredError, OwnCaseError, AloneError, WrongStateError, IncompleteError.
    """
    with _missing_is_told(actor, user_id), transaction.atomic():
        return _let_in(actor, user_to_administer(actor, user_id), Step.APPROVE, JOINING, seen)


def reinstate(*, actor: Actor, user_id: int, seen: int | None = None) -> User:
    """Let somebody in again whom another administrator, or a process, suspended. Raises as `approve`."""
    kinds = (ApprovalKind.REINSTATE, *JOINING)
    with _missing_is_told(actor, user_id), transaction.atomic():
        return _let_in(actor, user_to_administer(actor, user_id), Step.REINSTATE, kinds, seen)


@transaction.atomic
def decline(*, actor: Actor, user_id: int, seen: int | None = None) -> None:
    """Refuse somebody who is joining. Raises as `approve`, but for AloneError and IncompleteError."""
    user = user_to_administer(actor, user_id)
    check_step(user, Step.DECLINE, seen=seen)
    _check_second_person(actor, user, *JOINING)
    begin_step(actor=actor, user=user, step=Step.DECLINE)
    decide(actor=actor, approvals=open_approvals(user, *JOINING), outcome=ApprovalOutcome.DECLINED)
    # The actor may have asked for a new sign-in themselves: that question has no answer, and no object any more.
    decide(actor=actor, approvals=open_approvals(user), outcome=ApprovalOutcome.WITHDRAWN)
    finish_step(user, Step.DECLINE)


@transaction.atomic
def suspend(*, actor: Actor | Process, user_id: int, reason: StopReason, seen: int | None = None) -> None:
    """Stop somebody at once: each of their sessions ends, and only another administrator lets them in again.

    What was asked about them meanwhile is asked anew then, if it is still wanted.
    """
    _suspend(actor, user_to_administer(actor, user_id), reason, seen=seen)


@transaction.atomic
def suspend_because_of(*, actor: Actor, user_id: int, case: str) -> None:
    """As `suspend`, by an auditor of the person's authority, because of a case that they work on (review/).

    Raises NotFoundError where the person is none of theirs. Letting them in again is for administrators.
    """
    _suspend(actor, user_to_stop(actor, user_id), StopReason.MISUSE, because=[case])


@transaction.atomic
def leave(*, actor: Actor | Process, user_id: int, seen: int | None = None) -> None:
    """Let somebody go who has left the organisation."""
    _let_go(actor, user_to_administer(actor, user_id), Step.LEAVE, seen)


@transaction.atomic
def revoke(*, actor: Actor | Process, user_id: int, reason: StopReason, seen: int | None = None) -> None:
    """Take somebody's access away for good, unless they are approved anew."""
    _let_go(actor, user_to_administer(actor, user_id), Step.REVOKE, seen, reason)


@transaction.atomic
def rejoin(*, actor: Actor | Process, user_id: int, seen: int | None = None) -> User:
    """Have somebody join again who left or was revoked: a new link, and another administrator's approval."""
    user = user_to_administer(actor, user_id)
    check_step(user, Step.REJOIN, seen=seen)
    begin_step(actor=actor, user=user, step=Step.REJOIN)
    ask(actor=actor, users=[user], kind=ApprovalKind.REJOIN)
    finish_step(user, Step.REJOIN)
    ask_for_links(actor=actor, users=[user])
    return user


@transaction.atomic
def ask_role(*, actor: Actor, user_id: int, role: Role) -> Approval:
    """Ask for another role for somebody, in the place of what was asked before. They keep theirs meanwhile.

    Raises WrongStateError where they have that role already, or have no access: what waits for somebody suspended asks
    for the role that they had.
    """
    user = user_to_apply_for(actor, user_id)
    if user.state != UserState.ACTIVE:
        raise WrongStateError(where_now(user))
    if user.role == role:
        raise WrongStateError(f"This person's role is {role.label.lower()} already.")
    record(EventKind.USER_ASKED, About(user_id=user.pk, fields=[ApprovalKind.ROLE]), actor=actor)
    decide(actor=actor, approvals=open_approvals(user, ApprovalKind.ROLE), outcome=ApprovalOutcome.WITHDRAWN)
    return Approval.objects.create(
        user=user, kind=ApprovalKind.ROLE, role=role, asked_by_id=actor.user_id, asked_at=timezone.now()
    )


@transaction.atomic
def decide_role(*, actor: Actor, approval_id: int, approved: bool) -> User:
    """Answer another administrator who asked for a role. Raises as `question_for`."""
    asked, user = question_for(actor, approval_id, ApprovalKind.ROLE)
    if not approved:
        answer(actor=actor, asked=asked, outcome=ApprovalOutcome.DECLINED)
        return user
    if user.state != UserState.ACTIVE:
        raise WrongStateError(where_now(user))
    record(EventKind.USER_ROLE_CHANGED, About(user_id=user.pk, fields=[asked.role]), actor=actor)
    answer(actor=actor, asked=asked, outcome=ApprovalOutcome.APPROVED)
    decide(actor=actor, approvals=open_approvals(user, ApprovalKind.OVERRIDE), outcome=ApprovalOutcome.WITHDRAWN)
    _take_grants(actor, user)
    user.role = asked.role
    with refusals():
        User.objects.filter(pk=user.pk).update(role=user.role)
    _grant_for_role(actor, user)
    return user


def _suspend(
    actor: Actor | Process, user: User, reason: StopReason, *, seen: int | None = None, because: Sequence[str] = ()
) -> None:
    check_step(user, Step.SUSPEND, seen=seen)
    begin_step(actor=actor, user=user, step=Step.SUSPEND, reason=reason, because=because)
    decide(actor=actor, approvals=open_approvals(user, *LETS_NOBODY_IN), outcome=ApprovalOutcome.WITHDRAWN)
    ask(actor=actor, users=[user], kind=ApprovalKind.REINSTATE)
    finish_step(user, Step.SUSPEND)


def _let_in(actor: Actor, user: User, step: Step, kinds: tuple[ApprovalKind, ...], seen: int | None) -> User:
    check_step(user, step, seen=seen)
    _check_second_person(actor, user, *kinds)
    if not is_complete(user, today=timezone.localdate()):
        raise _NotCompleteError
    _check_not_alone(actor, user, *kinds)
    begin_step(actor=actor, user=user, step=step)
    decide(actor=actor, approvals=open_approvals(user, *kinds), outcome=ApprovalOutcome.APPROVED)
    # Who they are was made sure of before this was decided: a new sign-in is asked for anew.
    decide(actor=actor, approvals=open_approvals(user), outcome=ApprovalOutcome.WITHDRAWN)
    finish_step(user, step)
    if step == Step.APPROVE:
        _grant_for_role(actor, user)
    return user


def _let_go(actor: Actor | Process, user: User, step: Step, seen: int | None, reason: str = "") -> None:
    check_step(user, step, seen=seen)
    begin_step(actor=actor, user=user, step=step, reason=reason)
    decide(actor=actor, approvals=open_approvals(user), outcome=ApprovalOutcome.WITHDRAWN)
    finish_step(user, step)
    _take_grants(actor, user)


def _check_second_person(actor: Actor, user: User, *kinds: ApprovalKind) -> None:
    asked_by = set(open_approvals(user, *kinds).values_list("asked_by_id", flat=True))
    if not asked_by:
        raise WrongStateError(where_now(user))
    if actor.user_id in asked_by:
        raise OwnCaseError


def _check_not_alone(actor: Actor, user: User, *kinds: ApprovalKind) -> None:
    if open_approvals(user, *kinds).exclude(another_had_a_part(actor.user_id)).exists():
        raise AloneError


@contextmanager
def _missing_is_told(actor: Actor, user_id: int) -> Iterator[None]:
    """Round a decision: raises IncompleteError where something is missing.

    What it is, is read because of an event of its own, once nothing is left of the decision.
    """
    try:
        yield
    except _NotCompleteError:
        ticket = record_first(EventKind.USER_READ, About(user_id=user_id), actor=actor)
        with ticket.shown():
            lacking = missing(User.objects.get(pk=user_id), today=timezone.localdate())
        raise IncompleteError(lacking) from None


def _grant_for_role(actor: Actor, user: User) -> None:
    """Of an authority its administrators and auditors are granted it; elsewhere an authority delegates."""
    if what := grants.for_role(user.role, user.organisation):
        record(EventKind.GRANT_GIVEN, About(user_id=user.pk, fields=[what]), actor=actor)
        grants.grant(user, what, user.organisation, given_by=actor.user_id)


def _take_grants(actor: Actor | Process, user: User) -> None:
    held = Grant.objects.filter(user=user)
    if held.exists():
        record(EventKind.GRANT_TAKEN, About(user_id=user.pk), actor=actor)
        held.delete()
