"""What was misuse, and who everybody was: a file beside the database, for whoever measures, never a part of it.

One JSON object a line: the order first, then each person, then each event of misuse in the order of its id.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import msgspec

FORMAT = 1


class NoLabelsError(Exception):
    """The file is no file of labels, or of another format."""


class Order(msgspec.Struct, frozen=True, tag="order", tag_field="is"):
    """What was asked for."""

    format: int
    seed: int
    users: int
    first: date
    last: date
    share: float


class Worker(msgspec.Struct, frozen=True, tag="person", tag_field="is"):
    """A simulated person. `origin` is that of their name where it was drawn by one; guardians' names were not.

    `family` are the children whom they know: their own, a former partner's and relatives'.
    """

    user_id: int
    role: str
    organisation_id: int
    given: str
    name: str
    origin: str | None
    lines: tuple[str, ...]
    postcode: str
    telephone: str
    family: tuple[int, ...]
    misuse: str = ""


class Label(msgspec.Struct, frozen=True, tag="event", tag_field="is"):
    """An event that is part of a misuse of that kind."""

    event_id: int
    user_id: int
    kind: str


@dataclass(slots=True)
class Labels:
    """All that a file says."""

    order: Order
    people: dict[int, Worker] = field(default_factory=dict)
    events: dict[int, Label] = field(default_factory=dict)

    def misusers(self) -> dict[str, set[int]]:
        """Users by kind of misuse."""
        kinds: dict[str, set[int]] = {}
        for person in self.people.values():
            if person.misuse:
                kinds.setdefault(person.misuse, set()).add(person.user_id)
        return kinds


class Writing:
    """A file that is being written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoder = msgspec.json.Encoder()

    def add(self, *entries: Order | Worker | Label) -> None:
        self._file.writelines(self._encoder.encode(each) + b"\n" for each in entries)


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """Write a new file that its owner alone reads. Raises FileExistsError; unless it is finished, none is left."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield Writing(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise


def read(path: Path) -> Labels:
    """All of a file. Raises NoLabelsError."""
    decoder = msgspec.json.Decoder(Order | Worker | Label)
    with path.open("rb") as lines:
        try:
            first = decoder.decode(next(lines, b""))
            if not isinstance(first, Order) or first.format != FORMAT:
                raise NoLabelsError(f"{path} does not begin with an order of format {FORMAT}.")
            labels = Labels(first)
            for line in lines:
                entry = decoder.decode(line)
                if isinstance(entry, Worker):
                    labels.people[entry.user_id] = entry
                elif isinstance(entry, Label):
                    labels.events[entry.event_id] = entry
        except msgspec.DecodeError as error:
            raise NoLabelsError(f"{path} is no file of labels: {error}.") from None
    return labels
