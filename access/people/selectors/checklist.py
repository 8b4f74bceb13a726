"""Reading what somebody needs to be let in: what is done, and whose move the rest is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from access.models import Approval, ApprovalKind, User, UserState, VettingKind
from access.rules.vetting import ACCREDITATION


class Mover(StrEnum):
    """Whose move it is."""

    APPLICANT = "applicant"
    ADMINISTRATOR = "administrator"
    SECOND_ADMINISTRATOR = "second administrator"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One step to being let in. `kind` is a VettingKind, or "second_factor", "accreditation" or "approval"."""

    kind: str
    label: str
    done: bool
    expires_on: date | None
    whose_move: Mover


def checklist_of(user: User, *, today: date) -> list[ChecklistItem]:
    """All that `user` needs to be let in, in the order in which it is usually done.

    With the ticket of an event of the user's, or of an administrator's reading about them: the database shows the items
    only then.
    """
    expiries = {item.kind: item.expires_on for item in user.vetting_items.all()}
    steps = [_second_factor(user)]
    for kind in VettingKind:
        mover = Mover.APPLICANT if kind == VettingKind.AGREEMENT else Mover.ADMINISTRATOR
        steps.append(_dated(kind, kind.label, expiries.get(kind), mover, today))
    until = user.organisation.accredited_until
    steps.append(_dated("accreditation", ACCREDITATION, until, Mover.ADMINISTRATOR, today))
    return [*steps, _approval(user)]


def _dated(kind: str, label: str, expires_on: date | None, mover: Mover, today: date) -> ChecklistItem:
    return ChecklistItem(kind, label, expires_on is not None and expires_on >= today, expires_on, mover)


def _second_factor(user: User) -> ChecklistItem:
    return ChecklistItem("second_factor", "Password and second step", user.is_enrolled, None, Mover.APPLICANT)


def _approval(user: User) -> ChecklistItem:
    waiting = Approval.objects.filter(user=user, outcome="").exclude(kind=ApprovalKind.ROLE)
    done = user.state == UserState.ACTIVE and not waiting.exists()
    return ChecklistItem("approval", "Approval by a second administrator", done, None, Mover.SECOND_ADMINISTRATOR)
