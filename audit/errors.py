"""What the database may answer when an event is to be written, or something is asked that an event must allow."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError


class NotInTransactionError(Exception):
    """An event was about to be written apart from what it tells of."""


class NoLiveSessionError(Exception):
    """The session that would vouch for the event is not live, or is not this user's."""

    sqlstate = "CP001"


class OverBudgetError(Exception):
    """The event would disclose more than the user may see within the hour or the day. Its text names the budget."""

    sqlstate = "CP002"


class NotAllowedError(Exception):
    """The person may not do this, or not to whom the event names, or no longer."""

    sqlstate = "CP004"


REFUSALS: dict[str | None, type[Exception]] = {
    error.sqlstate: error for error in (NoLiveSessionError, OverBudgetError, NotAllowedError)
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
        diagnosed = error.__cause__.diag.message_primary  # type: ignore[union-attr]  # psycopg's error
        raise REFUSALS[state](diagnosed) from None
