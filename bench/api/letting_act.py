"""Step, as the process that signs people in: each of these people lets the demonstration's system act for them.

    python -m bench.api.letting_act CLIENT-ID E-MAIL...

Prints an access token for each, in that order. They last a quarter of an hour.
"""

import json
import sys

import django

django.setup()

from access.models import ClientSystem  # noqa: E402 - Django first
from access.systems.actions import acting  # noqa: E402
from bench.signing_in import sign_in  # noqa: E402

CHALLENGE = "c" * 43  # whoever redeems the code is here


def main() -> None:
    client_id, *emails = sys.argv[1:]
    system = ClientSystem.objects.get(client_id=client_id)
    print(json.dumps([_token(system, email) for email in emails]))


def _token(system: ClientSystem, email: str) -> str:
    actor = sign_in(email).actor
    code = acting.allow(actor=actor, system=system, address=system.addresses[0], challenge=CHALLENGE)
    issued = acting.begin(system=system, code=code, in_words="A benchmark")
    if issued is None:
        raise SystemExit("The system may not act for this person.")
    return issued.access_token


if __name__ == "__main__":
    main()
