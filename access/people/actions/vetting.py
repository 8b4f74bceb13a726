"""Recording the evidence on which somebody is let in, and signing the agreement."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from access.models import User, UserState, VettingDetails, VettingItem, VettingKind
from access.people import agreements
from access.people.actions.steps import where_now
from access.rules.administering import user_to_apply_for
from access.rules.errors import NotPermittedError, WrongStateError
from access.rules.vetting import last_day_of
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record

# About whom evidence may be recorded: whoever was let go joins again first.
VETTED_IN = (UserState.INVITED, UserState.JOINING, UserState.ACTIVE, UserState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class NewItem:
    """Evidence seen. `checked_on`: when it was checked; of a DBS check, when its certificate was issued."""

    kind: VettingKind
    checked_on: date
    details: VettingDetails | None = field(default=None, repr=False)


@transaction.atomic
def record_item(*, actor: Actor, user_id: int, item: NewItem) -> VettingItem:
    """Record evidence about somebody else, in the place of what was there of its kind, which is not read.

    Raises NotAdministeredError, OwnCaseError, NotPermittedError (the agreement is signed by the person alone),
    WrongStateError, and ValueError where the day lies in the future or the item would have run out already: a form
    asks first.
    """
    if item.kind == VettingKind.AGREEMENT:
        raise NotPermittedError
    user = user_to_apply_for(actor, user_id)
    if user.state not in VETTED_IN:
        raise WrongStateError(where_now(user))
    expires_on = last_day_of(item.kind, checked_on=item.checked_on)
    if not item.checked_on <= timezone.localdate() <= expires_on:
        raise ValueError("The evidence is of a day on which it cannot hold today.")
    record(EventKind.USER_VETTED, About(user_id=user.pk, fields=[item.kind]), actor=actor)
    return _keep(user, item, expires_on=expires_on, recorded_by=actor.user_id)


@transaction.atomic
def sign_agreement(*, actor: Actor, version: str) -> VettingItem:
    """Sign the agreement oneself, for a year. Raises WrongStateError where another version came into force."""
    in_force = agreements.in_force(today=timezone.localdate())
    if version != in_force.version:
        raise WrongStateError("The agreement has changed since you opened this page. Read the new one before you sign.")
    user: User = User.objects.select_for_update().get(pk=actor.user_id)
    record(EventKind.USER_AGREED, About(user_id=user.pk, fields=[version]), actor=actor)
    today = timezone.localdate()
    item = NewItem(VettingKind.AGREEMENT, checked_on=today)
    expires_on = last_day_of(VettingKind.AGREEMENT, checked_on=today)
    return _keep(user, item, expires_on=expires_on, recorded_by=actor.user_id, version=version)


@transaction.atomic
def run_out_old_agreements(*, actor: Process) -> int:
    """Have all signatures of older versions end 30 days after the newest came into force. Returns how many were cut."""
    in_force = agreements.in_force(today=timezone.localdate())
    last_day = in_force.from_day + timedelta(days=agreements.DAYS_TO_SIGN)
    older = VettingItem.objects.filter(kind=VettingKind.AGREEMENT, expires_on__gt=last_day).exclude(
        version=in_force.version
    )
    # A signature from within the last 30 days of its version cannot end before it began.
    ending = older.filter(checked_on__lt=last_day)
    if not ending.exists():
        return 0
    record(EventKind.USER_VETTED, About(fields=[VettingKind.AGREEMENT, in_force.version]), actor=actor)
    return ending.update(expires_on=last_day)


def _keep(user: User, item: NewItem, *, expires_on: date, recorded_by: int, version: str = "") -> VettingItem:
    kept = VettingItem(
        user=user,
        kind=item.kind,
        checked_on=item.checked_on,
        expires_on=expires_on,
        details=item.details,
        recorded_by_id=recorded_by,
        version=version,
    )
    kept.take_place()
    return kept
