"""What is told of a batch that was delivered: numbers, and codes of what is wrong. Nothing of any child."""

from typing import TypedDict

from contactpoint_client.told import Coded


class Rows(TypedDict):
    """How many rows there are of each kind. `expected` is how many were counted when it was checked."""

    seen: int
    expected: int | None
    linked: int
    unchanged: int
    created: int
    queued: int
    refused: int


class Fault(TypedDict):
    """For which reason how many rows are refused."""

    code: str
    detail: str
    rows: int


class Refusal(TypedDict):
    """Why all of it is refused, and on which line, where it is one."""

    code: str
    detail: str
    line: int | None


class Batch(TypedDict):
    """How far it is. `unusual`: not as those before it; `stands_still`: the service could not go on with it."""

    batch: int
    state: Coded
    stands_still: bool
    unusual: bool
    size: int
    received_at: str
    finished_at: str | None
    rows: Rows
    faults: list[Fault]
    refusal: Refusal | None
