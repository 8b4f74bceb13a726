"""Step, as the owner: an authority with an administrator, a school of it, and that many vetted people who work there.

    python -m bench.revocation.people USERS

Prints their addresses, the administrator's last: who signs in last has confirmed most lately who they are.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

settings.KEYRING_HOLDER = "web"  # the owner, who writes all this at once, has no keys

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.models import (  # noqa: E402
    Organisation,
    OrganisationKind,
    Role,
    User,
    VettingItem,
    VettingKind,
)
from access.models.user import email_fingerprint  # noqa: E402
from access.rules import grants  # noqa: E402

AT_ONCE = 1_000


@transaction.atomic
def main() -> None:
    wanted = int(sys.argv[1])
    authority = _organisation(OrganisationKind.AUTHORITY, None)
    (administrator,) = _users(authority, Role.ADMINISTRATOR, 1)
    expires_on = timezone.localdate() + timedelta(days=100)
    grants.grant(administrator, grants.ADMINISTER, authority, expires_on=expires_on)
    school = _organisation(OrganisationKind.SCHOOL, authority)
    for begin in range(0, wanted, AT_ONCE):
        _users(school, Role.PRACTITIONER, min(AT_ONCE, wanted - begin), first=begin)
    emails = [_email(Role.PRACTITIONER, number) for number in range(wanted)]
    print(json.dumps([*emails, _email(Role.ADMINISTRATOR, 0)]))


def _organisation(kind: OrganisationKind, authority: Organisation | None) -> Organisation:
    return Organisation.objects.create(
        name=f"Measured {kind.label}",
        kind=kind,
        directory_code=f"measured-{kind}",
        telephone="01614960000",
        town="Sale",
        postcode="M33 4AB",
        responsible_authority=authority,
        accredited_until=timezone.localdate() + timedelta(days=100),
    )


def _users(organisation: Organisation, role: Role, wanted: int, *, first: int = 0) -> list[User]:
    today = timezone.localdate()
    users = []
    for number in range(first, first + wanted):
        email = _email(role, number)
        user = User(email_fingerprint=email_fingerprint(email), email=email, name=f"{role.label} {number}")
        user.role, user.organisation = role, organisation
        users.append(user)
    User.objects.bulk_create(users)
    VettingItem.objects.bulk_create(
        VettingItem(
            user=user,
            kind=kind,
            checked_on=today - timedelta(days=1),
            expires_on=today + timedelta(days=100),
        )
        for user in users
        for kind in VettingKind
    )
    return users


def _email(role: Role, number: int) -> str:
    return f"{role}.{number}@example.org"


if __name__ == "__main__":
    main()
