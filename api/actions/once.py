"""An entry that is sent twice with one Idempotency-Key is made once (draft-ietf-httpapi-idempotency-key-header).

A key is taken in a transaction of its own before anything is done. If the entry is refused, nothing was done, and the
key is free again. If it breaks off, the key stays taken for a day: nobody knows then whether the entry was made, and
whoever sends it again is told to look. In PostgreSQL, and not in Redis, which may forget what it was told.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from access.rules.errors import RefusedError
from api.errors import ProblemError
from api.problems import Code
from audit.actors import Actor
from audit.errors import RefusedByDatabaseError, refusals
from encryption.tokens import fingerprint
from registry.actions.involvements import InvalidEntryError, LeadTakenError

# After which nothing was done.
REFUSALS = (InvalidEntryError, LeadTakenError, ProblemError, RefusedByDatabaseError, RefusedError)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of an entry, which is all that is kept of it: ids, and nothing of a person.

    `again`: it was made before, so that it may stand in another version by now, or not any more.
    """

    involvement_id: int
    row_version: int
    again: bool = False


def once(*, actor: Actor, key: str, asked: str, make: Callable[[], Made]) -> Made:
    """What `make` makes, made once for this key of the actor's: sent again, the same is answered.

    `asked` is all of the entry. Raises ProblemError where the key was used for another, or where that is not answered.
    """
    kept = fingerprint("idempotency key", f"{actor.user_id}:{key}").hex()
    made = _take(kept, fingerprint("idempotent entry", asked).hex())
    if made:
        return made
    try:
        made = make()
    except REFUSALS:
        _ask("api_key_answer(%s, NULL, NULL)", kept)
        raise
    _ask("api_key_answer(%s, %s, %s)", kept, made.involvement_id, made.row_version)
    return made


def _take(kept: str, asked: str) -> Made | None:
    with refusals():
        fresh, same, involvement_id, row_version = _ask("api_key_take(%s, %s)", kept, asked)
    if fresh:
        return None
    if not same:
        raise ProblemError(Code.KEY_REUSED)
    if involvement_id is None:
        raise ProblemError(Code.KEY_IN_USE)
    return Made(involvement_id, row_version, again=True)


def _ask(function: str, *arguments: str | int) -> tuple[bool, bool, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}", arguments)  # noqa: S608 - the names stand above
        row: tuple[bool, bool, int, int] = cursor.fetchone()
        return row
