"""Step, as the web role: sign everybody in, each in a session of their own, and keep the keys for the steps after it.

python -m bench.revocation.signing_in
"""

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from allauth.account.internal.flows.login import record_authentication  # noqa: E402 - Django first
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from access.door.sessions import SessionStore  # noqa: E402
from access.models import Role, User  # noqa: E402
from audit.actors import Actor  # noqa: E402
from audit.events import EventKind  # noqa: E402
from audit.recorder import About, record  # noqa: E402
from contactpoint.local import state  # noqa: E402

FILE = "signed_in.json"


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a live session. `cookie` is what their browser sends."""

    actor: Actor
    cookie: str


def main() -> None:
    people = [sign_in(user) for user in User.objects.order_by("pk")]
    state.write_private(state.directory() / FILE, json.dumps([asdict(each) for each in people], default=str))
    print(json.dumps(len(people) - 1))


def administrator() -> SignedIn:
    """The one who presses."""
    return next(each for each in _people() if each.actor.role == Role.ADMINISTRATOR)


def practitioners() -> list[SignedIn]:
    """Everybody else."""
    return [each for each in _people() if each.actor.role == Role.PRACTITIONER]


def _people() -> list[SignedIn]:
    kept: list[dict[str, Any]] = json.loads((state.directory() / FILE).read_text())
    return [
        SignedIn(Actor(**{**each["actor"], "request_id": UUID(each["actor"]["request_id"])}), each["cookie"])
        for each in kept
    ]


@transaction.atomic
def sign_in(user: User) -> SignedIn:
    """What password and code leave behind in a session, and the event that makes the session the user's."""
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    request = HttpRequest()
    request.session = session
    for method in ("password", "mfa"):
        record_authentication(request, user, method)
    session.create()
    actor = Actor(
        user_id=user.pk,
        role=user.role,
        organisation_id=user.organisation_id,
        authority_id=user.organisation.authority_id,
        session_id=session.row_id or 0,
        request_id=uuid4(),
        session_key=session.key_fingerprint,
    )
    record(EventKind.SIGNED_IN, About(user_id=user.pk), actor=actor)
    return SignedIn(actor, session.session_key or "")


if __name__ == "__main__":
    main()
