"""What every step in somebody's life in the service does: checked, recorded, taken, and their sessions ended."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from access.door import sessions
from access.models import Approval, ApprovalKind, ApprovalOutcome, User
from access.people.selectors.people import names_of
from access.rules.errors import WrongStateError
from access.rules.lifecycle import CLOSING, TRANSITIONS, Step
from audit.actors import Actor, Process
from audit.errors import refusals
from audit.recorder import About, record

JOINING = (ApprovalKind.JOIN, ApprovalKind.REJOIN)


def check_step(user: User, step: Step, *, seen: int | None = None) -> None:
    """Raise WrongStateError unless `step` leads on from where the user stands.

    `seen` is how they stood on the page (`User.standing`): when that has moved on, somebody else was first.
    """
    if user.state not in TRANSITIONS[step].from_states or seen not in (None, user.standing):
        raise WrongStateError(where_now(user))


def begin_step(
    *, actor: Actor | Process, user: User, step: Step, reason: str = "", because: Sequence[str] = ()
) -> None:
    """Record the step: first of all that is done for it. `because`: the case for which an auditor takes it."""
    record(TRANSITIONS[step].event, About(user_id=user.pk, reason=reason, fields=because), actor=actor)


def finish_step(user: User, step: Step) -> None:
    """Move the user to where the step leads, last of all that is done for it: the database looks at the rest.

    Nothing else of the row is written: what is sealed in it, its own person alone seals anew.

    Raises NoLiveSessionError where whoever acts is being suspended in this very moment.
    """
    user.state = TRANSITIONS[step].to_state
    with refusals():
        User.objects.filter(pk=user.pk).update(state=user.state)
    if step in CLOSING:
        sessions.end_all_of(user.pk)


def where_now(user: User) -> str:
    """A sentence for an administrator: the state the user is in, who put them there and when."""
    sentence = f"This person is {user.get_state_display().lower()} now"
    if user.state_at is None:
        return f"{sentence}."
    who = names_of([user.state_by_id])[user.state_by_id] if user.state_by_id else "The service"
    return (
        f"{sentence}. {who} did that on {date_format(timezone.localtime(user.state_at))}. Look again before you decide."
    )


def open_approvals(user: User, *kinds: ApprovalKind) -> QuerySet[Approval]:
    """What is still to be decided about the user, of those kinds or any."""
    waiting = Approval.objects.filter(user=user, outcome="")
    return waiting.filter(kind__in=kinds) if kinds else waiting


def ask(*, actor: Actor | Process, users: Sequence[User], kind: ApprovalKind) -> None:
    """Have another administrator decide about each of the users, in the role that they have."""
    Approval.objects.bulk_create(
        Approval(user=user, kind=kind, role=user.role, asked_by_id=person_of(actor), asked_at=timezone.now())
        for user in users
    )


def decide(*, actor: Actor | Process, approvals: QuerySet[Approval], outcome: ApprovalOutcome) -> None:
    """Decide all of them."""
    approvals.update(outcome=outcome, decided_by_id=person_of(actor), decided_at=timezone.now())


def person_of(actor: Actor | Process) -> int | None:
    """The id of the person who acts; None where it is a process."""
    return actor.user_id if isinstance(actor, Actor) else None
