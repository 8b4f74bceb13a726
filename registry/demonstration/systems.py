"""Systems of the demonstration's council: each accredited, with its private key in a file.

Written by the owner, since nobody is signed in who could ask for one or agree. To do it again changes nothing.
"""

import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from joserfc.jwk import ECKey, KeyParameters, KeySet

from access.models import ClientSystem, Organisation, Role, SystemPurpose, User, UserState

NAMES = {
    SystemPurpose.PEOPLE: "Example case files",
    SystemPurpose.LEAVERS: "Example personnel system",
    SystemPurpose.FEED: "Example school census software",
}
ALGORITHM = "ES256"
# Where the example of clients/python listens.
COMES_BACK = "http://127.0.0.1:8090/signed-in"
GOOD_FOR = timedelta(days=300)


@transaction.atomic
def make(
    council: Organisation, file: Path, purpose: SystemPurpose = SystemPurpose.PEOPLE, feed: int | None = None
) -> ClientSystem:
    """The system that `file` has the private key of; both are made where they are not there.

    The file says what a system has to know: `client_id`, `key` (a JSON Web Key), `algorithm`, and where people work in
    it `comes_back`. `feed` is the one that it delivers, if it does.
    """
    told = known(file) if file.exists() else _new(file, purpose)
    made = ClientSystem.objects.filter(client_id=told["client_id"]).first()
    if made:
        return made
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, organisation=council, state=UserState.ACTIVE)
    first, second = administrators.order_by("pk")[:2]
    system = ClientSystem(
        organisation=council,
        client_id=told["client_id"],
        name=NAMES[purpose],
        purpose=purpose,
        feed=feed,
        addresses=[told["comes_back"]] if purpose == SystemPurpose.PEOPLE else [],
        keys=KeySet([ECKey.import_key(told["key"])]).as_dict(private=False),
        accredited_until=timezone.localdate() + GOOD_FOR,
        asked_by=first,
        accredited_by=second,
        accredited_at=timezone.now(),
    )
    system.save()
    return system


def known(file: Path) -> dict[str, Any]:
    """What the system of that file has to know."""
    told: dict[str, Any] = json.loads(file.read_text())
    return told


def _new(file: Path, purpose: SystemPurpose) -> dict[str, Any]:
    """What a new system has to know, written to `file` for its owner alone."""
    parameters: KeyParameters = {"kid": "example", "use": "sig", "alg": ALGORITHM}
    made: dict[str, Any] = {
        "client_id": secrets.token_urlsafe(16),
        "key": ECKey.generate_key("P-256", parameters=parameters).as_dict(private=True),
        "algorithm": ALGORITHM,
        **({"comes_back": COMES_BACK} if purpose == SystemPurpose.PEOPLE else {}),
    }
    draft = file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        json.dump(made, opened, indent=1)
    draft.replace(file)
    return made
