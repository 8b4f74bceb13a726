"""Where the tiles of the tree lie: C2SP tlog-tiles (https://c2sp.org/tlog-tiles)."""

import re
from collections.abc import Iterator

TILE_WIDTH = 256
"""Hashes in a full tile; a hash one level up stands for a full tile."""
TILE_HEIGHT = 8
MAX_LEVEL = 63
_PATH = re.compile(r"tile/([0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile below the publication; `width` is below 256 for a partial one. Raises ValueError."""
    if not (0 <= level <= MAX_LEVEL and index >= 0 and 1 <= width <= TILE_WIDTH):
        raise ValueError(f"There is no tile {level}/{index} of width {width}.")
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    partial = f".p/{width}" if width < TILE_WIDTH else ""
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def parse_tile_path(path: str) -> tuple[int, int, int] | None:
    """Level, index and width of the tile at that path; None where no tile lies there."""
    if match := _PATH.fullmatch(path):
        level, groups, width = match.groups()
        place = (int(level), int(groups.replace("x", "").replace("/", "")), int(width or TILE_WIDTH))
        if place[0] <= MAX_LEVEL and 1 <= place[2] <= TILE_WIDTH and tile_path(*place) == path:
            return place
    return None


def grown_tiles(begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Level, index and width of each tile that grew while a tree of `begin` leaves grew to `end`."""
    level, first, last = 0, begin, end
    while last > first:
        for index in range(first // TILE_WIDTH, -(-last // TILE_WIDTH)):
            yield level, index, min(TILE_WIDTH, last - index * TILE_WIDTH)
        level, first, last = level + 1, first // TILE_WIDTH, last // TILE_WIDTH


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes that tile holds in a tree of `size` leaves; none where it does not exist."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - TILE_WIDTH * index))
