"""What numbers that stand in a row together tell.

Pairs: the commonest pair of numbers is the commonest pair of labels (after Christen, Ranbaduge, Vatsalan, Schnell,
"Precise and Fast Cryptanalysis for Bloom Filter Based Privacy-Preserving Record Linkage", TKDE 2019, where patterns of
bits that often stand together are held against frequent q-grams).

Households: two rows that share several rare numbers are brother and sister, or twins. That needs no knowledge at all,
and tells who lives with whom, not who they are.
"""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from bench.leakage.frequency import Meaning, read
from bench.leakage.knowledge import NOTHING, Knowledge
from bench.leakage.stores import Matrix, Store
from bench.leakage.target import Integers

COMMONEST = 3000  # values among which pairs are sought
PAIRS = 5000
SHARED_BY_FEW = 40  # a value that more rows share says nothing of a household
ROWS_AT_ONCE = 4000
FEWEST_SHARED = 2


def pairs(store: Store, knowledge: Knowledge) -> Integers:
    """A guess for each row: pairs matched by rank give their values a meaning, the commoner that of the commoner."""
    seen, known = together(store), together_known(knowledge)
    values, labels = _commonest_pairs(seen), _commonest_pairs(known)
    both = min(len(values), len(labels))
    flat: Integers = np.full(seen.shape[1], NOTHING)
    for place in range(both - 1, -1, -1):  # the commonest pair is written last
        flat[values[place]] = labels[place]
    return read(Store(store.name, {"all": seen}), Knowledge({"all": known}, knowledge.people), Meaning({"all": flat}))


def linked(store: Store) -> Integers:
    """For each row the row with which it shares most, by rarity; NOTHING where it shares too little with all."""
    rows = together(store)
    counts = np.bincount(rows.indices, minlength=rows.shape[1])
    few = (counts > 1) & (counts <= SHARED_BY_FEW)
    rarity = np.where(few, np.log(rows.shape[0] / np.maximum(counts, 1)), 0)
    weighed = rows @ sparse.diags_array(rarity)
    enough = FEWEST_SHARED * np.log(rows.shape[0] / SHARED_BY_FEW)
    best = np.full(rows.shape[0], NOTHING)
    for start, shared in _in_blocks(weighed, (rows @ sparse.diags_array(few.astype(np.float32))).T.tocsc()):
        own = np.arange(shared.shape[0])
        strongest = shared.argmax(axis=1)
        best[start : start + len(own)] = np.where(shared[own, strongest] >= enough, strongest, NOTHING)
    return best


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
