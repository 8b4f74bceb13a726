"""Step, as the process that signs people in: what password and code leave behind there, for each of these people.

    python -m bench.signing_in E-MAIL...

Prints their sessions, in that order: bench.signed_in reads them. They last until the absolute limit, since a benchmark
takes longer than a session may rest.
"""

import json
import sys
from dataclasses import asdict
from uuid import uuid4

import django

django.setup()

from allauth.account.internal.flows.login import record_authentication  # noqa: E402 - Django first
from allauth.mfa.models import Authenticator  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.conf import settings  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from access.door import sessions  # noqa: E402
from access.door.actors import actor_of  # noqa: E402
from access.models import User  # noqa: E402
from access.models.user import email_fingerprint  # noqa: E402
from access.sign_in.events import record_sign_in  # noqa: E402
from access.sign_in.sessions import SessionStore  # noqa: E402
from bench.signed_in import SignedIn  # noqa: E402

settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE


def main() -> None:
    print(json.dumps([asdict(sign_in(email)) for email in sys.argv[1:]], default=str))


def sign_in(email: str) -> SignedIn:
    """Somebody signed in with both factors."""
    request = HttpRequest()
    request.request_id = uuid4()  # type: ignore[attr-defined]
    request.service = sessions.SessionStore()  # type: ignore[attr-defined]
    request.session = SessionStore(service=sessions.session_of(request))
    request.user = user = User.objects.get(email_fingerprint=email_fingerprint(email))
    if not Authenticator.objects.filter(user=user).exists():  # whom a benchmark made has no second step yet
        TOTP.activate(user, generate_totp_secret())
    for method in ("password", "mfa"):
        record_authentication(request, user, method)
    record_sign_in(request, user)
    return SignedIn(actor_of(request), sessions.session_of(request).session_key or "")


if __name__ == "__main__":
    main()
