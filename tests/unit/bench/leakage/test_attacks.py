"""Attacks that find nothing in the registry's tokens find much where there is something to find."""

import ast
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bench.leakage import frequency, graph, knowledge, lengths, patterns, stores
from bench.leakage.knowledge import NOTHING, Knowledge
from bench.leakage.levers import cost
from bench.leakage.patterns import Linked
from bench.leakage.scene import Scene
from bench.leakage.scoring import Truth
from bench.leakage.stores import Levers, Store, matrix
from registry.search.families import NEWEST, SCHEMES

CHILDREN = 1200


def chance() -> Random:
    return Random(1)  # noqa: S311 - a seed, no secret


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(CHILDREN, 3)


def falling(values: int, first: int) -> tuple[Store, Knowledge, Truth]:
    """One column in which value 0 is the commonest, and each further one rarer by one row."""
    rows = [[value + first] for value in range(values) for _ in range(values - value)]
    store = Store("falling", {"name": matrix(rows)})
    people = np.array([[value, value, value, value] for row in rows for value in row]) - first
    return store, Knowledge({"name": matrix(rows)}, people), Truth(people)


def test_ranks_give_away_a_column_whose_values_differ_in_how_common_they_are() -> None:
    store, known, truth = falling(12, first=100)
    assert truth.recovered(frequency.rank(store, known))["forename %"] == 100


def test_multinomial_matching_tells_apart_what_ranks_confuse() -> None:
    """Two values of one column are as common as each other; the other column says which is which."""
    left = [[0]] * 6 + [[1]] * 6
    right = [[0]] * 5 + [[1]] * 1 + [[2]] * 4 + [[1]] * 2
    people = np.array([[one[0], other[0], 0, row] for row, (one, other) in enumerate(zip(left, right, strict=True))])
    known = Knowledge({"given": matrix(left), "family": matrix(right)}, people)
    swapped = Store("by field", {"given": matrix([[1 - one[0]] for one in left]), "family": matrix(right)})
    guess = frequency.multinomial(swapped, known, 2)
    assert Truth(people).recovered(guess)["family name %"] == 100
    assert Truth(people).recovered(guess)["forename %"] == 100


def test_a_known_tenth_gives_away_deterministic_fields_and_less_of_tokens(scene: Scene) -> None:
    tokens, deterministic, _blind = scene.crimes()
    shares = []
    for crime in (tokens, deterministic):
        given = crime.known(CHILDREN // 10, chance())
        guess = graph.match(crime.store, crime.knowledge, given)
        shares.append(crime.truth.recovered(guess, given.rows)["both names %"])
    assert shares[1] > 15
    assert shares[0] < shares[1] / 2


def test_structure_alone_gives_away_deterministic_fields(scene: Scene) -> None:
    _tokens, deterministic, _blind = scene.crimes()
    guess = graph.match(deterministic.store, deterministic.knowledge)
    assert deterministic.truth.recovered(guess)["both names %"] > 10


def test_ranks_and_pairs_find_nobody_in_tokens(scene: Scene) -> None:
    crime = next(scene.crimes())
    for attack in (frequency.rank, patterns.pairs):
        assert crime.truth.recovered(attack(crime.store, crime.knowledge))["both names %"] < 0.5


def test_rows_that_share_rare_values_are_linked() -> None:
    rows = [[0, 1, 2], [3, 4, 5], [0, 1, 6], [7, 8, 9]] + [[20 + each] for each in range(60)]
    linked = patterns.linked(Store("rows", {"all": matrix(rows)}))
    assert linked.rows[:4].tolist() == [2, NOTHING, 0, NOTHING]
    assert linked.strength[0] > linked.strength[1] == 0


def test_rows_are_linked_however_short_the_tokens_are() -> None:
    """Where fifty rows share each value by chance, two that share three still stand out."""
    rows = [[0, 1, 2], [0, 1, 2]] + [[each % 40] for each in range(2000)]
    assert patterns.linked(Store("rows", {"all": matrix(rows)})).rows[:2].tolist() == [1, 0]


def test_an_attack_without_anything_in_common_guesses_nobody() -> None:
    rows = matrix([[each] for each in range(50)])
    known = Knowledge({"all": rows}, np.zeros((50, 4), dtype=np.int64))
    given = graph.Matched(np.array([0]), np.array([0]))
    guess = graph.match(Store("rows", {"all": rows}), known, given)
    assert (guess[1:] == NOTHING).all()


def test_lengths_tell_less_the_coarser_they_are(scene: Scene) -> None:
    bits = [lengths.told(lengths.of(scene.people, lambda _step, to=step: to)).bits for step in (1, 16, 128)]
    assert bits[0] > bits[1] > bits[2]


def test_lengths_of_one_size_tell_only_how_many_there_are(scene: Scene) -> None:
    stolen = lengths.of(scene.people, lambda _step: 4096)
    assert {len(set(each)) for each in stolen} == {1}


def test_a_row_is_padded_and_no_family_can_be_seen(scene: Scene) -> None:
    levers = Levers(padded_to=64, decoys=0.1)
    store = stores.tokens(scene.people, levers, levers.tokeniser(CHILDREN))
    assert list(store.columns) == ["tokens"]
    assert store.rows == CHILDREN * 1.1
    sizes = np.diff(store.columns["tokens"].indptr)
    assert np.percentile(sizes, 1) > 60  # a random one may fall on one that is there


def test_decoys_and_fewer_bits_cost_candidates(scene: Scene) -> None:
    plain = cost(scene.people, Levers(), chance())
    assert cost(scene.people, Levers(fewer_bits=2), chance())["by age"] > plain["by age"]
    assert cost(scene.people, Levers(decoys=0.5), chance())["table bytes a child"] > plain["table bytes a child"]


def test_the_thief_files_no_number(scene: Scene) -> None:
    labels = knowledge.Labels()
    SCHEMES[NEWEST].child_tokens(scene.people[0].summary, labels)
    numbers = [family for family, *_parts in labels.numbers if family == "number"]
    known = knowledge.of_tokens(scene.people[:1], scene.attributes[:1]).columns["tokens"]
    assert numbers
    assert known.nnz == len(labels.numbers) - len(numbers)


def test_decoys_and_those_known_before_are_not_counted() -> None:
    truth = Truth(np.array([[1, 1, 1, 1], [2, 2, 2, 2], [NOTHING] * 4]))
    guess = np.array([[1, 1, 1, 1], [NOTHING] * 4, [NOTHING] * 4])
    assert truth.recovered(guess)["both names %"] == 50
    assert truth.recovered(guess, without=np.array([0]))["both names %"] == 0


def test_only_brothers_and_sisters_count_as_a_household() -> None:
    truth = Truth(np.array([[0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 2], [NOTHING] * 4]))
    figures = truth.households(Linked(np.array([1, NOTHING, 0, 2]), np.array([3.0, 0.0, 2.0, 1.0])))
    assert figures["linked with a sibling %"] == 50
    assert figures["links that are right %"] == pytest.approx(100 / 3)
    assert figures["linked where half are right %"] == 50


def test_nobody_is_linked_surely_where_the_strongest_links_are_wrong() -> None:
    truth = Truth(np.array([[0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 2], [0, 0, 0, 3]]))
    figures = truth.households(Linked(np.array([1, 2, 0, 0]), np.array([1.0, 3.0, 2.0, 4.0])))
    assert figures["linked where half are right %"] == 0


@pytest.mark.parametrize("module", [frequency, graph, lengths, patterns])
def test_no_attack_can_see_the_truth(module: object) -> None:
    source = ast.parse(Path(module.__file__).read_text())  # type: ignore[attr-defined]
    imported = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    assert not {"bench.leakage.scoring", "bench.leakage.scene"} & imported
