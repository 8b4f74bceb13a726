"""What lengths of sealed values, and how many there are of a child, tell a thief who knows the population."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import msgspec
import numpy as np

from bench.leakage.target import ATTRIBUTES, Integers, Person
from encryption.seal import HEADER_BYTES, TAG_BYTES
from registry.models import Child, ChildAddress, ChildName

Lengths = tuple[int, ...]
Padding = Callable[[int], int]  # from a step as the registry has it to the step that is tried


@dataclass(frozen=True, slots=True)
class Told:
    """`kinds` of lengths, the share of children who are alone with theirs, bits told, and bytes stored for a child."""

    kinds: int
    alone: float
    bits: float
    stored: float


def of(people: Sequence[Person], padding: Padding) -> list[Lengths]:
    """The lengths that are stored for each of `people`: of the summary, of each name, of the address."""
    steps = [padding(each.pad_to) for each in _SEALED]
    return [
        tuple(_stored(value, step) for values, step in zip(_values(each), steps, strict=True) for value in values)
        for each in people
    ]


def guessed(stolen: Sequence[Lengths], known: Sequence[Lengths], people: Integers) -> Integers:
    """For each row what is commonest among the known children with the same lengths, or among all."""
    alike: defaultdict[Lengths, list[int]] = defaultdict(list)
    for place, each in enumerate(known):
        alike[each].append(place)
    everybody = _commonest(people)
    commonest = {each: _commonest(people[places]) for each, places in alike.items()}
    return np.array([commonest.get(each, everybody) for each in stolen])


def told(stolen: Sequence[Lengths]) -> Told:
    """How much lengths tell apart."""
    kinds = Counter(stolen)
    shares = [count / len(stolen) for count in kinds.values()]
    return Told(
        kinds=len(kinds),
        alone=sum(count == 1 for count in kinds.values()) / len(stolen),
        bits=-sum(share * log2(share) for share in shares),
        stored=sum(map(sum, stolen)) / len(stolen),
    )


_SEALED: tuple[Any, ...] = tuple(
    model._meta.get_field(name)
    for model, name in ((Child, "summary"), (ChildName, "details"), (ChildAddress, "details"))
)


def _values(person: Person) -> tuple[list[Any], ...]:
    """What is sealed of the person in each of _SEALED."""
    names = sorted((name for _kind, name in person.names), key=lambda name: len(msgspec.json.encode(name)))
    return [person.summary], list(names), [person.address] if person.address else []


def _stored(value: object, step: int) -> int:
    clear = len(msgspec.json.encode(value)) + 1
    return HEADER_BYTES + TAG_BYTES + clear + -clear % step


def _commonest(people: Integers) -> Integers:
    return np.array([np.bincount(people[:, place]).argmax() for place in range(len(ATTRIBUTES))])
