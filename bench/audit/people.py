"""Step, as the owner: practitioners with live sessions, no budget in their way, and a table without any guard.

    python -m bench.audit.people USERS

What other steps need of them is kept in the state directory, as is all that is secret there.
"""

import json
import secrets
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

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
    Session,
    User,
    VettingItem,
    VettingKind,
)
from access.models.user import email_fingerprint  # noqa: E402
from audit.actors import Actor  # noqa: E402
from contactpoint.local import state  # noqa: E402
from encryption import keyring, seal  # noqa: E402
from encryption.keys import Purpose  # noqa: E402
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
        actors = [_actor(school, number) for number in range(int(sys.argv[1]))]
    children = list(Child.objects.order_by("pk").values_list("pk", flat=True))
    told = {"actors": [asdict(actor) for actor in actors], "children": children}
    state.write_private(_file(), json.dumps(told, default=str))
    print(json.dumps(len(actors)))


def actors() -> list[Actor]:
    """The practitioners, each with a session that lives."""
    return [Actor(**{**each, "request_id": UUID(each["request_id"])}) for each in _told()["actors"]]


def children() -> list[int]:
    """The ids of the children."""
    known: list[int] = _told()["children"]
    return known


def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_file().read_text())
    return told


def _file() -> Path:
    return state.directory() / "people.json"


def _actor(organisation: Organisation, number: int) -> Actor:
    email = f"writer.{number}@example.org"
    user = User(
        email_fingerprint=email_fingerprint(email),
        email=email,
        name=f"Writer {number}",
        role=Role.PRACTITIONER,
        organisation=organisation,
    )
    user.set_unusable_password()
    user.save()
    now = timezone.now()
    VettingItem.objects.bulk_create(
        VettingItem(user=user, kind=kind, checked_on=now.date(), expires_on=now.date() + timedelta(days=100))
        for kind in VettingKind
    )
    place = seal.Place(Session._meta.db_table, "contents", number, 0)
    session = Session.objects.create(
        key_fingerprint=secrets.token_hex(16),
        contents=seal.seal(b"{}", place, keyring.current().sealing_key(Purpose.SESSION), pad_to=256),
        user=user,
        started_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=10),
    )
    return Actor(
        user_id=user.pk,
        role=user.role,
        organisation_id=organisation.pk,
        authority_id=organisation.authority_id,
        session_id=session.pk,
        request_id=uuid4(),
        session_key=session.key_fingerprint,
    )


if __name__ == "__main__":
    main()
