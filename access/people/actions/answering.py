"""Answering what another administrator asked about somebody who signs in: for another role, or a new sign-in."""

from access.models import Approval, ApprovalKind, ApprovalOutcome, User
from access.people.actions.steps import decide, open_approvals
from access.rules.administering import user_to_administer
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record


def question_for(actor: Actor, approval_id: int, kind: ApprovalKind) -> tuple[Approval, User]:
    """What the actor may answer, and the person whom it is about, locked.

    Raises NotFoundError where nothing of that kind was asked, WrongStateError where it is answered already,
    OwnCaseError, and as `user_to_administer`.
    """
    asked = Approval.objects.filter(pk=approval_id, kind=kind).first()
    if asked is None:
        raise NotFoundError
    user = user_to_administer(actor, asked.user_id)
    if not open_approvals(user, kind).filter(pk=approval_id).exists():
        raise WrongStateError("Somebody else decided this already.")
    if asked.asked_by_id == actor.user_id:
        raise OwnCaseError
    return asked, user


def answer(*, actor: Actor, asked: Approval, outcome: ApprovalOutcome) -> None:
    """Keep the answer. A refusal is all that happens then, and is recorded here."""
    if outcome == ApprovalOutcome.DECLINED:
        record(EventKind.USER_DECLINED, About(user_id=asked.user_id, fields=[asked.kind]), actor=actor)
    decide(actor=actor, approvals=Approval.objects.filter(pk=asked.pk), outcome=outcome)
