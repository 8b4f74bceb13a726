"""The tree against the published vectors and against the RFC's own definition."""

import json
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transparency.logs import naive_root, nothing, reader
from transparency.errors import ProofError
from transparency.tree import (
    EMPTY_ROOT,
    Extension,
    Prefixes,
    consistency_proof,
    extend,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/transparency_tree.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in VECTORS["entries"]]

sizes = st.one_of(st.integers(1, 70), st.sampled_from([255, 256, 257, 511, 512, 513, 700]))


def leaves_of(count: int) -> list[bytes]:
    return [sha256(str(index).encode()).digest() for index in range(count)]


def grown(count: int) -> Extension:
    return extend(0, nothing, leaves_of(count))


def test_the_empty_tree() -> None:
    assert EMPTY_ROOT.hex() == VECTORS["empty"]
    assert root(0, nothing) == EMPTY_ROOT
    assert extend(0, nothing, []) == Extension(0, EMPTY_ROOT, {})
    assert Prefixes(b"").root(0) == EMPTY_ROOT


def test_known_roots() -> None:
    for size, expected in enumerate(VECTORS["roots"], 1):
        assert extend(0, nothing, LEAVES[:size]).root.hex() == expected


@pytest.mark.parametrize("known", VECTORS["inclusion"], ids=str)
def test_known_inclusion_proofs(known: dict[str, object]) -> None:
    index, size, proof = int(str(known["index"])), int(str(known["size"])), known["proof"]
    tree = extend(0, nothing, LEAVES[:size])
    made = inclusion_proof(index, size, reader(tree.tiles))
    assert [each.hex() for each in made] == proof
    verify_inclusion(LEAVES[index], index, size, made, tree.root)


@pytest.mark.parametrize("known", VECTORS["consistency"], ids=str)
def test_known_consistency_proofs(known: dict[str, object]) -> None:
    old, new, proof = int(str(known["old"])), int(str(known["new"])), known["proof"]
    made = consistency_proof(old, new, reader(extend(0, nothing, LEAVES[:new]).tiles))
    assert [each.hex() for each in made] == proof
    roots = [bytes.fromhex(each) for each in VECTORS["roots"]]
    verify_consistency(old, roots[old - 1], new, roots[new - 1], made)


@given(sizes, st.data())
def test_inclusion_is_proved_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    tree = grown(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, reader(tree.tiles))
    assert tree.root == naive_root(leaves)
    verify_inclusion(leaves[index], index, size, proof, tree.root)
    for leaf, at, of, steps in (
        (leaf_hash(b"other"), index, size, proof),
        (leaves[index], index + size, size, proof),
        (leaves[index], -1, size, proof),
        (leaves[index], index, size, [*proof, tree.root]),
        *((leaves[index], index, size, proof[:cut]) for cut in range(len(proof))),
        *((leaves[index], index ^ 1, size, proof) for _ in range(1) if size > 1),
        *((leaves[index], index, size, [*proof[:at], leaf_hash(b""), *proof[at + 1 :]]) for at in range(len(proof))),
    ):
        with pytest.raises(ProofError):
            verify_inclusion(leaf, at, of, steps, tree.root)


@given(sizes, st.data())
def test_consistency_is_proved_and_nothing_else(new: int, data: st.DataObject) -> None:
    leaves = leaves_of(new)
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, reader(grown(new).tiles))
    old_root, new_root = naive_root(leaves[:old]), naive_root(leaves)
    verify_consistency(old, old_root, new, new_root, proof)
    other = leaf_hash(b"other")
    for first, second, steps in (
        (other, new_root, proof),
        *((old_root, other, proof) for _ in range(1) if old),
        (old_root, new_root, [*proof, other]),
        *((old_root, new_root, proof[:cut]) for cut in range(len(proof))),
        *((old_root, new_root, [*proof[:at], other, *proof[at + 1 :]]) for at in range(len(proof))),
    ):
        with pytest.raises(ProofError):
            verify_consistency(old, first, new, second, steps)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_no_proof_of_a_tree_that_shrank(old: int, new: int) -> None:
    with pytest.raises(ProofError):
        consistency_proof(old, new, reader(grown(3).tiles))
    with pytest.raises(ProofError):
        verify_consistency(old, EMPTY_ROOT, new, EMPTY_ROOT, [])


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(ProofError):
        inclusion_proof(index, 3, reader(grown(3).tiles))


@given(st.lists(st.integers(0, 300), max_size=6))
def test_growing_in_steps_is_growing_at_once(steps: list[int]) -> None:
    leaves = leaves_of(sum(steps))
    tiles: dict[tuple[int, int], bytes] = {}
    size = 0
    prefixes = Prefixes(b"".join(leaves))
    for step in steps:
        part = extend(size, reader(tiles), leaves[size : size + step])
        size += step
        tiles |= part.tiles
        assert part.size == size
        assert part.root == naive_root(leaves[:size]) == prefixes.root(size) == root(size, reader(tiles))
    assert tiles == extend(0, nothing, leaves).tiles


def test_only_tiles_that_hold_more_are_given() -> None:
    tiles = grown(600).tiles
    assert set(extend(600, reader(tiles), leaves_of(3)).tiles) == {(0, 2)}
    assert set(extend(600, reader(tiles), []).tiles) == set()


def test_tiles_of_seventy_thousand_leaves_are_those_of_the_specification() -> None:
    tiles = grown(70_000).tiles
    widths = {place: len(hashes) // 32 for place, hashes in tiles.items()}
    assert [widths[0, 273], widths[1, 0], widths[1, 1], widths[2, 0]] == [112, 256, 17, 1]
    assert len(widths) == 274 + 2 + 1
    assert tiles[2, 0] == naive_root([tiles[1, 0][at : at + 32] for at in range(0, 8192, 32)])


def test_leaf_and_node_are_told_apart() -> None:
    left, right = leaves_of(2)
    assert node_hash(left, right) != leaf_hash(left + right)


@pytest.mark.slow
def test_two_hundred_thousand_leaves_a_second() -> None:
    leaves = leaves_of(400_000)
    started = time.process_time()
    extend(0, nothing, leaves)
    assert time.process_time() - started < 2
