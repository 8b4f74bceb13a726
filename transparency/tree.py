"""The Merkle tree of RFC 9162, section 2.1, kept as tiles (C2SP tlog-tiles).

A tree is known by its size and a reader of its tiles: `read_tile(level, index, width)` gives the first `width` hashes
of a tile, end to end. Sizes count leaves; leaves are given as their hashes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from transparency.errors import ProofError
from transparency.tiles import TILE_HEIGHT, TILE_WIDTH, tile_width

HASH_BYTES = 32
TILE_BYTES = HASH_BYTES * TILE_WIDTH
EMPTY_ROOT = sha256(b"").digest()

ReadTile = Callable[[int, int, int], bytes]


@dataclass(frozen=True, slots=True)
class Extension:
    """A tree that grew: its new size and root, and those tiles, by level and index, which are new or hold more."""

    size: int
    root: bytes
    tiles: dict[tuple[int, int], bytes]


def leaf_hash(line: bytes) -> bytes:
    """The leaf of an event's canonical line."""
    return sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: bytes) -> bytes:
    """The root over 1, 2, 4, 8... hashes, given end to end."""
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), 2 * HASH_BYTES)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest() for at in pairs])
    return hashes


def root(size: int, read_tile: ReadTile) -> bytes:
    """The root of the tree's first `size` leaves."""
    return _Tree(size, read_tile).root(0, size) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read_tile: ReadTile) -> list[bytes]:
    """What leads from a leaf to the root of the first `size` leaves (section 2.1.3.1). Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}.")
    tree = _Tree(size, read_tile)
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            proof.append(tree.root(middle, end))
            end = middle
        else:
            proof.append(tree.root(start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, read_tile: ReadTile) -> list[bytes]:
    """What shows that the first `old` leaves are the same in the tree of `new` (section 2.1.4.1). Raises ProofError."""
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {new} leaves does not go on from one of {old}.")
    if old in {0, new}:
        return []
    tree = _Tree(new, read_tile)
    proof: list[bytes] = []
    start, end = 0, new
    while end != old:
        middle = start + _left_size(end - start)
        if old <= middle:
            proof.append(tree.root(middle, end))
            end = middle
        else:
            proof.append(tree.root(start, middle))
            start = middle
    if start:  # otherwise the last part is the old root itself, which the verifier has
        proof.append(tree.root(start, end))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Prove that `leaf` is the one at `index` below the root `expected` (section 2.1.3.2). Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}.")
    found = leaf
    for other, is_left in _climb(index, size - 1, proof):
        found = node_hash(other, found) if is_left else node_hash(found, other)
    if found != expected:
        raise ProofError(f"The proof does not lead from leaf {index} to the root of {size} leaves.")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Prove that the tree of `new` leaves begins with that of `old` (section 2.1.4.2). Raises ProofError."""
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {new} leaves does not go on from one of {old}.")
    if old in {0, new}:
        # The empty tree is the beginning of every tree; otherwise it is one and the same tree.
        consistent = not proof and old_root == (new_root if old else EMPTY_ROOT)
    else:
        consistent = (old_root, new_root) == _roots_proved(old, new, old_root, proof)
    if not consistent:
        raise ProofError(f"The log of {new} leaves does not begin with the {old} leaves it had.")


def _roots_proved(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of both trees, as far as the proof says."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # A whole old tree is a subtree of the new one, and not said again.
    hashes = list(proof) if place else [old_root, *proof]
    if not hashes:
        raise ProofError("The proof is empty.")
    start, *rest = hashes
    first = second = start
    for other, is_left in _climb(place, last, rest):
        if is_left:
            first = node_hash(other, first)
        second = node_hash(other, second) if is_left else node_hash(second, other)
    return first, second


def _climb(place: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash of a proof, and whether it stands on the left of what was found so far. Raises ProofError."""
    for other in proof:
        if last == 0:
            raise ProofError("The proof is too long.")
        is_left = bool(place & 1) or place == last
        yield other, is_left
        if is_left:
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("The proof is too short.")


def extend(size: int, read_tile: ReadTile, leaves: Sequence[bytes]) -> Extension:
    """The tree of `size` leaves with `leaves` behind them. Reads only the tiles at its right edge."""
    grown = size + len(leaves)
    tiles: dict[tuple[int, int], bytes] = {}
    level, count, hashes = 0, size, b"".join(leaves)
    while hashes:
        index, kept = divmod(count, TILE_WIDTH)
        hashes = (read_tile(level, index, kept) if kept else b"") + hashes
        starts = range(0, len(hashes), TILE_BYTES)
        for at, start in enumerate(starts):
            tiles[level, index + at] = hashes[start : start + TILE_BYTES]
        full = [tiles[level, index + at] for at in range(len(hashes) // TILE_BYTES)]
        level, count, hashes = level + 1, index, b"".join(map(fold, full))

    def read_grown(level: int, index: int, width: int) -> bytes:
        tile = tiles.get((level, index))
        return read_tile(level, index, width) if tile is None else tile[: width * HASH_BYTES]

    return Extension(grown, root(grown, read_grown), tiles)


class Prefixes:
    """The roots of ever longer beginnings of one sequence of leaves, each leaf hashed once."""

    def __init__(self, leaves: bytes | bytearray) -> None:
        self._leaves = memoryview(leaves)
        self._size = 0
        self._subtrees: list[tuple[int, bytes]] = []  # complete ones, largest first, with their sizes

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves. Sizes may not go down."""
        while self._size < size:
            # The largest complete subtree that may begin here and ends in time; a tile at most, to fold at once.
            width = min(self._size & -self._size or TILE_WIDTH, TILE_WIDTH, 1 << (size - self._size).bit_length() - 1)
            start = self._size * HASH_BYTES
            self._push(width, fold(bytes(self._leaves[start : start + width * HASH_BYTES])))
        found = self._subtrees[-1][1] if self._subtrees else EMPTY_ROOT
        for _, subtree in self._subtrees[-2::-1]:
            found = node_hash(subtree, found)
        return found

    def _push(self, width: int, subtree: bytes) -> None:
        self._size += width
        while self._subtrees and self._subtrees[-1][0] == width:
            subtree = node_hash(self._subtrees.pop()[1], subtree)
            width *= 2
        self._subtrees.append((width, subtree))


class _Tree:
    """The subtrees of a tiled tree; each tile is read once."""

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self._size = size
        self._read_tile = read_tile
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, end: int) -> bytes:
        """The root over leaves start to end - 1; `start` is a multiple of a power of two that is at least as many."""
        width = end - start
        if width & (width - 1) == 0:
            return self._complete(start, width.bit_length() - 1)
        middle = start + _left_size(width)
        return node_hash(self.root(start, middle), self.root(middle, end))

    def _complete(self, start: int, height: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        index, place = divmod(start >> TILE_HEIGHT * level, TILE_WIDTH)
        if (level, index) not in self._tiles:
            self._tiles[level, index] = self._read_tile(level, index, tile_width(level, index, self._size))
        return fold(self._tiles[level, index][place * HASH_BYTES : (place + (1 << rest)) * HASH_BYTES])


def _left_size(size: int) -> int:
    """The largest power of two below `size`: how the RFC splits a tree."""
    return 1 << (size - 1).bit_length() - 1
