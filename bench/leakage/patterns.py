"""What numbers that stand in a row together tell.

Pairs: the commonest pair of numbers is the commonest pair of labels (after Christen, Ranbaduge, Vatsalan, Schnell,
"Precise and Fast Cryptanalysis for Bloom Filter Based Privacy-Preserving Record Linkage", TKDE 2019, where patterns of
bits that often stand together are held against frequent q-grams).

Households: two rows that share several rare numbers are brother and sister, or twins. That needs no knowledge at all,
and tells who lives with whom, not who they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bench.leakage.frequency import Meaning, read
from bench.leakage.knowledge import NOTHING, Knowledge
from bench.leakage.stores import Matrix, Store
from bench.leakage.target import Floats, Integers

COMMONEST = 3000  # values among which pairs are sought
PAIRS = 5000
SHARED_BY_FEW = 40  # a value that more rows share says nothing of a household, unless that many share most values
TIMES_THE_USUAL = 3
ROWS_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class Linked:
    """For each row the one that it is taken to live with, or NOTHING; and how much speaks for it."""

    rows: Integers
    strength: Floats


def pairs(store: Store, knowledge: Knowledge) -> Integers:
    """A guess for each row: pairs matched by rank give their values a meaning, the commoner that of the commoner."""
    seen, known = together(store), together_known(knowledge)
    values, labels = _commonest_pairs(seen), _commonest_pairs(known)
    both = min(len(values), len(labels))
    flat: Integers = np.full(seen.shape[1], NOTHING)
    for place in range(both - 1, -1, -1):  # the commonest pair is written last
        flat[values[place]] = labels[place]
    return read(Store(store.name, {"all": seen}), Knowledge({"all": known}, knowledge.people), Meaning({"all": flat}))


def linked(store: Store) -> Linked:
    """For each row the row with which it shares most, by rarity; NOTHING where it shares nothing with any."""
    rows = together(store)
    counts = np.bincount(rows.indices, minlength=rows.shape[1])
    few = (counts > 1) & (counts <= shared_by_few(counts, SHARED_BY_FEW))
    rarity = np.where(few, np.log(rows.shape[0] / np.maximum(counts, 1)), 0)
    weighed = rows @ sparse.diags_array(rarity)
    best, strength = np.full(rows.shape[0], NOTHING), np.zeros(rows.shape[0])
    for start, shared in _in_blocks(weighed, (rows @ sparse.diags_array(few.astype(np.float32))).T.tocsc()):
        own = np.arange(shared.shape[0])
        strongest = shared.argmax(axis=1)
        strength[start + own] = shared[own, strongest]
        best[start + own] = np.where(strength[start + own] > 0, strongest, NOTHING)
    return Linked(best, strength)


def shared_by_few(counts: Integers, least: int) -> int:
    """How many rows may share a value that still says something: the more, the more share each by chance."""
    return max(least, round(TIMES_THE_USUAL * float(np.median(counts[counts > 0]))))


def together(store: Store) -> Matrix:
    """All columns beside each other."""
    return sparse.hstack(list(store.columns.values()), format="csr")


def together_known(knowledge: Knowledge) -> Matrix:
    """The labels of all columns beside each other."""
    return sparse.hstack(list(knowledge.columns.values()), format="csr")


def _in_blocks(rows: Matrix, columns: Matrix) -> Iterator[tuple[int, Matrix]]:
    """Each block's first row, and what its rows share with every row but themselves."""
    for start in range(0, rows.shape[0], ROWS_AT_ONCE):
        shared = rows[start : start + ROWS_AT_ONCE] @ columns
        itself = sparse.diags_array(shared.diagonal(start), offsets=start, shape=shared.shape)
        yield start, (shared - itself).tocsr()


def _commonest_pairs(rows: Matrix) -> Integers:
    """The commonest pairs of columns, commonest first, and in each pair the commoner first."""
    counts = np.bincount(rows.indices, minlength=rows.shape[1])
    common = np.argsort(-counts, kind="stable")[:COMMONEST]
    shared = sparse.triu(rows[:, common].T @ rows[:, common], k=1).tocoo()
    order = np.argsort(-shared.data, kind="stable")[:PAIRS]
    return np.stack([common[shared.row[order]], common[shared.col[order]]], axis=1)
