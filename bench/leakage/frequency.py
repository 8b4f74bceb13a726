"""Frequency attacks: the commonest number is the commonest label.

Rank matching: Naveed, Kamara, Wright, "Inference Attacks on Property-Preserving Encrypted Databases", CCS 2015.
Multinomial matching over several columns: Bindschaedler, Grubbs, Cash, Ristenpart, Shmatikov, "The Tao of Inference in
Privacy-Protected Databases", VLDB 2018: what co-occurs with a number is held against what co-occurs with a label.

Both attackers are given exact statistics of the stolen population, more than the public ones: an upper bound.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench.leakage.knowledge import NOTHING, Knowledge
from bench.leakage.stores import Matrix, Store
from bench.leakage.target import ATTRIBUTES, Integers

COMMONEST = 600  # values of a column that multinomial matching assigns; rank matching assigns all
ROUNDS = 4
SMOOTHING = 0.05
SHARPNESS = 8  # a forename's own column is believed before a commoner family name that hints at it

Meaning = dict[str, Integers]  # for each column, the label of each value, or NOTHING


def commonest_everywhere(store: Store, knowledge: Knowledge) -> Integers:
    """Who guesses without looking: the commonest forename, family name, birth date and household for everybody."""
    guess = [np.bincount(knowledge.people[:, place]).argmax() for place in range(len(ATTRIBUTES))]
    return np.tile(np.array(guess, dtype=np.int64), (store.rows, 1))


def rank(store: Store, knowledge: Knowledge) -> Integers:
    """A guess for each row, by rank matching in each column."""
    return read(store, knowledge, by_rank(store, knowledge))


def multinomial(store: Store, knowledge: Knowledge, columns: int) -> Integers:
    """A guess for each row, by co-occurrence within the first `columns` columns, begun with the ranks."""
    names = list(store.columns)[:columns]
    values, labels = {}, {}
    for name in names:
        both = min(COMMONEST, store.columns[name].shape[1], knowledge.columns[name].shape[1])
        values[name], labels[name] = (_by_count(each.columns[name])[:both] for each in (store, knowledge))
    seen = _together({name: store.columns[name][:, values[name]] for name in names})
    expected = _together({name: knowledge.columns[name][:, labels[name]] for name in names})
    matched = {name: np.arange(len(values[name])) for name in names}
    for _ in range(ROUNDS):
        _assign_anew(seen, expected, matched)
    meaning = {name: np.full(column.shape[1], NOTHING) for name, column in store.columns.items()}
    for name in names:
        meaning[name][values[name]] = labels[name][matched[name]]
    return read(store, knowledge, meaning)


def by_rank(store: Store, knowledge: Knowledge) -> Meaning:
    """Values and labels of each column matched in the order of how common they are."""
    meaning: Meaning = {}
    for name, column in store.columns.items():
        values, labels = _by_count(column), _by_count(knowledge.columns[name])
        both = min(len(values), len(labels))
        meaning[name] = np.full(column.shape[1], NOTHING)
        meaning[name][values[:both]] = labels[:both]
    return meaning


def read(store: Store, knowledge: Knowledge, meaning: Meaning) -> Integers:
    """What the rows say once values have a meaning: of each attribute, by a value that is common and clear."""
    guess = np.full((store.rows, len(ATTRIBUTES)), NOTHING)
    for place in range(len(ATTRIBUTES)):
        told = [_told(column, meaning[name], *knowledge.says(name, place)) for name, column in store.columns.items()]
        rows, values, clarity = (np.concatenate(each) for each in zip(*told, strict=True))
        order = np.argsort(clarity, kind="stable")  # the clearest is written last
        guess[rows[order], place] = values[order]
    return guess


def _told(column: Matrix, labels: Integers, says: Integers, share: Integers) -> tuple[Integers, Integers, Integers]:
    """Rows, what a value of the row says, and how clearly: by how common it is and how many of its bearers agree."""
    rows = np.repeat(np.arange(column.shape[0]), np.diff(column.indptr))
    label = labels[column.indices]
    speaking = (label != NOTHING) & (says[label] != NOTHING)
    label, value = label[speaking], column.indices[speaking]
    return rows[speaking], says[label], _counts(column)[value] * share[label] ** SHARPNESS


def _counts(column: Matrix) -> Integers:
    return np.bincount(column.indices, minlength=column.shape[1])


def _by_count(column: Matrix) -> Integers:
    return np.argsort(-_counts(column), kind="stable")


def _together(columns: dict[str, Matrix]) -> dict[tuple[str, str], Integers]:
    """How often values of one column stand in a row with values of another, or with others of the same."""
    counts = {(one, other): (columns[one].T @ columns[other]).toarray() for one in columns for other in columns}
    for name in columns:
        np.fill_diagonal(counts[name, name], 0)  # that a value stands beside itself would confirm any match
    return counts


def _assign_anew(
    seen: dict[tuple[str, str], Integers], expected: dict[tuple[str, str], Integers], matched: dict[str, Integers]
) -> None:
    """One round: each value gets the label under which what stands beside it is likeliest, column after column."""
    for name, own in matched.items():
        likelihood = np.zeros((len(own), len(own)))
        for other, labels in matched.items():
            odds = expected[name, other][:, labels] + SMOOTHING
            likelihood += seen[name, other] @ np.log(odds / odds.sum(axis=1, keepdims=True)).T
        matched[name] = linear_sum_assignment(likelihood, maximize=True)[1]
