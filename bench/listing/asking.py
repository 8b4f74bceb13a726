"""Step, as the web role: ask each question again and again, the selector alone and the whole page.

python -m bench.listing.asking REQUESTS
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.people.forms import PeopleFilterForm  # noqa: E402
from access.people.selectors.people import people_of  # noqa: E402
from access.people.selectors.waiting import waiting_counts  # noqa: E402
from access.rules.administering import (  # noqa: E402
    APPLYING,
    organisations_administered,
    reach_of,
)
from bench import signed_in  # noqa: E402
from bench.signed_in import SignedIn  # noqa: E402

WHO = ("of one authority", "of all England")
WARM = 10
# What is typed on the page.
KINDS: dict[str, dict[str, str]] = {
    "everybody, newest first": {},
    "a common family name": {"text": "smith"},
    "three letters": {"text": "moh"},
    "forename and family name": {"text": "mohammed khan"},
    "nobody": {"text": "zzyzx"},
    "a whole e-mail address": {"text": "person.77@example.org"},
    "an organisation": {"organisation": "school or college 1-3"},
    "suspended": {"state": "suspended"},
    "stopped": {"state": "stopped"},
    "a role": {"role": "practitioner"},
    "runs out within 30 days": {"runs_out_within": "30"},
    "a name, suspended": {"text": "khan", "state": "suspended"},
}


def main() -> None:
    people = dict(zip(WHO, signed_in.kept(), strict=True))
    print(json.dumps({who: _asked(person, int(sys.argv[1])) for who, person in people.items()}))


def _asked(person: SignedIn, requests: int) -> dict[str, Any]:
    browser = Client(SERVER_NAME="localhost")
    browser.cookies[settings.SESSION_COOKIE_NAME] = person.cookie
    figures = {}
    for kind, typed in KINDS.items():
        found = _found(person, typed)
        browser.post(reverse("people"), typed)
        figures[kind] = {
            "found": found if found <= 1_000 else "over 1,000",  # noqa: PLR2004 - as the page says
            "selector": _timed(lambda typed=typed: _found(person, typed), requests),  # type: ignore[misc]
            "view": _timed(lambda: _read(browser, "people"), requests),
        }
    figures["what waits, on the start page"] = {
        "found": _waiting(person),
        "selector": _timed(lambda: _waiting(person), requests),
        "view": _timed(lambda: _read(browser, "home"), requests),
    }
    return figures


def _waiting(person: SignedIn) -> str:
    counts = waiting_counts(person.actor, reach_of(person.actor), today=timezone.localdate())
    return f"{counts.decisions} + {counts.running_out} + {counts.invited}"


def _found(person: SignedIn, typed: dict[str, str]) -> int:
    with transaction.atomic():
        reach = partial(organisations_administered, person.actor, *APPLYING)
        wanted = PeopleFilterForm(typed, reach=reach).wanted()
        if wanted is None:
            raise SystemExit("What is typed is wrong: nothing can be measured.")
        return people_of(person.actor, wanted, today=timezone.localdate()).total


def _read(browser: Client, page: str) -> None:
    answer = browser.get(reverse(page))
    if answer.status_code != 200:  # noqa: PLR2004 - let in
        raise SystemExit(f"The page was answered with {answer.status_code}: nothing can be measured.")


def _timed(ask: Callable[[], object], requests: int) -> list[float]:
    """Milliseconds of each, the first ones left out."""
    times = []
    for _ in range(WARM + requests):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return times[WARM:]


if __name__ == "__main__":
    main()
