"""What audit_record spares most events from being asked would have let them pass."""

import pytest
from django.db import connection

from access.models import Role
from audit.events import EventKind
from database.pages import Kind, Page
from tests.conftest import OwnerContext

ACTOR = 1
ASKED = "event.kind SIMILAR TO '(grant|organisation|people|stop|user).%'"
MEDIATED = "event.role = 'mediator' OR event.user_id IS NOT NULL OR event.kind LIKE 'mediation.%'"
# Of each kind, by whoever is least likely to be let: about nobody, themself, somebody who is not there.
EVENTS = """
    SELECT event.kind, event.role, event.user_id FROM unnest(%s::text[]) AS each_kind (kind)
    CROSS JOIN unnest(%s::text[]) AS each_role (role)
    CROSS JOIN unnest(ARRAY[NULL, %s, -1]::bigint[]) AS each_person (user_id)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::audit_event, jsonb_build_object(
        'kind', kind, 'role', role, 'user_id', user_id, 'actor_id', %s::bigint, 'organisation_id', -1, 'session_id', -1,
        'shown', '{{}}'::bigint[], 'fields', '{{}}'::text[]
    )) AS event
    WHERE NOT ({spared}) AND {refused}
"""


@pytest.fixture(autouse=True)
def db(db: None) -> None: ...


@pytest.mark.parametrize(("page", "condition"), [("audit_record", ASKED), ("access_charge_event", MEDIATED)])
def test_the_conditions_are_those_of_the_pages(page: str, condition: str) -> None:
    assert f"IF {condition} " in Page("access", Kind.FUNCTION, page).in_force.read_text()


def refused(as_owner: OwnerContext, condition: str, question: str) -> list[tuple[str, str, int | None]]:
    """The events that are not asked about, and yet would be refused."""
    roles = [role.value for role in Role]
    kinds = [kind.value for kind in EventKind]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            EVENTS.format(spared=condition.replace("%", "%%"), refused=question), [kinds, roles, ACTOR, ACTOR]
        )
        rows: list[tuple[str, str, int | None]] = cursor.fetchall()
        return rows


def test_whoever_is_not_asked_whether_they_may_would_be_told_yes(as_owner: OwnerContext) -> None:
    assert refused(as_owner, ASKED, "access_may_do(event) IS NOT TRUE") == []
    assert refused(as_owner, "false", "access_may_do(event) IS NOT TRUE")


def test_whoever_is_not_asked_for_a_call_needs_none(as_owner: OwnerContext) -> None:
    # Raises where it refuses; returns nothing, which is no reason to be among the rows.
    assert refused(as_owner, MEDIATED, "access_check_mediation(event) IS NULL") == []
