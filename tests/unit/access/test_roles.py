"""Who may do what, without a database."""

from uuid import uuid4

import pytest

from access.models import Role
from access.rules.decisions import can, check_can
from access.rules.errors import NotFoundError, NotPermittedError, NotVettedError, OverBudgetRefusedError, RefusedError
from access.rules.roles import Permission, permissions_of
from audit.actors import Actor
from audit.events import Outcome

ALLOWED = {
    Role.PRACTITIONER: {
        Permission.CHILD_OPEN,
        Permission.CHILD_RECALL,
        Permission.CHILD_SEARCH,
        Permission.CONNECTION_ASK,
        Permission.INVOLVEMENT_KEEP,
        Permission.REPORT_MAKE,
        Permission.SHIELD_ASK,
        Permission.SHIELD_OVERRIDE,
    },
    Role.ADMINISTRATOR: {
        Permission.ARCHIVE_READ,
        Permission.BATCH_KEEP,
        Permission.CONNECTION_MAKE,
        Permission.FEED_KEEP,
        Permission.HANDOVER_KEEP,
        Permission.MATCH_DECIDE,
        Permission.MERGE_DECIDE,
        Permission.ORGANISATION_KEEP,
        Permission.PEOPLE_DECIDE,
        Permission.PEOPLE_INVITE,
        Permission.PEOPLE_LIST,
        Permission.RECORD_KEEP,
        Permission.REPORT_ANSWER,
        Permission.SERVICE_STOP,
        Permission.SHIELD_DECIDE,
        Permission.SYSTEM_KEEP,
        Permission.UNPLACED_LIST,
    },
    Role.MEDIATOR: {Permission.CALL_TAKE, Permission.CHILD_OPEN, Permission.CHILD_SEARCH},
    Role.AUDITOR: {Permission.LOG_READ},
}
CASES = [(role, permission) for role in Role for permission in Permission]


def actor(role: Role) -> Actor:
    return Actor(1, role, 2, 3, 4, uuid4(), "0" * 32)


@pytest.mark.parametrize(("role", "permission"), CASES)
def test_check_raises_exactly_where_its_twin_says_no(role: Role, permission: Permission) -> None:
    allowed = permission in ALLOWED[role]
    assert can(actor(role), permission) is allowed

    if allowed:
        check_can(actor(role), permission)
    else:
        with pytest.raises(NotPermittedError):
            check_can(actor(role), permission)


def test_unknown_role_may_nothing() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        can(Actor(1, "nonsense", 2, 3, 4, uuid4(), "0" * 32), Permission.CHILD_OPEN)


def test_actor_does_not_print_what_vouches_for_it() -> None:
    assert "0" * 32 not in repr(actor(Role.PRACTITIONER))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_administers_or_audits_opens_no_record(role: Role) -> None:
    assert not {
        Permission.CHILD_OPEN,
        Permission.CHILD_RECALL,
        Permission.CHILD_SEARCH,
        Permission.INVOLVEMENT_KEEP,
    } & permissions_of(role)


@pytest.mark.parametrize("role", Role)
def test_every_role_says_who_holds_it(role: Role) -> None:
    assert role.holder.endswith(".")


@pytest.mark.parametrize(
    ("error", "outcome", "status"),
    [
        (NotFoundError, Outcome.NOT_FOUND, 404),
        (NotPermittedError, Outcome.NOT_PERMITTED, 403),
        (NotVettedError, Outcome.NOT_VETTED, 403),
        (OverBudgetRefusedError, Outcome.OVER_BUDGET, 429),
    ],
)
def test_refusal_has_outcome_and_status_and_tells_no_more(
    error: type[RefusedError], outcome: Outcome, status: int
) -> None:
    raised = error(child_id=4711)

    assert (raised.outcome, raised.status, raised.child_id) == (outcome, status, 4711)
    assert "4711" not in str(raised)
