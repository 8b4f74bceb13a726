"""What the database may answer when an event is to be written."""


class NotInTransactionError(Exception):
    """An event was about to be written apart from what it tells of."""


class NoLiveSessionError(Exception):
    """The session that would vouch for the event is not live, or is not this user's."""

    sqlstate = "CP001"


class OverBudgetError(Exception):
    """The event would disclose more than the user may see within the hour or the day. Its text names the budget."""

    sqlstate = "CP002"


REFUSALS: dict[str | None, type[Exception]] = {error.sqlstate: error for error in (NoLiveSessionError, OverBudgetError)}
