"""Step, as the web role: how soon an urgent shield is in force, child by child.

    python -m bench.shields.urgent CHILDREN TIMES

Of two practitioners who have the record open one asks that it be hidden now, and the other looks at it again in the
moment in which that is answered: everybody's next request. Times are from before the form was sent.
"""

import json
import sys
import time
from html import unescape
from itertools import islice
from random import Random

import django

django.setup()

from bench.search import truth  # noqa: E402 - Django first
from bench.shields.browsing import Practitioner, practitioners  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.demonstration.shapes import Child, Household  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.vocabulary import AddressState  # noqa: E402

ASKED = {"urgent": "yes", "reason": "domestic_abuse", "asker": "carer", "identity_check": "not_checked_yet"}


def main() -> None:
    children, times = map(int, sys.argv[1:])
    random = Random(SEED)
    country = truth.england(children, SEED)
    some = (each for each in country.random_children(random) if each[0].address_state == AddressState.CURRENT)
    with practitioners(state.directory() / "users.json", 2) as (asks, looks):
        told = [_pressed(asks, looks, *each) for each in islice(some, times)]
    print(json.dumps({"answered": [one for one, _other in told], "hidden": [other for _one, other in told]}))


def _pressed(
    asks: Practitioner, looks: Practitioner, child: Child, home: Household, child_id: int
) -> tuple[float, float]:
    """Milliseconds until the request was answered, and until the other was shown a record without the address."""
    record = looks.open(child_id)
    asks.open(child_id)
    form = asks.address("ask_shield", child_id)
    typed = asks.shown(form) | ASKED
    if home.address.postcode not in looks.browser.get(record).content.decode():
        raise SystemExit("The record does not show what is to be hidden.")
    begun = time.perf_counter()
    asks.send(form, typed)
    answered = time.perf_counter()
    page = unescape(looks.browser.get(record).content.decode())
    hidden = time.perf_counter()
    if home.address.postcode in page or child.names[0].family not in page:
        raise SystemExit("The next request showed what an urgent shield hides.")
    return (answered - begun) * 1000, (hidden - begun) * 1000


if __name__ == "__main__":
    main()
