"""Events of any day, and people and children as the examiner knows them: numbers, codes and fingerprints.

Written past everything that guards the log, by whoever owns the server: what is examined here is what came of them.
"""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from django.test import override_settings

from access.models import OrganisationKind, Role
from access.people import traits as of_people
from access.people.traits import PersonTraits
from audit.events import EventKind, Outcome
from audit.reasons import Reason
from registry.traits import values as of_children
from registry.traits.values import ChildTraits

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEALED = b"\x01" + bytes(48)  # what nobody opens
AUTHORITY, SCHOOL, OTHER_SCHOOL, ELSEWHERE = 1, 10, 11, 2
TEACHER, COLLEAGUE, AUDITOR = 100, 101, 102
_numbers = count(1)


class History:
    """An empty log, two authorities with a school each, and a few people."""

    def __init__(self, address: str) -> None:
        self.server = psycopg.connect(address, autocommit=True)
        self.server.execute("SET session_replication_role = replica")
        for month in (2, 3, 4):
            self.server.execute(
                f"CREATE TABLE audit_event_2026_0{month} PARTITION OF audit_event"
                f" FOR VALUES FROM ('2026-0{month}-01 00:00+00') TO ('2026-0{month + 1}-01 00:00+00')"
            )
        for number in (AUTHORITY, ELSEWHERE):
            self.organisation(number, OrganisationKind.AUTHORITY, None)
        self.organisation(SCHOOL, OrganisationKind.SCHOOL, AUTHORITY)
        self.organisation(OTHER_SCHOOL, OrganisationKind.SCHOOL, ELSEWHERE)
        self.person(TEACHER)
        self.person(COLLEAGUE)
        self.person(AUDITOR, AUTHORITY, Role.AUDITOR)

    def organisation(self, number: int, kind: str, authority: int | None) -> None:
        self.server.execute(
            "INSERT INTO access_organisation (id, name, kind, directory_code, telephone, town, postcode,"
            " responsible_authority_id, accredited_until)"
            " VALUES (%s, %s, %s, %s, '01614960000', 'Sale', 'M33 4AB', %s, '2030-01-01')",
            [number, f"Organisation {number}", kind, f"code-{number}", authority],
        )

    def person(self, number: int, organisation: int = SCHOOL, role: str = Role.PRACTITIONER, **traits: Any) -> None:
        self.server.execute(
            "INSERT INTO access_user (id, row_version, is_superuser, email_fingerprint, email, name, role,"
            " organisation_id, state, name_tokens) VALUES (%s, 1, false, %s, %s, %s, %s, %s, 'active', '{}')",
            [number, f"{number:032x}", SEALED, SEALED, role, organisation],
        )
        self.know(number, PersonTraits(**{"family": None, "whole": None, **traits}))

    def know(self, number: int, traits: PersonTraits) -> None:
        with override_settings(KEYRING_HOLDER="worker"):
            sealed = of_people.KEPT.seal(traits, of_people.KEPT.key(), row=number, version=1)
        self.traits(number, sealed)

    def traits(self, number: int, sealed: bytes) -> None:
        """A user's traits as they are stored."""
        self.server.execute(
            "INSERT INTO access_usertraits (user_id, row_version, homes_told, traits) VALUES (%s, 1, 1, %s)"
            " ON CONFLICT (user_id) DO UPDATE SET traits = excluded.traits",
            [number, sealed],
        )

    def child(self, number: int, **traits: Any) -> int:
        with override_settings(KEYRING_HOLDER="worker"):
            sealed = of_children.KEPT.seal(ChildTraits(**traits), of_children.KEPT.key(), row=number, version=1)
        self.server.execute(
            "INSERT INTO registry_childtraits (child_id, row_version, traits) VALUES (%s, 1, %s)"
            " ON CONFLICT (child_id) DO UPDATE SET traits = excluded.traits",
            [number, sealed],
        )
        return number

    def event(self, kind: EventKind = EventKind.CHILD_OPENED, *, after: timedelta = timedelta(), **values: Any) -> int:
        """One event in a transaction of its own, so long after that Monday. Returns its id."""
        opening = kind == EventKind.CHILD_OPENED
        event: dict[str, Any] = {
            "at": (MONDAY + after).isoformat(),
            "kind": kind.value,
            "outcome": Outcome.DONE.value,
            "actor_id": TEACHER,
            "process": "",
            "role": Role.PRACTITIONER.value,
            "organisation_id": SCHOOL,
            "authority_id": AUTHORITY,
            "session_id": 7,
            "reason": Reason.COOPERATION.value if opening else "",
            "shown": [],
            "fields": [],
            "writer": str(UUID(int=1)),
            "number": next(_numbers),
            "voided": [],
            "authentication": "\\x" + "00" * 16,
            "leaf": "\\x" + "00" * 32,
            **values,
        }
        found = self.server.execute(
            "INSERT INTO audit_event SELECT (jsonb_populate_record(NULL::audit_event, %s::jsonb || jsonb_build_object("
            "'id', nextval('audit_event_id_seq'), 'transaction_id', pg_current_xact_id()::text))).* RETURNING id",
            [json.dumps(event)],
        ).fetchone()
        assert found
        return int(found[0])

    def clock(self, *, after: timedelta) -> int:
        """Time passes: a process says that it lives."""
        return self.event(
            EventKind.LOG_HEARTBEAT,
            after=after,
            actor_id=None,
            process="worker",
            role="",
            organisation_id=None,
            authority_id=None,
            session_id=None,
        )

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that the examiner keeps, in an order that does not hang on numbers of rows."""
        statements = {
            "explanations": "SELECT * FROM review_explanation ORDER BY event_id",
            "findings": "SELECT person_id, rule, day, child_id, event_id, at, organisation_id, authority_id,"
            " round(bits::numeric, 6), round(counts::numeric, 6), codes, case_id IS NULL FROM review_finding"
            " ORDER BY person_id, rule, day, child_id",
            "cases": "SELECT person_id, child_id, organisation_id, round(score::numeric, 6), urgent_at IS NULL, growing"
            " FROM review_case ORDER BY person_id, child_id, growing",
            "tallies": "SELECT * FROM review_tally ORDER BY user_id, day",
            "recorded": "SELECT * FROM review_recorded ORDER BY event_id",
            "sampled": "SELECT * FROM review_sampled ORDER BY event_id",
            "cursor": "SELECT before_transaction::text FROM review_cursor",
        }
        return {name: self.server.execute(statement).fetchall() for name, statement in statements.items()}
