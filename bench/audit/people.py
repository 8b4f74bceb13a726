"""Step, as the owner: practitioners, no budget in their way, and a table without any guard.

    python -m bench.audit.people USERS

Prints their addresses. Which children there are is kept in the state directory for other steps.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

settings.KEYRING_HOLDER = "web"  # the owner, who writes all this at once, has no keys

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.models import (  # noqa: E402
    Budget,
    Organisation,
    OrganisationKind,
    Role,
    User,
    VettingItem,
    VettingKind,
)
from access.models.user import email_fingerprint  # noqa: E402
from audit.actors import Actor  # noqa: E402
from bench import signed_in  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.models import Child  # noqa: E402

NO_BUDGET = 2**31 - 1
# The columns and indexes of the log, and nothing else of it: neither trigger, check, partition nor policy.
UNGUARDED = """
    CREATE SEQUENCE bench_bare_id_seq;
    CREATE TABLE bench_bare (LIKE audit_event INCLUDING INDEXES);
    ALTER TABLE bench_bare ALTER id SET DEFAULT nextval('bench_bare_id_seq'), ALTER at SET DEFAULT clock_timestamp(),
        ALTER transaction_id SET DEFAULT pg_current_xact_id();
    GRANT INSERT ON bench_bare TO contactpoint_web;
    GRANT USAGE ON SEQUENCE bench_bare_id_seq TO contactpoint_web;
"""


def main() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNGUARDED)
        Budget.objects.update(hourly=NO_BUDGET, daily=NO_BUDGET)
        school = Organisation.objects.filter(kind=OrganisationKind.SCHOOL).order_by("pk")[0]
        emails = [_practitioner(school, number) for number in range(int(sys.argv[1]))]
    known = list(Child.objects.order_by("pk").values_list("pk", flat=True))
    state.write_private(_file(), json.dumps(known))
    print(json.dumps(emails))


def actors() -> list[Actor]:
    """The practitioners, each with a session that lives."""
    return [one.actor for one in signed_in.kept()]


def children() -> list[int]:
    """The ids of the children."""
    known: list[int] = json.loads(_file().read_text())
    return known


def _file() -> Path:
    return state.directory() / "children.json"


def _practitioner(organisation: Organisation, number: int) -> str:
    email = f"writer.{number}@example.org"
    user = User(
        email_fingerprint=email_fingerprint(email),
        email=email,
        name=f"Writer {number}",
        role=Role.PRACTITIONER,
        organisation=organisation,
    )
    user.save()
    today = timezone.localdate()
    VettingItem.objects.bulk_create(
        VettingItem(user=user, kind=kind, checked_on=today, expires_on=today + timedelta(days=100))
        for kind in VettingKind
    )
    return email


if __name__ == "__main__":
    main()
