"""Step, as the web role: a shielded child asked for by a field that is hidden, guessed rightly and wrongly, by turns.

    python -m bench.shields.guessing CHILDREN REQUESTS

Rightly is the child's own postcode or NHS number; wrongly is another's postcode, as long as theirs, or a number that
nobody has. Names are the child's own. To whoever asks both are nobody found; were one found, the step ends.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import django

django.setup()

from django.urls import reverse  # noqa: E402 - Django first

from bench import people  # noqa: E402
from bench.mistakes import Asked  # noqa: E402
from bench.search import asking, truth  # noqa: E402
from bench.search.truth import Question  # noqa: E402
from bench.shields.browsing import Practitioner, practitioners  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.demonstration.numbers import nhs_check_digit  # noqa: E402
from registry.demonstration.shapes import Child, Household  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.search import index  # noqa: E402
from registry.vocabulary import AddressState  # noqa: E402

ASKED_FOR = 100  # children
WARM = 100
NOBODY = "No child found"

Typed = dict[str, str]
Pair = tuple[Typed, Typed]
Known = tuple[Child, Household, int]


def main() -> None:
    children, requests = map(int, sys.argv[1:])
    random = Random(SEED)
    index.tokeniser()  # read once in the life of a process
    known = list(islice(_known(children, random), ASKED_FOR))
    asked = {"postcode": _by_postcode(known), "NHS number": _by_number(known)}
    if not all(asked.values()):
        raise SystemExit("Too few shielded children have an address. Make a larger England.")
    with practitioners(state.directory() / "users.json", 1) as (one,):
        told = {field: _measured(one, pairs, requests, random) for field, pairs in asked.items()}
    print(json.dumps(told))


def _known(children: int, random: Random) -> Iterator[Known]:
    """Shielded children who have an address."""
    country = truth.england(children, SEED)
    for child, home, child_id in country.random_children(random, shielded=True):
        if child.address_state == AddressState.CURRENT and home.address.postcode:
            yield child, home, child_id


def _by_postcode(known: list[Known]) -> list[Pair]:
    """Each child with both postcodes: no longer and no shorter, since the page repeats what was asked.

    Of those alone at whose postcodes nobody else is called like the child: who is found tells nothing of them.
    """
    alike: dict[int, list[Known]] = defaultdict(list)
    for each in known:
        alike[len(each[1].address.postcode)].append(each)
    users_file = state.directory() / "users.json"
    with people.unlimited(), people.browser(users_file) as browser, asking.practitioner(browser) as one:
        return [
            (_names(child) | {"postcode": own}, _names(child) | {"postcode": other})
            for group in alike.values()
            for (child, home, child_id), neighbour in zip(group, group[1:] + group[:1], strict=True)
            if (own := home.address.postcode) != (other := neighbour[1].address.postcode)
            if not any(_found(one, child, child_id, code) for code in (own, other))
        ]


def _found(one: asking.Practitioner, child: Child, child_id: int, postcode: str) -> bool:
    """Whether somebody is found by the child's names and that postcode. Raises SystemExit where it is the child."""
    name = child.names[0]
    asked = Asked(given=name.given.split()[0], family=name.family, postcode=postcode)
    outcome = one.ask(Question("postcode", child.origin, child_id, asked, asked))
    if child_id in outcome.found:
        raise SystemExit("A shielded child was found by a hidden field.")
    return bool(outcome.found) or outcome.too_many


def _by_number(known: list[Known]) -> list[Pair]:
    """Each child's own number, and one that nobody has."""
    return [({"number": child.nhs_number}, {"number": _of_nobody(child.nhs_number)}) for child, *_others in known]


def _of_nobody(number: str) -> str:
    """Another number with a right check digit, outside of those that the generator gives."""
    digits = f"40{number[2:9]}"
    while (check := nhs_check_digit(digits)) is None:
        digits = f"{int(digits) + 1}"
    return f"{digits}{check}"


def _names(child: Child) -> Typed:
    name = child.names[0]
    return {"given_name": name.given.split()[0], "family_name": name.family}


def _measured(one: Practitioner, pairs: list[Pair], requests: int, random: Random) -> dict[str, Any]:
    """Milliseconds, lengths, and of which pair. In each turn both of one are asked, in an order by chance."""
    taken: tuple[list[float], list[float]] = ([], [])
    lengths: tuple[set[int], set[int]] = (set(), set())
    asked: list[int] = []
    differing = 0
    for turn in range(-WARM, requests):
        which = random.randrange(len(pairs))
        pair = pairs[which]
        sizes = [0, 0]
        for side in random.sample((0, 1), 2):
            elapsed, sizes[side] = _search(one, pair[side])
            if turn >= 0:
                taken[side].append(elapsed)
                lengths[side].add(sizes[side])
        if turn >= 0:
            asked.append(which)
            differing += sizes[0] != sizes[1]
    return {
        "right": taken[0],
        "wrong": taken[1],
        "asked": asked,
        "lengths": [sorted(each) for each in lengths],
        "unequal": differing,
    }


def _search(one: Practitioner, typed: Typed) -> tuple[float, int]:
    """Milliseconds from the form sent to the results shown, and how long both answers were."""
    begun = time.perf_counter()
    sent = one.browser.post(reverse("search"), typed)
    shown = one.browser.get(sent.headers["Location"])
    elapsed = (time.perf_counter() - begun) * 1000
    if NOBODY not in shown.content.decode():
        raise SystemExit("Somebody was found where nobody was before.")
    return elapsed, len(sent.content) + len(shown.content)


if __name__ == "__main__":
    main()
