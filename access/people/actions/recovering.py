"""A new sign-in for whoever lost what they sign in with: one administrator asks, and another agrees.

From the agreement on, the password and second factors that the person had are refused, since they may be in other
hands, and their sessions have ended. The link that the worker mails them is good once: with it they choose a password,
and what they had is removed in that moment. Neither administrator ever holds the link.
"""

from django.db import transaction
from django.utils import timezone

from access.door import sessions
from access.models import (
    Approval,
    ApprovalKind,
    ApprovalOutcome,
    IdentityCheck,
    Invitation,
    InvitationPurpose,
    NoticeKind,
    User,
    UserState,
)
from access.people.actions.steps import decide, open_approvals, where_now
from access.people.links import use_link
from access.rules.administering import user_to_administer
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.sign_in.actions.second_factors import remove_all
from access.sign_in.notices import notify
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record

KIND = ApprovalKind.SIGN_IN


@transaction.atomic
def ask_new_sign_in(*, actor: Actor, user_id: int, identity_check: IdentityCheck) -> Approval:
    """Ask for a new sign-in for somebody, in the place of what was asked before, and tell them so.

    `identity_check`: how the actor made sure that it is them. Nothing changes until another administrator agrees.
    Raises WrongStateError where the person has no access, and as `user_to_administer`.
    """
    user = _active(user_to_administer(actor, user_id))
    record(EventKind.USER_SIGN_IN_ASKED, About(user_id=user.pk, reason=identity_check), actor=actor)
    decide(actor=actor, approvals=open_approvals(user, KIND), outcome=ApprovalOutcome.WITHDRAWN)
    return Approval.objects.create(
        user=user,
        kind=KIND,
        role=user.role,
        identity_check=identity_check,
        asked_by_id=actor.user_id,
        asked_at=timezone.now(),
    )


@transaction.atomic
def decide_new_sign_in(*, actor: Actor, approval_id: int, agreed: bool) -> User:
    """Answer another administrator who asked for a new sign-in. Raises NotFoundError, WrongStateError, OwnCaseError."""
    asked = Approval.objects.filter(pk=approval_id, kind=KIND).first()
    if asked is None:
        raise NotFoundError
    user = user_to_administer(actor, asked.user_id)
    waiting = open_approvals(user, KIND).filter(pk=approval_id)
    if not waiting.exists():
        raise WrongStateError("Somebody else decided this already.")
    if asked.asked_by_id == actor.user_id:
        raise OwnCaseError
    if not agreed:
        record(EventKind.USER_DECLINED, About(user_id=user.pk, fields=[KIND]), actor=actor)
        decide(actor=actor, approvals=waiting, outcome=ApprovalOutcome.DECLINED)
        return user
    about = About(user_id=_active(user).pk, reason=asked.identity_check)
    record(EventKind.USER_SIGN_IN_RESET, about, actor=actor)
    decide(actor=actor, approvals=waiting, outcome=ApprovalOutcome.APPROVED)
    Invitation.objects.bulk_create(
        [Invitation(user=user, purpose=InvitationPurpose.RESET, invited_by_id=actor.user_id)]
    )
    sessions.end_all_of(user.pk)
    return user


@transaction.atomic
def set_up_anew(*, actor: Process, secret: str, password: str) -> User:
    """Use the link: the person has that password from now on, no second factor, and is told so.

    The password has been checked by whoever calls. They must set up a second factor before anything else. Raises as
    `open_link`.
    """
    user = use_link(actor, secret, InvitationPurpose.RESET, EventKind.USER_SIGN_IN_RENEWED)
    notify(user.pk, NoticeKind.RESET_DONE)
    remove_all(user)
    user.keep_password(password)
    return user


def _active(user: User) -> User:
    if user.state != UserState.ACTIVE:
        raise WrongStateError(where_now(user))
    return user
