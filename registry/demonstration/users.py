"""The people of the demonstration: each role, vetted, and some at other points of their life in the service.

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

from access.models import Organisation, Role, StopReason, User, UserState, VettingKind
from access.models.user import email_fingerprint
from access.people.actions.deciding import suspend
from access.people.actions.people import NewUser, add_user
from access.rules import grants
from access.rules.vetting import last_day_of
from access.sign_in.actions.first_secrets import give_secrets
from audit.actors import Process

ACTOR = Process("demonstration")
COUNCIL = "council"  # its directory code
CHECKED_BEFORE = timedelta(days=40)
LAPSED_SINCE = timedelta(days=3)
ALREADY_SEEN = (VettingKind.IDENTITY, VettingKind.DBS)  # of whoever is still joining


@dataclass(frozen=True, slots=True)
class Person:
    """Who they are. `where`: the directory code of an organisation, or a kind of which the first by name is taken."""

    name: str
    role: Role
    where: str
    also_granted: tuple[str, ...] = ()
    state: UserState = UserState.ACTIVE
    lapsed: VettingKind | None = None


PEOPLE: tuple[Person, ...] = (
    Person("Priya Nair", Role.PRACTITIONER, "childrens-social-care", also_granted=(grants.OVERRIDE,)),
    Person("Tom Hadley", Role.PRACTITIONER, "school"),
    Person("Grace Mensah", Role.PRACTITIONER, "community_health"),
    Person("Daniel Roe", Role.PRACTITIONER, "mental_health"),
    Person("Helen Marsh", Role.MEDIATOR, "childrens-social-care"),
    # Two of them: what one asks, the other decides.
    Person("Oluwaseun Adeyemi", Role.ADMINISTRATOR, COUNCIL, also_granted=(grants.STOP_SERVICE,)),
    Person("Ruth Pemberton", Role.ADMINISTRATOR, COUNCIL, also_granted=(grants.STOP_SERVICE,)),
    Person("Sam Whitfield", Role.ADMINISTRATOR, "school", also_granted=(grants.APPLY,)),
    # Two of them as well: an alert that concerns everybody one takes and another closes.
    Person("Margaret Lowe", Role.AUDITOR, COUNCIL),
    Person("Yusuf Demir", Role.AUDITOR, COUNCIL),
    Person("Lena Fischer", Role.PRACTITIONER, "school", state=UserState.JOINING),
    Person("Imran Shah", Role.PRACTITIONER, "community_health", lapsed=VettingKind.TRAINING_SECURITY),
    Person("Carol Dunn", Role.PRACTITIONER, "childrens-social-care", state=UserState.SUSPENDED),
)


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
    known = {each.name: each for each in _read(file)}
    if any(person.name not in known for person in PEOPLE):
        known = {person.name: known.get(person.name) or _make(person, organisations) for person in PEOPLE}
        _write(file, list(known.values()))
    for person in PEOPLE:
        each = known[person.name]
        if not User.objects.filter(email_fingerprint=email_fingerprint(each.email)).exists():
            _add(person, each, _employer(organisations, person.where), today)
    return list(known.values())


def give_secrets_of(file: Path) -> None:
    """Give each of the people of `file` their password and authenticator app, unless they have one."""
    for each in _read(file):
        give_secrets(email=each.email, password=each.password, authenticator_secret=each.totp_secret)


def _add(person: Person, credentials: Credentials, organisation: Organisation, today: date) -> None:
    checked_on = today - CHECKED_BEFORE
    new = NewUser(
        name=credentials.name,
        email=credentials.email,
        role=Role(credentials.role),
        organisation=organisation,
        checked_on=checked_on,
        expiries=_expiries(person, checked_on, today),
        state=UserState.JOINING if person.state == UserState.JOINING else UserState.ACTIVE,
        also_granted=person.also_granted,
    )
    user = add_user(actor=ACTOR, new=new)
    if person.state == UserState.SUSPENDED:
        suspend(actor=ACTOR, user_id=user.pk, reason=StopReason.MISUSE)


def _expiries(person: Person, checked_on: date, today: date) -> dict[VettingKind, date]:
    kinds = ALREADY_SEEN if person.state == UserState.JOINING else tuple(VettingKind)
    expiries = {kind: last_day_of(kind, checked_on=checked_on) for kind in kinds}
    return expiries | ({person.lapsed: today - LAPSED_SINCE} if person.lapsed else {})


def _make(person: Person, organisations: Mapping[str, Organisation]) -> Credentials:
    return Credentials(
        role=person.role.value,
        name=person.name,
        email=f"{person.name.lower().replace(' ', '.')}@example.org",
        password=secrets.token_urlsafe(12),
        totp_secret=base64.b32encode(secrets.token_bytes(20)).decode(),
        organisation=_employer(organisations, person.where).name,
    )


def _employer(organisations: Mapping[str, Organisation], where: str) -> Organisation:
    of_that_kind = (each for each in organisations.values() if each.kind == where)
    return organisations.get(where) or min(of_that_kind, key=lambda each: each.name)


def _read(file: Path) -> list[Credentials]:
    return [Credentials(**entry) for entry in json.loads(file.read_text())] if file.exists() else []


def _write(file: Path, people: list[Credentials]) -> None:
    draft = file.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        json.dump([asdict(each) for each in people], opened, indent=1)
    draft.replace(file)
