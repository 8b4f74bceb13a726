"""Three ways of making sealed children searchable, as a thief finds them: columns of numbers without meaning.

    tokens          the registry's: one column for all families, truncated, padded with random ones
    deterministic   each field encrypted by itself, equal for equal values
    blind index     each field hashed with a key and truncated, so that values share a hash by chance

The last two are what is commonly built; they are here so that an attack that finds nothing is seen to work.
"""

import random
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from scipy import sparse

from bench.leakage.target import ATTRIBUTES, Integers, Person
from encryption.tokens import SEPARATOR, Tokeniser
from registry.search.families import NEWEST, SCHEMES
from registry.search.index import bits_for

TOKENS_IN_A_ROW = 32
BLIND_INDEX_BITS = 12  # about what CipherSweet's planner allows for a hundred thousand rows
FIELDS = (*ATTRIBUTES[:3], "postcode")
Matrix = Any  # scipy.sparse.csr_array, whose type differs between versions
Column = list[list[int]]


@dataclass(frozen=True, slots=True)
class Store:
    """Columns by name: which value, a column of the matrix, stands in which row. Values are numbered in no order."""

    name: str
    columns: dict[str, Matrix]

    @property
    def rows(self) -> int:
        return int(next(iter(self.columns.values())).shape[0])


@dataclass(frozen=True, slots=True)
class Levers:
    """What the registry may do against a thief: fewer bits, rows padded to more, decoy rows."""

    fewer_bits: int = 0
    padded_to: int = TOKENS_IN_A_ROW
    decoys: float = 0.0

    def tokeniser(self, children: int) -> Tokeniser:
        """The tokeniser for so many children, with a random key of this run."""
        return Keyed(bits_for(children) - self.fewer_bits)


class Keyed(Tokeniser):
    """The registry's tokeniser with a random key of this run in place of the keyring's."""

    def __init__(self, bits: int) -> None:
        super().__init__(epoch=1, bits=bits)
        self._secret = secrets.token_bytes(32)

    def token(self, family: str, *parts: str) -> int:
        return keyed_hash(self._secret, family, SEPARATOR.join(parts)) >> (32 - self.bits)


def keyed_hash(secret: bytes, kind: str, value: str) -> int:
    """32 bits that are the same for the same kind and value."""
    digest = blake2b(value.encode(), key=secret, person=blake2b(kind.encode(), digest_size=16).digest(), digest_size=4)
    return int.from_bytes(digest.digest(), "big")


def tokens(people: Sequence[Person], levers: Levers, tokeniser: Tokeniser) -> Store:
    """As `registry.search.index` files them. A decoy row has the tokens of two children, half of each, as a child has
    who shares something with others; decoys come last."""
    filed = SCHEMES[NEWEST].child_tokens
    rows = [sorted(filed(each.summary, tokeniser)) for each in people]
    rows += [_decoy(rows) for _ in range(round(len(people) * levers.decoys))]
    padded = [row + _random(-len(row) % levers.padded_to, tokeniser.bits) for row in rows]
    return Store("tokens", {"tokens": matrix(padded, width=1 << tokeniser.bits)})


def deterministic(people: Sequence[Person]) -> Store:
    """Each field by itself, 32 bits."""
    return _by_field("deterministic, by field", people, bits=32)


def blind_index(people: Sequence[Person]) -> Store:
    """Each field by itself, BLIND_INDEX_BITS."""
    return _by_field("blind index, by field", people, bits=BLIND_INDEX_BITS)


def fields_of(person: Person) -> dict[str, str]:
    """What the two ways by field file."""
    return dict(zip(FIELDS, (*person.attributes[:3], person.summary.postcode), strict=True))


def matrix(rows: Sequence[Iterable[int]], width: int | None = None) -> Matrix:
    """Rows of numbers as ones in a sparse matrix; numbers are renumbered unless a width is given."""
    lengths = [len(set(row)) for row in rows]
    flat = np.array([value for row in rows for value in sorted(set(row))], dtype=np.int64)
    if width is None:
        _values, flat = np.unique(flat, return_inverse=True)
        width = int(flat.max(initial=-1)) + 1
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return sparse.csr_array((np.ones(len(flat), dtype=np.float32), flat, starts), shape=(len(rows), width))


def in_order(store: Store, order: Integers) -> Store:
    """The rows as the thief meets them: the first is row `order[0]`."""
    return Store(store.name, {name: column[order] for name, column in store.columns.items()})


def _by_field(name: str, people: Sequence[Person], *, bits: int) -> Store:
    secret = secrets.token_bytes(32)
    rows: dict[str, Column] = {field: [] for field in FIELDS}
    for each in people:
        for field, value in fields_of(each).items():
            rows[field].append([keyed_hash(secret, field, value) >> (32 - bits)] if value else [])
    return Store(name, {field: matrix(column) for field, column in rows.items()})


def _decoy(rows: Sequence[list[int]]) -> list[int]:
    one, other = random.choice(rows), random.choice(rows)
    return sorted({*one[::2], *other[1::2]})


def _random(count: int, bits: int) -> list[int]:
    return [secrets.randbits(bits) for _ in range(count)]
