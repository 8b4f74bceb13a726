"""Step, as the web role: press "suspend" for some and "stop" for the organisation of the rest; see who still gets in.

python -m bench.revocation.pressing ADDRESS SAMPLE
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from random import Random
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

from access.models import Role, StopReason, StopScope  # noqa: E402
from access.organisations.actions.stopping import stop  # noqa: E402
from access.people.actions.deciding import suspend  # noqa: E402
from audit.actors import Actor  # noqa: E402
from bench import signed_in  # noqa: E402
from bench.signed_in import SignedIn  # noqa: E402

PAGE = "/my-access/"
LET_IN = 200
REFUSED = (302, 403)  # to the sign-in page, or told why
AT_ONCE = 8


def main() -> None:
    address, sample = sys.argv[1], int(sys.argv[2])
    people = signed_in.in_role(Role.PRACTITIONER)
    Random(1).shuffle(people)
    suspended = _suspend_each(address, people[:sample])
    print(json.dumps({"suspended": suspended, "stopped": _stop_all(address, people[sample:])}))


def _suspend_each(address: str, people: list[SignedIn]) -> dict[str, Any]:
    """One press a person. Milliseconds until it is done, and until that person's session is refused."""
    told: dict[str, Any] = {"pressed": [], "refused": [], "let through": 0}
    presser = _administrator()
    for one in people:
        _expect_in(address, one)
        begun = time.perf_counter()
        suspend(actor=presser, user_id=one.actor.user_id, reason=StopReason.MISUSE)
        told["pressed"].append(_since(begun))
        while _asks(address, one) == LET_IN:
            told["let through"] += 1
        told["refused"].append(_since(begun))
    return told


def _stop_all(address: str, people: list[SignedIn]) -> dict[str, Any]:
    """One press for all. Milliseconds until it is done, and of each session's next request."""
    for one in people[:AT_ONCE]:
        _expect_in(address, one)
    begun = time.perf_counter()
    stop(
        actor=_administrator(),
        scope=StopScope.ORGANISATION,
        target=people[0].actor.organisation_id,
        reason=StopReason.INCIDENT,
    )
    pressed = _since(begun)
    with ThreadPoolExecutor(AT_ONCE) as askers:
        answers = list(askers.map(lambda one: _timed(address, one), people))
    return {
        "pressed": [pressed],
        "requests": [milliseconds for _status, milliseconds in answers],
        "let through": sum(status == LET_IN for status, _milliseconds in answers),
    }


def _administrator() -> Actor:
    """The one who presses."""
    (one,) = signed_in.in_role(Role.ADMINISTRATOR)
    return one.actor


def _timed(address: str, one: SignedIn) -> tuple[int, float]:
    begun = time.perf_counter()
    status = _asks(address, one)
    return status, _since(begun)


def _asks(address: str, one: SignedIn) -> int:
    """The status with which a page is answered to that session. A connection each, as from browsers far apart."""
    connection = HTTPConnection(address, timeout=30)
    try:
        connection.request("GET", PAGE, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={one.cookie}"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status not in (LET_IN, *REFUSED):
        raise SystemExit(f"A page was answered with {answer.status}: that is no refusal, and nothing can be measured.")
    return answer.status


def _expect_in(address: str, one: SignedIn) -> None:
    status = _asks(address, one)
    if status != LET_IN:
        raise SystemExit(f"A session that lives was answered with {status}: nothing can be measured.")


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
