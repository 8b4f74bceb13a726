"""The stolen rows matched to a known population as two graphs: who shares what with whom.

Structural anchors first (Vidanage, Christen, Ranbaduge, Schnell, "A Graph Matching Attack on Privacy-Preserving Record
Linkage", CIKM 2020: nodes matched by features of their neighbourhood), or children whom the thief knows. From those,
meanings of numbers are learned, further rows matched by them, and so on (after Narayanan, Shmatikov, "De-anonymizing
Social Networks", S&P 2009). The thief knows the families, so an edge is not only there: it says by which label.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.stats import rankdata

from bench.leakage.knowledge import NOTHING, Knowledge
from bench.leakage.patterns import shared_by_few, together, together_known
from bench.leakage.stores import Matrix, Store
from bench.leakage.target import ATTRIBUTES, Integers

ANCHORS = 500
COUNTS_LOOKED_AT = 12
NEIGHBOURS_LOOKED_AT = 6
SHARED_BY_FEW = 60
ROUNDS = 8
GROWTH = 1.3
SEEN_ONCE = 0.1  # what one common occurrence is worth beside each further one: a wrong match would confirm itself
LEAST = 0.02
ROWS_AT_ONCE = 1000
CLEARLY = 1.1  # how much better than the second best a match must be


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows and the known child that each is taken for."""

    rows: Integers
    children: Integers


def match(store: Store, knowledge: Knowledge, known: Matched | None = None) -> Integers:
    """A guess for each row: the attributes of the known child that it is taken for."""
    rows, children = _few(together(store)), _few(together_known(knowledge))
    same_column = _same_column(store, knowledge)
    matched = known or anchors(rows, children)
    for _ in range(ROUNDS):
        matched = _grown(rows @ _meaning(rows, children, matched, same_column), children, matched)
    guess = np.full((store.rows, len(ATTRIBUTES)), NOTHING)
    guess[matched.rows] = knowledge.people[matched.children]
    return guess


def anchors(rows: Matrix, children: Matrix) -> Matched:
    """Those pairs that are each other's nearest by structure, the clearest first."""
    one, other = _features(rows), _features(children)
    distance, nearest = (np.asarray(each) for each in cKDTree(other).query(one, k=2))
    back = np.asarray(cKDTree(one).query(other, k=1)[1])
    mutual = np.flatnonzero(back[nearest[:, 0]] == np.arange(len(one)))
    clear = np.argsort(distance[mutual, 0] / np.maximum(distance[mutual, 1], 1e-9), kind="stable")[:ANCHORS]
    return Matched(mutual[clear], nearest[mutual[clear], 0])


def _few(rows: Matrix) -> Matrix:
    """Without the values that many rows share, which cost most and say least."""
    counts = np.bincount(rows.indices, minlength=rows.shape[1])
    kept: Matrix = rows @ sparse.diags_array(
        (counts <= shared_by_few(counts, SHARED_BY_FEW)).astype(np.float32), format="csr"
    )
    kept.eliminate_zeros()
    return kept


def _features(rows: Matrix) -> Integers:
    """How common a row's values are, and how much it shares with its nearest, as shares of all rows that have less."""
    counts = np.bincount(rows.indices, minlength=rows.shape[1])
    common = _greatest(
        sparse.csr_array((counts[rows.indices], rows.indices, rows.indptr), rows.shape), COUNTS_LOOKED_AT
    )
    shared: Matrix = (rows @ rows.T).tocsr()
    shared.setdiag(0)
    nearest = _greatest(shared, NEIGHBOURS_LOOKED_AT)
    beyond = (shared.multiply(shared) @ nearest) / np.maximum(shared.multiply(shared).sum(axis=1), 1)[:, None]
    features = np.hstack([common, nearest, beyond])
    return np.apply_along_axis(rankdata, 0, features) / len(features)


def _greatest(matrix: Matrix, count: int) -> Integers:
    """The greatest entries of each row, greatest first."""
    result = np.zeros((matrix.shape[0], count))
    for row in range(matrix.shape[0]):
        values = np.sort(matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]])[::-1][:count]
        result[row, : len(values)] = values
    return result


def _same_column(store: Store, knowledge: Knowledge) -> tuple[Integers, Integers]:
    """In which column each value and each label stands: a thief sees that."""
    values = np.repeat(np.arange(len(store.columns)), [each.shape[1] for each in store.columns.values()])
    labels = np.repeat(np.arange(len(knowledge.columns)), [each.shape[1] for each in knowledge.columns.values()])
    return values, labels


def _meaning(rows: Matrix, children: Matrix, matched: Matched, same: tuple[Integers, Integers]) -> Matrix:
    """How surely each value is each label, from where both occur among the matched, by rarity."""
    mine, theirs = rows[matched.rows], children[matched.children]
    both = (mine.T @ theirs).tocoo()
    fits = same[0][both.row] == same[1][both.col]
    value, label, count = both.row[fits], both.col[fits], both.data[fits] - 1 + SEEN_ONCE
    had, borne = np.asarray(mine.sum(axis=0)).ravel(), np.asarray(theirs.sum(axis=0)).ravel()
    sure = count * count / (had[value] * borne[label])
    total = np.bincount(value, weights=sure, minlength=rows.shape[1])
    sure /= np.maximum(total[value], SEEN_ONCE)
    kept = sure >= LEAST
    counts = np.bincount(rows.indices, minlength=rows.shape[1])
    weight = sure[kept] * np.log(rows.shape[0] / np.maximum(counts[value[kept]], 1))
    return sparse.csr_array((weight, (value[kept], label[kept])), shape=(rows.shape[1], children.shape[1]))


def _grown(wanted: Matrix, children: Matrix, matched: Matched) -> Matched:
    """The matched with the surest further ones, each row with one child and each child with one row."""
    best, strength = _best(wanted, children, taken=matched.children)
    strength[matched.rows] = 0
    order = np.argsort(-strength, kind="stable")
    order = order[strength[order] > 0]
    _children, first = np.unique(best[order], return_index=True)  # of several rows for a child, the surest
    rows = order[np.sort(first)][: int(len(matched.rows) * (GROWTH - 1)) + 1]
    return Matched(np.concatenate([matched.rows, rows]), np.concatenate([matched.children, best[rows]]))


def _best(wanted: Matrix, children: Matrix, taken: Integers) -> tuple[Integers, Integers]:
    """The child that fits each row best, of those not taken, and how much better than the next; 0 if not clearly."""
    free = np.ones(children.shape[0])
    free[taken] = 0
    columns = (sparse.diags_array(free) @ children).T.tocsc()
    best, strength = np.zeros(wanted.shape[0], dtype=np.int64), np.zeros(wanted.shape[0])
    for start in range(0, wanted.shape[0], ROWS_AT_ONCE):
        fit: Matrix = (wanted[start : start + ROWS_AT_ONCE] @ columns).tocsr()
        places = np.arange(fit.shape[0])
        first, top = fit.argmax(axis=1), fit.max(axis=1).toarray().ravel()
        others = fit - sparse.csr_array((top, (places, first)), shape=fit.shape)
        second = others.max(axis=1).toarray().ravel()
        best[start : start + len(places)] = first
        strength[start : start + len(places)] = np.where(top > CLEARLY * second, top - second, 0)
    return best, strength
