"""Step, as the owner: fill a log of a year with events of ten authorities, and add the auditor who asks.

    python -m bench.explorer.filling EVENTS

Prints how many there are, the seconds it took, and the bytes they take with their indexes. The events are made by
PostgreSQL, since what is measured is reading: theirs are the columns that pages ask for, in the shapes that real ones
have, but no tag and no leaf, so that nothing of this log could be sealed. They come in consultations of two minutes: a
search, what it listed, and in two of three a record opened, with what explains it. Ids rise with the time, as real ones
do.
"""

import json
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402 - Django first
from django.conf import settings  # noqa: E402 - Django first

settings.KEYRING_HOLDER = "web"  # the owner, who writes all this at once, has no keys

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.models import Organisation, OrganisationKind, Role, User  # noqa: E402
from access.models.user import email_fingerprint  # noqa: E402
from access.rules import grants  # noqa: E402
from audit.recorder import CRITERIA_PAD_TO  # noqa: E402
from bench.audit.filling import CRITERIA  # noqa: E402
from encryption import keyring, seal  # noqa: E402
from encryption.keys import DataKey, Purpose  # noqa: E402

AUTHORITIES, SCHOOLS = 10, 50  # SCHOOLS of each
MONTHS = 12
AT_ONCE = 50_000  # consultations
EVENTS_EACH = 8 / 3
# A partition for each month of the year before this one, as audit_make_partitions makes those that come.
PARTITION = """
    CREATE TABLE {name} PARTITION OF audit_event FOR VALUES FROM ('{first}') TO ('{after}');
    ALTER TABLE {name} ALTER COLUMN actor_id SET STATISTICS 0, ALTER COLUMN child_id SET STATISTICS 0,
        ALTER COLUMN user_id SET STATISTICS 0, ALTER COLUMN session_id SET STATISTICS 0,
        ALTER COLUMN shown SET STATISTICS 0;
"""
# Consultation n of all: users and children by hashes, so that each has events throughout the year. One in fifty users
# does half of all, and so do some children; those of a school see its children more often than others.
FILL = """
    INSERT INTO audit_event (
        id, at, transaction_id, kind, outcome, actor_id, process, role, organisation_id, authority_id, session_id,
        request_id, child_id, user_id, reason, shown, fields, trail, criteria, writer, number, voided, authentication,
        leaf
    )
    SELECT nextval('audit_event_id_seq'), at + step * interval '40 seconds', '3', kind, 'done', %(user)s + who, '',
        'practitioner', %(school)s + school, %(authority)s + school %% {authorities}, %(session)s + n / 3,
        gen_random_uuid(), CASE WHEN kind = 'child.opened' THEN listed[1] END, NULL,
        CASE WHEN kind = 'child.opened' THEN reason ELSE '' END,
        CASE WHEN kind = 'child.listed' THEN listed ELSE '{{}}' END, '{{}}',
        CASE WHEN kind = 'child.opened' THEN NULL ELSE md5('trail' || n)::uuid END,
        CASE WHEN kind = 'child.searched' THEN %(criteria)s::bytea END,
        md5('writer')::uuid, n, '{{}}', '\\x00000000000000000000000000000000', sha256(int8send(n))
    FROM (
        SELECT n, %(begin)s::timestamptz + n * %(apart)s::interval AS at, who, who %% %(schools)s AS school,
            ARRAY(
                SELECT (abs(hashint8(n * 100 + place)) %% %(children)s) + 1 FROM generate_series(1, 5) AS place
            ) AS listed,
            (ARRAY['s11', 's47', 's10', 's175', 's175', 's175', 's436a'])[1 + abs(hashint8(n + 7)) %% 7] AS reason
        FROM (
            SELECT n, CASE WHEN abs(hashint8(n)) %% 2 = 0 THEN abs(hashint8(n + 1)) %% (%(users)s / 50)
                ELSE abs(hashint8(n + 2)) %% %(users)s END AS who
            FROM generate_series(%(from)s::bigint, %(until)s::bigint) AS n
        ) AS consultation
    ) AS consultation
    CROSS JOIN (VALUES (0, 'child.searched'), (1, 'child.listed'), (2, 'child.opened')) AS done (step, kind)
    WHERE kind <> 'child.opened' OR n %% 3 > 0
    ORDER BY n, step
"""
# How each opening stands by now, as in a simulated year (ADR 35).
EXPLAIN = """
    INSERT INTO review_explanation (
        event_id, at, day, kind, child_id, person_id, actor_id, organisation_id, authority_id, reason, state, codes,
        explained_at
    )
    SELECT id, at, (at AT TIME ZONE %(zone)s)::date, kind, child_id, actor_id, actor_id, organisation_id, authority_id,
        reason, state, '{{}}', CASE WHEN state <> 'unexplained' THEN at END
    FROM (
        SELECT event.*, CASE WHEN abs(hashint8(id)) %% 1000 < 965 THEN 'at_once'
            WHEN abs(hashint8(id)) %% 1000 < 973 THEN 'later' ELSE 'unexplained' END AS state
        FROM {month} AS event WHERE kind = 'child.opened'
    ) AS opening
"""


def main() -> None:
    wanted = int(sys.argv[1])
    begun = time.perf_counter()
    authority, school = _organisations()
    consultations = int(wanted / EVENTS_EACH)
    begin = _make_months()
    told: dict[str, Any] = {
        "user": 1_000_000,
        "session": 1_000_000,
        "school": school,
        "authority": authority,
        "schools": AUTHORITIES * SCHOOLS,
        "users": max(500, wanted // 500),
        "children": max(5_000, wanted // 20),
        "criteria": seal.seal(CRITERIA, seal.Place("audit_event", "criteria", 1, 0), _key(), pad_to=CRITERIA_PAD_TO),
        "begin": begin,
        "apart": (timezone.now() - begin) / consultations,
    }
    for start in range(0, consultations, AT_ONCE):
        until = min(start + AT_ONCE, consultations) - 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FILL.format(authorities=AUTHORITIES), told | {"from": start, "until": until})
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_event'::regclass")
        for (month,) in cursor.fetchall():
            cursor.execute(EXPLAIN.format(month=month), {"zone": settings.TIME_ZONE})
        cursor.execute("VACUUM ANALYZE audit_event")
        cursor.execute("VACUUM ANALYZE review_explanation")
        cursor.execute(
            "SELECT count(*), (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits"
            " WHERE inhparent = 'audit_event'::regclass)::bigint FROM audit_event"
        )
        events, size = cursor.fetchone()
    print(json.dumps({"events": events, "seconds": time.perf_counter() - begun, "bytes": size}))


def _key() -> DataKey:
    return keyring.current().sealing_key(Purpose.AUDIT)


def _organisations() -> tuple[int, int]:
    """Ten authorities, their schools, and the auditor of the first. Returns the first of each; ids follow on."""
    with transaction.atomic():
        authorities = [_organisation(OrganisationKind.AUTHORITY, None, number) for number in range(AUTHORITIES)]
        schools = [
            _organisation(OrganisationKind.SCHOOL, authorities[number % AUTHORITIES], number)
            for number in range(AUTHORITIES * SCHOOLS)
        ]
        email = "auditor@example.org"
        auditor = User(
            name="Auditor",
            email=email,
            email_fingerprint=email_fingerprint(email),
            role=Role.AUDITOR,
            organisation=authorities[0],
            valid_until=timezone.localdate() + timedelta(days=100),
        )
        auditor.save()
        # A session counts as confirmed only of somebody who has a second factor; its secret is never asked for here.
        Authenticator.objects.create(user=auditor, type=Authenticator.Type.TOTP, data={})
        grants.grant(auditor, grants.AUDIT, authorities[0])
    return authorities[0].pk, schools[0].pk


def _organisation(kind: OrganisationKind, authority: Organisation | None, number: int) -> Organisation:
    return Organisation.objects.create(
        name=f"Measured {kind.label} {number}",
        kind=kind,
        directory_code=f"{kind}-{number}",
        telephone="01614960000",
        town="Sale",
        postcode="M33 4AB",
        responsible_authority=authority,
        accredited_until=timezone.localdate() + timedelta(days=100),
    )


def _make_months() -> datetime:
    """The months before this one. Returns when the first begins."""
    with connection.cursor() as cursor:
        cursor.execute("SET timezone TO 'UTC'")
        cursor.execute(
            "SELECT to_char(month, '\"audit_event_\"YYYY_MM'), month::text, (month + interval '1 month')::text, month"
            " FROM generate_series(date_trunc('month', now()) - make_interval(months => %s),"
            " date_trunc('month', now()) - interval '1 month', '1 month') AS month",
            [MONTHS],
        )
        months = cursor.fetchall()
        for name, first, after, _ in months:
            cursor.execute(PARTITION.format(name=name, first=first, after=after))
    begin: datetime = months[0][3]
    return begin


if __name__ == "__main__":
    main()
