"""Who may open protected records in an emergency: asked for by one administrator, given by another, for 26 weeks.

Only practitioners of the police and of authorities. One administrator alone takes it away, at once.
"""

from django.db import transaction
from django.utils import timezone

from access.models import Approval, ApprovalKind, ApprovalOutcome, Grant, User, UserState
from access.people.actions.answering import answer, question_for
from access.people.actions.steps import decide, open_approvals, where_now
from access.rules import grants
from access.rules.administering import user_to_administer, user_to_apply_for
from access.rules.errors import WrongStateError
from audit.actors import Actor
from audit.errors import refusals
from audit.events import EventKind
from audit.recorder import About, record

KIND = ApprovalKind.OVERRIDE
NOT_FOR_THEM = "Only people of the police and of councils who look children up in their own name can be given this."


@transaction.atomic
def ask_override(*, actor: Actor, user_id: int) -> Approval:
    """Ask that somebody may override shields, in the place of what was asked before. Another administrator decides.

    Raises WrongStateError where they have no access, or it is not for their role or organisation.
    """
    user = user_to_apply_for(actor, user_id)
    _check_fits(user)
    record(EventKind.USER_ASKED, About(user_id=user.pk, fields=[KIND]), actor=actor)
    decide(actor=actor, approvals=open_approvals(user, KIND), outcome=ApprovalOutcome.WITHDRAWN)
    return Approval.objects.create(
        user=user, kind=KIND, role=user.role, asked_by_id=actor.user_id, asked_at=timezone.now()
    )


@transaction.atomic
def decide_override(*, actor: Actor, approval_id: int, approved: bool) -> User:
    """Answer another administrator who asked for it. Raises as `question_for`, and as `ask_override`."""
    asked, user = question_for(actor, approval_id, KIND)
    if not approved:
        answer(actor=actor, asked=asked, outcome=ApprovalOutcome.DECLINED)
        return user
    _check_fits(user)
    record(EventKind.GRANT_GIVEN, About(user_id=user.pk, fields=[grants.OVERRIDE]), actor=actor)
    answer(actor=actor, asked=asked, outcome=ApprovalOutcome.APPROVED)
    until = timezone.localdate() + grants.OVERRIDE_FOR
    with refusals():
        grants.grant(user, grants.OVERRIDE, user.organisation, expires_on=until, given_by=actor.user_id)
    return user


@transaction.atomic
def take_override(*, actor: Actor, user_id: int) -> None:
    """Take it away at once. Done twice, it is done once."""
    user = user_to_administer(actor, user_id)
    held = Grant.objects.filter(user=user, permission__codename=grants.OVERRIDE)
    if held.exists():
        record(EventKind.GRANT_TAKEN, About(user_id=user.pk, fields=[grants.OVERRIDE]), actor=actor)
        held.delete()


def _check_fits(user: User) -> None:
    if user.state != UserState.ACTIVE:
        raise WrongStateError(where_now(user))
    if not grants.may_be_granted_to_override(user.role, user.organisation.kind):
        raise WrongStateError(NOT_FOR_THEM)
