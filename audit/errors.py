"""What the database may answer when an event is to be written, or something is asked that an event must allow."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError


class NotInTransactionError(Exception):
    """An event was about to be written apart from what it tells of."""


class InTransactionError(Exception):
    """An event that must be committed before anything is read was about to be written where it could be taken back."""


class MissingTileError(Exception):
    """The database has lost hashes of the tree, which the published tiles still have. Without them nothing is sealed.

    Its text names the tile.
    """


class RefusedByDatabaseError(Exception):
    """Base of what the database refuses, in its words. `detail` is what else it said."""

    sqlstate: str

    def __init__(self, words: str, detail: str = "") -> None:
        super().__init__(words)
        self.detail = detail


class NoLiveSessionError(RefusedByDatabaseError):
    """The session that would vouch for the event is not live, or is not this user's."""

    sqlstate = "CP001"


class OverBudgetError(RefusedByDatabaseError):
    """The event would disclose more than a user may see within the hour or the day.

    Its text names the budget, its detail the id of the user whose it is: of a mediated call both people's count.
    """

    sqlstate = "CP002"


class NotAllowedError(RefusedByDatabaseError):
    """The person may not do this, or not to whom the event names, or no longer."""

    sqlstate = "CP004"


class NoCallError(RefusedByDatabaseError):
    """A mediator would act in nobody's name, or in that of somebody who may not be helped, or no longer."""

    sqlstate = "CP003"


REFUSALS: dict[str | None, type[RefusedByDatabaseError]] = {
    error.sqlstate: error for error in (NoLiveSessionError, OverBudgetError, NoCallError, NotAllowedError)
}


@contextmanager
def refusals() -> Iterator[None]:
    """Within, what the database refuses is raised as one of the errors above, with the database's words."""
    try:
        yield
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", None)
        if state not in REFUSALS:
            raise
        diagnosed = error.__cause__.diag  # type: ignore[union-attr]  # psycopg's error
        raise REFUSALS[state](diagnosed.message_primary, diagnosed.message_detail or "") from None
