"""The people of the demonstration: at least one in each role, vetted, with a password and an authenticator secret.

Their credentials are random for each installation and stand in one file (0600) that only its owner reads.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from access.actions.people import NewUser, add_user
from access.models import Organisation, User, VettingKind
from access.models.user import email_fingerprint
from access.roles import Role
from audit.actors import Process

ACTOR = Process("demonstration")
# Name, role, and where they work: the directory code of an organisation, or a kind of which the first by name is taken.
PEOPLE: tuple[tuple[str, Role, str], ...] = (
    ("Priya Nair", Role.PRACTITIONER, "childrens-social-care"),
    ("Tom Hadley", Role.PRACTITIONER, "school"),
    ("Grace Mensah", Role.PRACTITIONER, "community_health"),
    ("Daniel Roe", Role.PRACTITIONER, "mental_health"),
    ("Helen Marsh", Role.MEDIATOR, "childrens-social-care"),
    ("Oluwaseun Adeyemi", Role.ADMINISTRATOR, "council"),
    ("Margaret Lowe", Role.AUDITOR, "council"),
)
CHECKED_BEFORE = timedelta(days=40)
VALID_FOR = {
    VettingKind.DBS: timedelta(days=3 * 365),
    VettingKind.TRAINING: timedelta(days=365),
    VettingKind.AGREEMENT: timedelta(days=2 * 365),
    VettingKind.EMPLOYMENT: timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """How one demonstration user signs in."""

    role: str
    name: str
    email: str
    password: str
    totp_secret: str
    organisation: str


def add_people(organisations: Mapping[str, Organisation], *, file: Path, today: date) -> list[Credentials]:
    """Add those who are not there. Their credentials are written to `file` before they are, so that none is lost."""
    known = _read(file) or _write(file, [_make(person, organisations) for person in PEOPLE])
    by_name = {name: organisation for name, _role, organisation in PEOPLE}
    for each in known:
        if not User.objects.filter(email_fingerprint=email_fingerprint(each.email)).exists():
            _add(each, _employer(organisations, by_name[each.name]), today)
    return known


def _add(credentials: Credentials, organisation: Organisation, today: date) -> None:
    checked_on = today - CHECKED_BEFORE
    new = NewUser(
        name=credentials.name,
        email=credentials.email,
        role=Role(credentials.role),
        organisation=organisation,
        password=credentials.password,
        authenticator_secret=credentials.totp_secret,
        checked_on=checked_on,
        expiries={kind: checked_on + valid_for for kind, valid_for in VALID_FOR.items()},
    )
    add_user(actor=ACTOR, new=new)


def _make(person: tuple[str, Role, str], organisations: Mapping[str, Organisation]) -> Credentials:
    name, role, where = person
    return Credentials(
        role=role.value,
        name=name,
        email=f"{name.lower().replace(' ', '.')}@example.org",
        password=secrets.token_urlsafe(12),
        totp_secret=base64.b32encode(secrets.token_bytes(20)).decode(),
        organisation=_employer(organisations, where).name,
    )


def _employer(organisations: Mapping[str, Organisation], where: str) -> Organisation:
    of_that_kind = (each for each in organisations.values() if each.kind == where)
    return organisations.get(where) or min(of_that_kind, key=lambda each: each.name)


def _read(file: Path) -> list[Credentials]:
    return [Credentials(**entry) for entry in json.loads(file.read_text())] if file.exists() else []


def _write(file: Path, people: list[Credentials]) -> list[Credentials]:
    draft = file.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        json.dump([asdict(each) for each in people], opened, indent=1)
    draft.replace(file)
    return people
