"""What the registry may do against a thief, and what it costs: size, and rows that a search fetches for nothing."""

from collections.abc import Sequence
from random import Random

import numpy as np

from bench.leakage.scoring import Row
from bench.leakage.stores import Levers, tokens
from bench.leakage.target import TODAY, Person
from registry.search.criteria import Criteria
from registry.search.families import NEWEST, SCHEMES

__all__ = ["Levers", "cost"]

SEARCHES = 300
BYTES_OF_A_ROW = 24 + 8 + 24 + 4  # tuple header and line pointer, id, array header, alignment
BYTES_OF_A_TOKEN = 4


def cost(people: Sequence[Person], chosen: Levers, random: Random) -> Row:
    """Bytes of the token table for each child, and candidates of a first search by both names and date of birth.

    `by chance` are those that a search with tokens of its own count, drawn at random, would fetch.
    """
    tokeniser = chosen.tokeniser(len(people))
    filed = tokens(people, chosen, tokeniser).columns["tokens"]
    by_token = filed.T.tocsr()
    fetched, by_chance = [], []
    for person in random.sample(list(people), SEARCHES):
        asked = sorted(SCHEMES[NEWEST].stages[0](_criteria(person), tokeniser))
        drawn = [random.randrange(1 << tokeniser.bits) for _ in asked]
        fetched.append(len(np.unique(by_token[asked].indices)))
        by_chance.append(len(np.unique(by_token[drawn].indices)))
    return {
        "bits": tokeniser.bits,
        "table bytes a child": round((filed.nnz * BYTES_OF_A_TOKEN + filed.shape[0] * BYTES_OF_A_ROW) / len(people)),
        "candidates": float(np.mean(fetched)),
        "by chance": float(np.mean(by_chance)),
    }


def _criteria(person: Person) -> Criteria:
    name = person.summary.names[0]
    return Criteria(
        today=TODAY, given=name.given.split()[0], family=name.family, date_of_birth=person.summary.date_of_birth
    )
