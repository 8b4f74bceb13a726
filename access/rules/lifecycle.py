"""The life of a user in the service: which step leads from where to where. The database holds to it.

Nobody gets in but by an invitation, a checklist that is complete, and the approval of another administrator than
invited them: TRANSITIONS. The steps themselves are in people/actions, the database's half in
access/sql/guards/access_user.sql, the picture in docs/people.md.

In code and not in a library's declarations: a table to read, to draw and to compare with the database's own.
"""

from dataclasses import dataclass
from enum import StrEnum

from access.models.user import UserState
from audit.events import EventKind


class Step(StrEnum):
    """What somebody does with a user."""

    INVITE = "invite"
    ACCEPT = "accept"
    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    LEAVE = "leave"
    REVOKE = "revoke"
    REJOIN = "rejoin"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a step leads. `from_states` is empty for somebody new; `second_person`: not whoever asked for it."""

    from_states: frozenset[UserState]
    to_state: UserState
    event: EventKind
    second_person: bool = False


def _from(*states: UserState) -> frozenset[UserState]:
    return frozenset(states)


INVITED, JOINING, ACTIVE = UserState.INVITED, UserState.JOINING, UserState.ACTIVE
SUSPENDED, LEFT, REVOKED = UserState.SUSPENDED, UserState.LEFT, UserState.REVOKED

TRANSITIONS: dict[Step, Transition] = {
    Step.INVITE: Transition(_from(), INVITED, EventKind.USER_INVITED),
    Step.ACCEPT: Transition(_from(INVITED), JOINING, EventKind.USER_JOINED),
    Step.APPROVE: Transition(_from(JOINING), ACTIVE, EventKind.USER_APPROVED, second_person=True),
    Step.DECLINE: Transition(_from(JOINING), LEFT, EventKind.USER_DECLINED, second_person=True),
    Step.WITHDRAW: Transition(_from(INVITED, JOINING), LEFT, EventKind.USER_WITHDRAWN),
    Step.SUSPEND: Transition(_from(JOINING, ACTIVE), SUSPENDED, EventKind.USER_SUSPENDED),
    Step.REINSTATE: Transition(_from(SUSPENDED), ACTIVE, EventKind.USER_REINSTATED, second_person=True),
    Step.LEAVE: Transition(_from(JOINING, ACTIVE, SUSPENDED), LEFT, EventKind.USER_LEFT),
    Step.REVOKE: Transition(_from(JOINING, ACTIVE, SUSPENDED), REVOKED, EventKind.USER_REVOKED),
    Step.REJOIN: Transition(_from(LEFT, REVOKED), JOINING, EventKind.USER_REJOINED),
}
# After these nothing of the person is open any more: their sessions end in the same transaction.
CLOSING = frozenset({Step.DECLINE, Step.WITHDRAW, Step.SUSPEND, Step.LEAVE, Step.REVOKE})


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for step, transition in TRANSITIONS.items():
        words = f"{step} (another administrator)" if transition.second_person else step
        starts = [state.value for state in UserState if state in transition.from_states] or ["[*]"]
        lines += [f"    {start} --> {transition.to_state.value}: {words}" for start in starts]
    return "\n".join(lines)
