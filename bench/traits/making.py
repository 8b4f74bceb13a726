"""As the worker: make the traits of one block's children and seal them; then make all children's anew, as it would."""

import json
import time

import django

django.setup()

import msgspec  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402 - Django first

from access.models import Organisation  # noqa: E402 - Django first
from registry.actions.children import Draft, traits_of_draft  # noqa: E402 - Django first
from registry.demonstration.countrywide import all_england  # noqa: E402 - Django first
from registry.demonstration.england import block  # noqa: E402 - Django first
from registry.demonstration.load import HouseholdLoader  # noqa: E402 - Django first
from registry.traits import rarity, rebuilding  # noqa: E402 - Django first
from registry.traits.values import KEPT  # noqa: E402 - Django first

SEED = 2004  # that of make_england
MICRO = 1e6


def main() -> None:
    drafts = _drafts()
    rarity.table()
    begun = time.perf_counter()
    made = [traits_of_draft(each) for each in drafts]
    made_seconds = time.perf_counter() - begun
    key = KEPT.key()
    begun = time.perf_counter()
    sealed = [KEPT.seal(each, key, row=row, version=1) for row, each in enumerate(made, start=1)]
    sealed_seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    (*_, (_looked_at, _last, children)) = rebuilding.make_all(processes=1, all_of_them=True)
    anew_seconds = time.perf_counter() - begun
    lengths = [len(each) for each in sealed]
    figures = {
        "children": children,
        "packed_bytes": sum(len(msgspec.msgpack.encode(each)) for each in made) / len(made),
        "sealed_bytes": sum(lengths) / len(lengths),
        "of_usual_length": lengths.count(min(lengths)) / len(lengths),
        "made_microseconds": made_seconds / len(made) * MICRO,
        "sealed_microseconds": sealed_seconds / len(made) * MICRO,
        "anew_microseconds": anew_seconds / children * MICRO,
    }
    print(json.dumps(figures))


def _drafts() -> list[Draft]:
    by_key = {each.directory_code: each for each in Organisation.objects.all()}
    loader = HouseholdLoader(by_key, today=timezone.localdate())
    homes = block(all_england(), seed=SEED, number=0, today=timezone.localdate())
    return [draft for household in homes for draft in loader.drafts(household)]


if __name__ == "__main__":
    main()
