"""Step, as the owner: people and children as the examiner knows them, and four weeks of events. Prints how many.

    python -m bench.review.filling EVENTS [--alone]

With --alone they are today's events, each in a transaction of its own, of the people that there are.

Of everybody there are numbers, codes and sealed fingerprints; what else there would be, the examiner cannot read.
The events have no leaves: nobody seals this log.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

settings.KEYRING_HOLDER = "worker"  # which seals traits; the owner has no keys

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import Progress  # noqa: E402

from access.models import OrganisationKind, Role  # noqa: E402
from access.people.traits import PersonTraits, Rare  # noqa: E402
from audit.events import EventKind, Outcome  # noqa: E402
from registry.traits import filing  # noqa: E402
from registry.traits.values import ChildTraits, Involved  # noqa: E402
from review.examining.access import LONDON  # noqa: E402

PEOPLE, ORGANISATIONS, AUTHORITIES, CHILDREN = 4_000, 400, 10, 40_000
DAYS, AT_ONCE = 28, 2_000
EXPLAINED = 5 / 6
KINDS = (OrganisationKind.SCHOOL, OrganisationKind.GP_PRACTICE, OrganisationKind.HOSPITAL, OrganisationKind.POLICE)
NOBODY_OPENS = b"\x01" + bytes(48)
EVENTS = """
    INSERT INTO audit_event
    SELECT (jsonb_populate_record(NULL::audit_event, told || jsonb_build_object(
        'id', nextval('audit_event_id_seq'), 'transaction_id', pg_current_xact_id()::text
    ))).* FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS each (told, place) ORDER BY place
"""
CONSULTATION = (EventKind.CHILD_SEARCHED, EventKind.CHILD_LISTED, EventKind.CHILD_SHOWN, EventKind.CHILD_OPENED)


def main() -> None:
    wanted = int(sys.argv[1])
    random = Random(1)
    involved = {child: random.randrange(AUTHORITIES, ORGANISATIONS) for child in range(1, CHILDREN + 1)}
    alone = "--alone" in sys.argv
    if not alone:
        with transaction.atomic():
            _make_organisations()
            _make_people(random)
            _make_children(random, involved)
            _make_months()
    at_once = 1 if alone else AT_ONCE
    lines = _events(random, involved, wanted, timedelta(days=0 if alone else DAYS))
    with Progress(console=Console(stderr=True)) as progress:
        for start in progress.track(range(0, wanted, at_once), description="events"):
            batch = [next(lines) for _ in range(min(at_once, wanted - start))]
            with transaction.atomic():
                record(batch)
    execute("VACUUM ANALYZE audit_event")
    execute("VACUUM ANALYZE registry_childtraits")
    print(json.dumps({"people": PEOPLE, "children": CHILDREN}))


def _make_organisations() -> None:
    for number in range(1, ORGANISATIONS):
        kind = OrganisationKind.AUTHORITY if number < AUTHORITIES else KINDS[number % len(KINDS)]
        authority = None if number < AUTHORITIES else 1 + number % (AUTHORITIES - 1)
        execute(
            "INSERT INTO access_organisation (id, name, kind, directory_code, telephone, town, postcode,"
            " responsible_authority_id, accredited_until) VALUES (%s, %s, %s, %s, '', '', '', %s, '2100-01-01')",
            [number, str(number), kind, str(number), authority],
        )


def make_users(first: int, last: int) -> None:
    """Practitioners of these numbers, each at the place that their number says."""
    execute(
        "INSERT INTO access_user (id, row_version, is_superuser, email_fingerprint, email, name, role,"
        " organisation_id, state, name_tokens) SELECT number, 1, false, number, %s, %s, 'practitioner',"
        " %s + number %% %s, 'active', '{}' FROM generate_series(%s, %s) AS number",
        [NOBODY_OPENS, NOBODY_OPENS, AUTHORITIES, ORGANISATIONS - AUTHORITIES, first, last],
    )


def organisation_of(user: int) -> int:
    """Where that user works."""
    return AUTHORITIES + user % (ORGANISATIONS - AUTHORITIES)


def _make_people(random: Random) -> None:
    make_users(1, PEOPLE)
    filing.put_users(
        (
            number,
            1,
            1,
            PersonTraits(
                family=_name(random),
                whole=_name(random),
                telephones=(random.getrandbits(40),),
                homes=(random.getrandbits(40),),
                postcodes=(random.randrange(1, CHILDREN // 5),),
                near=(random.randrange(1, 100),),
            ),
        )
        for number in range(1, PEOPLE + 1)
    )


def _make_children(random: Random, involved: dict[int, int]) -> None:
    with connection.cursor() as cursor:  # of the records themselves there is nothing
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'registry_childtraits'::regclass AND contype = 'f'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE registry_childtraits DROP CONSTRAINT "{name}"')
    begin = timezone.localdate().toordinal() - 400
    filing.put(
        (
            child,
            1,
            ChildTraits(
                families=(_name(random),),
                guardians=(_name(random), _name(random)),
                guardian_families=(_name(random), _name(random)),
                homes=(random.getrandbits(40), random.getrandbits(40)),
                postcodes=(random.randrange(1, CHILDREN // 5), random.randrange(1, CHILDREN // 5)),
                near=(random.randrange(1, 100),),
                telephones=(random.getrandbits(40), random.getrandbits(40)),
                involved=tuple(
                    Involved(each, 1 + each % 19, begin, 0)
                    for each in (organisation, *random.sample(range(AUTHORITIES, ORGANISATIONS), 3))
                ),
                born=random.randrange(2008, 2026),
            ),
        )
        for child, organisation in involved.items()
    )


def _name(random: Random) -> Rare:
    number = int(random.paretovariate(0.5)) % 100_000
    return Rare(number, min(14, number.bit_length() + 6))


def _make_months() -> None:
    for ahead in range(DAYS // 28 + 1):
        day = (timezone.localdate().replace(day=1) - timedelta(days=28 * ahead)).replace(day=1)
        following = (day + timedelta(days=32)).replace(day=1)
        execute(
            f"CREATE TABLE IF NOT EXISTS audit_event_{day:%Y_%m} PARTITION OF audit_event"
            f" FOR VALUES FROM ('{day} 00:00+00') TO ('{following} 00:00+00')"
        )


def _events(random: Random, involved: dict[int, int], wanted: int, ago: timedelta) -> Iterator[str]:
    of_organisation: dict[int, list[int]] = {}
    for child, organisation in involved.items():
        of_organisation.setdefault(organisation, []).append(child)
    begin = datetime.combine(timezone.localdate() - ago, time(8), LONDON)
    each_day = wanted // max(1, ago.days) + 1
    for number in range(wanted // len(CONSULTATION) + 1):
        day, place = divmod(number * len(CONSULTATION), each_day)
        at = begin + timedelta(days=day, seconds=36_000 * place / each_day)
        user = random.randint(1, PEOPLE)
        organisation = organisation_of(user)
        own = of_organisation.get(organisation, [1])
        child = random.choice(own) if random.random() < EXPLAINED else random.randint(1, CHILDREN)
        yield from _consultation(random, at, user, organisation, child)


def _consultation(random: Random, at: datetime, user: int, organisation: int, child: int) -> Iterator[str]:
    trail, session = str(UUID(int=random.getrandbits(128))), user * 1000 + at.timetuple().tm_yday
    for place, kind in enumerate(CONSULTATION):
        listed = [child, *random.sample(range(1, CHILDREN), 4)] if kind == EventKind.CHILD_LISTED else []
        of_child = kind in (EventKind.CHILD_SHOWN, EventKind.CHILD_OPENED)
        yield event(
            kind,
            at + timedelta(seconds=10 * place),
            user,
            organisation_id=organisation,
            session_id=session,
            child_id=child if of_child else None,
            shown=listed,
            trail=None if of_child else trail,
        )


def event(kind: EventKind, at: datetime, user: int, *, organisation_id: int, **values: Any) -> str:
    """One event of a practitioner, as `record` takes it."""
    told: dict[str, Any] = {
        "at": at.isoformat(),
        "kind": kind.value,
        "outcome": Outcome.DONE.value,
        "actor_id": user,
        "process": "",
        "role": Role.PRACTITIONER.value,
        "organisation_id": organisation_id,
        "authority_id": 1 + organisation_id % (AUTHORITIES - 1),
        "reason": "s10" if kind == EventKind.CHILD_OPENED else "",
        "shown": [],
        "fields": [],
        "writer": str(UUID(int=1)),
        "number": 1,
        "voided": [],
        "authentication": "\\x" + "00" * 16,
        "leaf": "\\x" + "00" * 32,
        **values,
    }
    return json.dumps(told)


def record(events: Sequence[str]) -> None:
    """Write these events into the log, in their order."""
    execute(EVENTS, [f"[{','.join(events)}]"])


def execute(statement: str, arguments: list[Any] | None = None) -> None:
    """Run a statement that finds nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


if __name__ == "__main__":
    main()
