"""What the thief knows: a population, or statistics of one, filed by the published families. There is no key here.

Which families there are is no secret (the source is open). So the thief files whom they know as the registry would,
and has a *label*, "Khan by sound, Aisha by sound, 2015", wherever the registry has a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.leakage.stores import Column, Matrix, fields_of, matrix
from bench.leakage.target import Integers, Person
from encryption.tokens import Tokeniser
from registry.search.families import NEWEST, SCHEMES

NOTHING = -1
AGREEING = 0.5  # a label says something of a child when at least half of those who bear it agree on it
OF_A_KNOWN_CHILD = ("number",)  # families that a thief cannot file: the registry's own numbers are no public knowledge


class Labels(Tokeniser):
    """A tokeniser that writes down what each token would mean, in place of making it."""

    def __init__(self) -> None:
        super().__init__(epoch=1, bits=31)
        self.numbers: dict[tuple[str, ...], int] = {}

    def token(self, family: str, *parts: str) -> int:
        return self.numbers.setdefault((family, *parts), len(self.numbers))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`columns`: which label goes with which child, by column. `people`: their attributes, a row for each."""

    columns: dict[str, Matrix]
    people: Integers

    def says(self, column: str, attribute: int) -> tuple[Integers, Integers]:
        """What each label says of a child in one of ATTRIBUTES, NOTHING where its bearers do not agree; and the share
        of them who do."""
        return _agreed(self.columns[column].T.tocsr(), self.people[:, attribute])


def of_tokens(people: Sequence[Person], attributes: Integers) -> Knowledge:
    """The population as the registry would file it."""
    labels = Labels()
    filed = SCHEMES[NEWEST].child_tokens
    rows = [filed(each.summary, labels) for each in people]
    secret = {number for parts, number in labels.numbers.items() if parts[0] in OF_A_KNOWN_CHILD}
    known = [[label for label in row if label not in secret] for row in rows]
    return Knowledge({"tokens": matrix(known)}, attributes)


def of_fields(people: Sequence[Person], attributes: Integers) -> Knowledge:
    """The population field by field."""
    codes: dict[tuple[str, str], int] = {}
    rows: dict[str, Column] = {}
    for each in people:
        for field, value in fields_of(each).items():
            column = rows.setdefault(field, [])
            column.append([codes.setdefault((field, value), len(codes))] if value else [])
    return Knowledge({field: matrix(column) for field, column in rows.items()}, attributes)


def _agreed(bearers: Matrix, values: Integers) -> tuple[Integers, Integers]:
    """For each label the value that most of its bearers have, where that is at least AGREEING of them; their share."""
    labels = np.repeat(np.arange(bearers.shape[0]), np.diff(bearers.indptr))
    width = int(values.max()) + 1
    keys, counts = np.unique(labels * width + values[bearers.indices], return_counts=True)
    label, value = np.divmod(keys, width)
    order = np.argsort(counts, kind="stable")  # the commonest comes last and stands
    best = np.full(bearers.shape[0], NOTHING)
    share = np.zeros(bearers.shape[0])
    best[label[order]] = value[order]
    share[label[order]] = counts[order]
    share /= np.maximum(1, np.diff(bearers.indptr))
    return np.where(share >= AGREEING, best, NOTHING), share
