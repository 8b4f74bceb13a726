"""What the registry may do against a thief, and what it costs: size, and rows that a search fetches for nothing."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np

from bench.leakage.scoring import Row
from bench.leakage.stores import Levers, Matrix, tokens
from bench.leakage.target import TODAY, Person
from encryption.tokens import Tokeniser
from registry.rules.retention import age
from registry.search.corroborating import Corroborating
from registry.search.criteria import Criteria
from registry.search.families import NEWEST, SCHEMES

__all__ = ["Levers", "cost"]

SEARCHES = 300
BYTES_OF_A_ROW = 24 + 8 + 24 + 4  # tuple header and line pointer, id, array header, alignment
BYTES_OF_A_TOKEN = 4


def cost(people: Sequence[Person], chosen: Levers, random: Random) -> Row:
    """Bytes of the token table for each child, and candidates of a search by both names: with the date of birth, in its
    first stage, where nothing is wrong; and with an age that is a guess, in all its stages.
    """
    tokeniser = chosen.tokeniser(len(people))
    filed = tokens(people, chosen, tokeniser).columns["tokens"]
    by_token = filed.T.tocsr()
    dated, aged = [], []
    for person in random.sample(list(people), SEARCHES):
        dated.append(_candidates(by_token, _criteria(person, with_date=True), tokeniser, stages=1))
        aged.append(_candidates(by_token, _criteria(person, with_date=False), tokeniser, stages=3))
    return {
        "bits": tokeniser.bits,
        "table bytes a child": round((filed.nnz * BYTES_OF_A_TOKEN + filed.shape[0] * BYTES_OF_A_ROW) / len(people)),
        "candidates by date": float(np.mean(dated)),
        "by age": float(np.mean(aged)),
    }


def _candidates(by_token: Matrix, criteria: Criteria, tokeniser: Tokeniser, *, stages: int) -> int:
    asking = Corroborating(criteria, tokeniser)
    found: set[int] = set()
    for make_tokens in SCHEMES[NEWEST].stages[:stages]:
        wanted = asking.wanted(make_tokens)
        found |= _having(by_token, wanted.alone)
        found |= _having(by_token, wanted.corroborated) & _having(by_token, wanted.beside)
    return len(found)


def _having(by_token: Matrix, asked: frozenset[int]) -> set[int]:
    return set(by_token[sorted(asked)].indices.tolist()) if asked else set()


def _criteria(person: Person, *, with_date: bool) -> Criteria:
    name, born = person.summary.names[0], person.summary.date_of_birth
    asked = Criteria(today=TODAY, given=name.given.split()[0], family=name.family)
    return replace(asked, date_of_birth=born) if with_date else replace(asked, age=age(born, TODAY))
