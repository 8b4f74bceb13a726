"""Where the tiles of the tree lie: C2SP tlog-tiles (https://c2sp.org/tlog-tiles)."""

TILE_WIDTH = 256
"""Hashes in a full tile; a hash one level up stands for a full tile."""
TILE_HEIGHT = 8
MAX_LEVEL = 63


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile below the publication; `width` is below 256 for a partial one. Raises ValueError."""
    if not (0 <= level <= MAX_LEVEL and index >= 0 and 1 <= width <= TILE_WIDTH):
        raise ValueError(f"There is no tile {level}/{index} of width {width}.")
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    partial = f".p/{width}" if width < TILE_WIDTH else ""
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes that tile holds in a tree of `size` leaves; none where it does not exist."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - TILE_WIDTH * index))
