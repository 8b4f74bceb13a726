"""The postcodes that there are, so that a slip is looked for only where somebody can live.

They are public (the ONS Postcode Directory lists them) and stand in one file, POSTCODES_FILE, sorted, in fields of
eight bytes: processes map it into memory and share it. Of the postcodes one character away from another about one in
three is in use. Without the file each is taken to be.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import overload

from django.conf import settings

WIDTH = 8  # characters of the longest, "WV11 2QB"


class Postcodes(Sequence[bytes]):
    """The postcodes of a file, sorted. Raises ValueError where it is none of ours."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._fields = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._fields) % WIDTH:
            raise ValueError(f"{file} is damaged. Make it anew with manage.py take_in_postcodes.")

    def __len__(self) -> int:
        return len(self._fields) // WIDTH

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return self._fields[place * WIDTH : (place + 1) * WIDTH]

    def has(self, code: str) -> bool:
        """Whether it is one of them."""
        field = code.ljust(WIDTH).encode()
        place = bisect_left(self, field)
        return place < len(self) and self[place] == field


def in_use(codes: Iterable[str]) -> list[str]:
    """Those of the full, normalised postcodes that there are; all of them where no list was taken in."""
    known = _known()
    return list(codes) if known is None else [code for code in codes if known.has(code)]


def keep(codes: Iterable[str], file: Path) -> int:
    """Write the list anew, in one step. Returns how many there are. Processes that run keep the old one."""
    fields = sorted({code.ljust(WIDTH).encode() for code in codes})
    draft = file.with_suffix(".draft")
    draft.write_bytes(b"".join(fields))
    draft.replace(file)
    return len(fields)


@cache
def _known() -> Postcodes | None:
    file = Path(settings.POSTCODES_FILE)
    return Postcodes(file) if file.exists() and file.stat().st_size else None
