"""All England into the registry: in blocks of households, on all cores, each block in one transaction or not at all."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

from django.conf import settings

from access.models import Organisation
from pages import postcodes_in_use
from registry.demonstration.bulk import BlockLoader
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import block, blocks_for, first_number
from registry.demonstration.load import load_organisations
from registry.demonstration.organisations import organisations
from registry.models import Child
from registry.processes import spread
from registry.rules.numbers import number_fingerprint

# Counted on 200,000 children (docs/search-at-scale.md): tables with their indexes; and since then what is compared, of
# which a lean England has none (docs/adr/0034). Meanwhile all cores sort the tokens in files. Beside them the
# write-ahead log.
BYTES_OF_A_CHILD = {True: 1_800, False: 6_000}
BYTES_SORTED_OF_A_CHILD = 1_250
BYTES_BESIDE = 10_000_000_000
FINGERPRINTS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Order:
    """Which England to make. The same order makes the same children on any machine, on any day."""

    children: int
    seed: int
    lean: bool
    today: date

    def bytes_needed(self) -> int:
        return self.children * (BYTES_OF_A_CHILD[self.lean] + BYTES_SORTED_OF_A_CHILD) + BYTES_BESIDE


class OtherChildrenError(Exception):
    """The registry holds children that are not of this order."""


def add_organisations(order: Order) -> dict[str, Organisation]:
    """Every school, practice and other organisation of the country, by key; and the list of its postcodes."""
    postcodes_in_use.keep(all_england().postcodes(), Path(settings.POSTCODES_FILE))
    return load_organisations(list(organisations(all_england())), today=order.today)


def missing_blocks(order: Order) -> list[int]:
    """The blocks that are not loaded. Raises OtherChildrenError where there are children and none is of this order."""
    wanted = blocks_for(order.children)
    prints = {number_fingerprint("own", first_number(seed=order.seed, number=each)): each for each in wanted}
    loaded = {prints[each] for each in _there(list(prints))}
    if not loaded and Child.objects.exists():
        raise OtherChildrenError
    return [each for each in wanted if each not in loaded]


def make_blocks(order: Order, blocks: list[int], *, processes: int) -> Iterator[int]:
    """Make these blocks; yields how many children each had, as they are done."""
    for _number, count in spread(partial(make_block, order), blocks, processes=processes):
        yield count


def make_block(order: Order, number: int) -> int:
    """Make one block and add it. Returns how many children it has."""
    made = block(all_england(), seed=order.seed, number=number, today=order.today)
    return _loader(order).add(made)


def _there(prints: list[bytes]) -> Iterator[bytes]:
    for start in range(0, len(prints), FINGERPRINTS_AT_ONCE):
        some = prints[start : start + FINGERPRINTS_AT_ONCE]
        found = Child.objects.filter(number_fingerprint__in=some).values_list("number_fingerprint", flat=True)
        yield from map(bytes, found)


@cache
def _loader(order: Order) -> BlockLoader:
    by_key = {each.directory_code: each for each in Organisation.objects.all()}
    all_england()
    # What was made up to here stays: without this the collector would look at all of it again and again.
    gc.freeze()
    return BlockLoader(by_key, today=order.today, lean=order.lean)
