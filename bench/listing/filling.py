"""Step, as the owner: 152 authorities, ten organisations of each, that many people who work there, and who lists them.

python -m bench.listing.filling USERS
"""

import json
import sys
import time
from datetime import timedelta
from random import Random

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

settings.KEYRING_HOLDER = "web"  # the owner, who writes all this at once, has no keys

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.models import (  # noqa: E402
    Approval,
    ApprovalKind,
    Organisation,
    OrganisationKind,
    Role,
    User,
    UserState,
)
from access.models.user import email_fingerprint  # noqa: E402
from access.people.name_tokens import tokens_of_name  # noqa: E402
from access.rules import grants  # noqa: E402
from registry.demonstration.names import name_book  # noqa: E402
from registry.demonstration.shapes import Origin  # noqa: E402
from registry.vocabulary import Gender  # noqa: E402

AUTHORITIES, ORGANISATIONS = 152, 10
AT_ONCE = 2_000
ITEM_DAYS = 365
STATES = (
    (UserState.ACTIVE, 89),
    (UserState.INVITED, 1),
    (UserState.JOINING, 4),
    (UserState.LEFT, 4),
    (UserState.SUSPENDED, 2),
)


def main() -> None:
    begun = time.perf_counter()
    wanted = int(sys.argv[1])
    random = Random(1)
    with transaction.atomic():
        authorities = [_organisation(OrganisationKind.AUTHORITY, None, number) for number in range(AUTHORITIES)]
        schools = [
            _organisation(OrganisationKind.SCHOOL, authority, number)
            for authority in authorities
            for number in range(ORGANISATIONS)
        ]
        asker = _administrators(authorities)
    for begin in range(0, wanted, AT_ONCE):
        with transaction.atomic():
            people = User.objects.bulk_create(
                _user(random, random.choice(schools), number) for number in range(begin, min(begin + AT_ONCE, wanted))
            )
            Approval.objects.bulk_create(
                Approval(user=user, kind=ApprovalKind.JOIN, role=user.role, asked_by=asker, asked_at=timezone.now())
                for user in people
                if user.state == UserState.JOINING
            )
    told = {
        "users": User.objects.count(),
        "organisations": Organisation.objects.count(),
        "seconds": time.perf_counter() - begun,
    }
    print(json.dumps(told))


def _organisation(kind: OrganisationKind, authority: Organisation | None, number: int) -> Organisation:
    where = f"{authority.pk if authority else 'England'}-{number}"
    return Organisation.objects.create(
        name=f"Measured {kind.label} {where}",
        kind=kind,
        directory_code=f"{kind}-{where}",
        telephone="01614960000",
        town="Sale",
        postcode="M33 4AB",
        responsible_authority=authority,
        accredited_until=timezone.localdate() + timedelta(days=ITEM_DAYS),
    )


def _administrators(authorities: list[Organisation]) -> User:
    """One of the first authority alone, one to whom all are granted, and one who asked for all that waits: returned."""
    for number, granted in enumerate((authorities[:1], authorities, [])):
        user = _made(f"Administrator {number}", f"administrator.{number}@example.org", authorities[0])
        user.role = Role.ADMINISTRATOR
        user.save()
        for authority in granted:
            grants.grant(user, grants.ADMINISTER, authority)
    return user


def _user(random: Random, school: Organisation, number: int) -> User:
    book = name_book()
    origin, gender = random.choice(list(Origin)), random.choice((Gender.FEMALE, Gender.MALE))
    name = f"{book.adult_forename(random, origin, gender)} {book.family_name(random, origin).borne_by(gender)}"
    user = _made(name, f"person.{number}@example.org", school)
    (user.state,) = random.choices([state for state, _ in STATES], [share for _, share in STATES])
    user.valid_until = timezone.localdate() + timedelta(days=random.randrange(-10, ITEM_DAYS))
    return user


def _made(name: str, email: str, organisation: Organisation) -> User:
    return User(
        name=name,
        email=email,
        email_fingerprint=email_fingerprint(email),
        name_tokens=tokens_of_name(name),
        role=Role.PRACTITIONER,
        organisation=organisation,
        valid_until=timezone.localdate() + timedelta(days=ITEM_DAYS),
    )


if __name__ == "__main__":
    main()
