"""Who was signed in for a benchmark: for its other steps, kept in the state directory as is all that is secret."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from audit.actors import Actor
from contactpoint.local import state

FILE = "signed_in.json"


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a live session. `cookie` is what their browser sends."""

    actor: Actor
    cookie: str


def keep(directory: Path, told: str) -> None:
    """Keep what `bench.signing_in` printed."""
    state.write_private(directory / FILE, told)


def kept() -> list[SignedIn]:
    """Everybody who was signed in, in that order."""
    return read((state.directory() / FILE).read_text())


def in_role(role: str) -> list[SignedIn]:
    """Those of them in that role."""
    return [one for one in kept() if one.actor.role == role]


def read(told: str) -> list[SignedIn]:
    """The people of whom `bench.signing_in` told."""
    people: list[dict[str, Any]] = json.loads(told)
    return [
        SignedIn(Actor(**{**each["actor"], "request_id": UUID(each["actor"]["request_id"])}), each["cookie"])
        for each in people
    ]
