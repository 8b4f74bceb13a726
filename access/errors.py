"""Refusals. Each has an outcome for the log, a status, and words for the person."""

from audit.events import Outcome


class RefusedError(Exception):
    """Base of all refusals. The edge records one after its transaction has gone, and shows a page."""

    outcome: Outcome
    status: int

    def __init__(self, *, child_id: int | None = None) -> None:
        super().__init__(self.outcome)
        self.child_id = child_id


class NotFoundError(RefusedError):
    """There is no such thing, or it is outside the actor's scope: the two look the same."""

    outcome = Outcome.NOT_FOUND
    status = 404


class NotPermittedError(RefusedError):
    """The actor may know of it but may not do this."""

    outcome = Outcome.NOT_PERMITTED
    status = 403


class NotVettedError(RefusedError):
    """Something in the actor's vetting is missing or has lapsed."""

    outcome = Outcome.NOT_VETTED
    status = 403


class OverBudgetRefusedError(RefusedError):
    """The actor has seen as many children as their role may within an hour or a day."""

    outcome = Outcome.OVER_BUDGET
    status = 429
